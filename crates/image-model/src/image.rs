use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::object_only::{Derived, ObjectOnly};
use crate::{
    Count, Crop, ExternalUrls, Gps, Infos, Object, Pixels, Rotation, Thumbnails, Timestamp, Urls,
};

/// One image of the payload: 37 keys, in the documented order.
///
/// `U` is the type of its URLs: `String` for who reads a payload,
/// [`Unsigned`](crate::Unsigned) for who is about to sign one, and a signed
/// URL after that.
///
/// Writing gives all 37 keys, `null` where there is nothing. Reading is
/// lenient where real hosts vary: unknown keys are ignored, a key whose type
/// here is an `Option` may be missing, and so may `tag_names`; `infos`,
/// `exifs`, `metadatas` and `tag_names` read as empty from `null`.
///
/// Images are equal when they say the same: at the same instants, even with
/// other offsets, and with keys of open objects in any order. Compare what is
/// written to compare bytes.
///
/// ```
/// use image_model::Image;
///
/// fn caption(image: &Image) -> &str {
///     image.title.as_deref().or(image.filename.as_deref()).unwrap_or("untitled")
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Image<U = String> {
    /// Names the image among all of its host's.
    pub id: Uuid,
    /// The image's public name at the host; documented hosts repeat the `id`.
    /// Not the stored file's public id at the delivery network.
    pub public_id: String,
    /// What the storage provider answered to the upload.
    #[serde(deserialize_with = "null_as_empty")]
    pub infos: Infos,
    /// What the camera wrote into the file, by the names of the tags.
    #[serde(deserialize_with = "null_as_empty")]
    pub exifs: Object,
    /// Where the image was taken, the best that is known; `null` if unknown.
    pub gps: Option<Gps>,
    /// Where the uploading network address is; `null` if unknown.
    pub gps_ip: Option<Gps>,
    /// Where the camera says it was; `null` if it does not.
    pub gps_exifs: Option<Gps>,
    /// Where the uploading browser says it was; `null` if it does not.
    pub gps_html: Option<Gps>,
    /// When the host made the record.
    pub created_at: Timestamp,
    /// When the host last changed the record.
    pub updated_at: Timestamp,
    /// When the photo was taken; `null` if unknown.
    pub taken_at: Option<Timestamp>,
    /// Width in pixels as shown, so after a crop; `null` if not known yet.
    pub width: Option<u32>,
    /// Height in pixels as shown, so after a crop; `null` if not known yet.
    pub height: Option<u32>,
    /// By how many degrees the image is turned, clockwise; 0 is upright.
    pub rotation: Rotation,
    /// Left edge of the crop, in pixels of the original, from 0. See [`crop`](Self::crop).
    pub crop_x: Pixels,
    /// Top edge of the crop, in pixels of the original, from 0.
    pub crop_y: Pixels,
    /// Width of the crop, in pixels of the original.
    pub crop_w: Pixels,
    /// Height of the crop, in pixels of the original.
    pub crop_h: Pixels,
    /// What the host's users noted, by names of their own.
    #[serde(deserialize_with = "null_as_empty")]
    pub metadatas: Object,
    /// The stored file as a download, not edited.
    pub original_url: U,
    /// Width of the stored file in pixels; `null` if not known yet.
    pub original_width: Option<u32>,
    /// Height of the stored file in pixels; `null` if not known yet.
    pub original_height: Option<u32>,
    /// Five URLs for use outside the host's own pages.
    pub external_urls: ExternalUrls<U>,
    /// Name of the file where it came from, without its extension; `null` if unknown.
    pub filename: Option<String>,
    /// Format of the file where it came from, as an extension without the
    /// dot; `null` if not known yet.
    pub format: Option<String>,
    /// Title that a user gave; `null` if none did.
    pub title: Option<String>,
    /// Description that a user gave; `null` if none did.
    pub description: Option<String>,
    /// Page of the document that the image shows, from 1; `null` if it is of none.
    pub page: Option<u32>,
    /// Group of images that this one belongs to; `null` if to none.
    pub group_id: Option<Uuid>,
    /// Main colour as `#RRGGBB` in either case; hosts also send just `#`, and
    /// it is kept as it came; `null` if not known yet.
    pub color: Option<String>,
    /// Size of the file where it came from, in bytes; `null` if not known yet.
    pub size: Option<Count>,
    /// Whether the host is done with the image.
    pub processed: bool,
    /// Why the host could not process the image; `null` if it could.
    pub processing_error: Option<String>,
    /// Album that the image is in, by its id at the host's customer; `null` if in none.
    pub album_id: Option<String>,
    /// Tags that users gave, in their order; empty if none did.
    #[serde(default, deserialize_with = "null_as_empty")]
    pub tag_names: Vec<String>,
    /// User who uploaded the image, by the id at the host's customer; `null` if unknown.
    pub user_sfid: Option<String>,
    /// Five URLs for the host's own pages.
    pub thumbnails: Thumbnails<U>,
}

impl<U> Image<U> {
    /// The part of the original that is shown; `None` if all of it.
    #[must_use]
    pub fn crop(&self) -> Option<Crop> {
        let crop = Crop {
            x: self.crop_x,
            y: self.crop_y,
            w: self.crop_w,
            h: self.crop_h,
        };
        (!crop.is_full()).then_some(crop)
    }

    /// Its eleven URLs.
    #[must_use]
    pub const fn urls(&self) -> Urls<&U> {
        Urls {
            original_url: &self.original_url,
            external_urls: self.external_urls.as_ref(),
            thumbnails: self.thumbnails.as_ref(),
        }
    }

    /// The same image with other URLs; its own are dropped.
    #[must_use]
    pub fn with_urls<V>(self, urls: Urls<V>) -> Image<V> {
        Image {
            id: self.id,
            public_id: self.public_id,
            infos: self.infos,
            exifs: self.exifs,
            gps: self.gps,
            gps_ip: self.gps_ip,
            gps_exifs: self.gps_exifs,
            gps_html: self.gps_html,
            created_at: self.created_at,
            updated_at: self.updated_at,
            taken_at: self.taken_at,
            width: self.width,
            height: self.height,
            rotation: self.rotation,
            crop_x: self.crop_x,
            crop_y: self.crop_y,
            crop_w: self.crop_w,
            crop_h: self.crop_h,
            metadatas: self.metadatas,
            original_url: urls.original_url,
            original_width: self.original_width,
            original_height: self.original_height,
            external_urls: urls.external_urls,
            filename: self.filename,
            format: self.format,
            title: self.title,
            description: self.description,
            page: self.page,
            group_id: self.group_id,
            color: self.color,
            size: self.size,
            processed: self.processed,
            processing_error: self.processing_error,
            album_id: self.album_id,
            tag_names: self.tag_names,
            user_sfid: self.user_sfid,
            thumbnails: urls.thumbnails,
        }
    }
}

impl<'de, U: Deserialize<'de>> Derived<'de> for Image<U> {
    const EXPECTED: &'static str = "an image object";

    fn derived<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}

impl<'de, U: Deserialize<'de>> Deserialize<'de> for Image<U> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectOnly::new())
    }
}

impl<U: Serialize> Serialize for Image<U> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

fn null_as_empty<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
