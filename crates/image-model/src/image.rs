use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use crate::count::Count;
use crate::edit::{Crop, Pixels, Rotation};
use crate::from_object::{FromObject, ObjectVisitor};
use crate::gps::Gps;
use crate::infos::Infos;
use crate::open_object::Object;
use crate::timestamp::Timestamp;
use crate::urls::{ExternalUrls, Thumbnails, Urls};

/// Defines [`Image`], its private shadow for serde, and [`replace_urls`], from
/// one list of the fields. The shadow gets the `serde` attributes, and
/// `= urls` marks the fields that `replace_urls` takes from its `urls`.
macro_rules! image {
    (
        $(#[$attribute:meta])*
        pub struct Image<U = String> {$(
            $(#[doc = $doc:literal])*
            $(#[serde($($serde:tt)+)])?
            pub $field:ident: $type:ty $(= $urls:ident)?,
        )+}
    ) => {
        $(#[$attribute])*
        pub struct Image<U = String> {$(
            $(#[doc = $doc])*
            pub $field: $type,
        )+}

        #[derive(Deserialize)]
        #[serde(remote = "Image")]
        struct ImageShadow<U> {$(
            $(#[serde($($serde)+)])?
            $field: $type,
        )+}

        /// Replaces the URLs of an image and moves all other fields.
        fn replace_urls<U, V>(
            image: Image<U>,
            replace: impl FnOnce(Urls<U>) -> Urls<V>,
        ) -> Image<V> {
            let urls = replace(Urls {
                original_url: image.original_url,
                external_urls: image.external_urls,
                thumbnails: image.thumbnails,
            });
            Image {
                $($field: image!(@field $field, image, urls $(, $urls)?),)+
            }
        }
    };
    (@field $field:ident, $image:ident, $urls:ident) => { $image.$field };
    (@field $field:ident, $image:ident, $urls:ident, urls) => { $urls.$field };
}

image! {
    /// An image of the payload: 37 keys, in the recorded order.
    ///
    /// `U` is the type of the eleven URLs. A client reads an `Image<String>`. A
    /// host creates an `Image<Unsigned>`, which has no URLs; signing turns it into
    /// an image with signed URLs.
    ///
    /// The struct is exhaustive: a new key of the payload is a new field, and
    /// requires a major release of this crate.
    ///
    /// # Reading and writing
    ///
    /// All 37 keys are written; `None` is written as `null`. Reading accepts the
    /// variations of real hosts:
    ///
    /// - Unknown keys are ignored.
    /// - A key whose field is an [`Option`] may be missing, and `tag_names` too.
    /// - `infos`, `exifs`, `metadatas` and `tag_names` may be `null`, which is
    ///   read as empty.
    ///
    /// # Equality
    ///
    /// Two images are equal if all their fields are equal. Timestamps are equal
    /// if they are the same instant, and open objects are equal if they hold the
    /// same keys and values in any order. To compare the bytes of two images,
    /// compare the JSON that is written.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Image<U = String> {
        /// Identifier of the image, unique at its host.
        pub id: Uuid,
        /// Public name of the image at its host; recorded hosts repeat the `id`.
        /// The stored file has another public id at the delivery network.
        pub public_id: String,
        /// Response of the storage provider to the upload.
        #[serde(deserialize_with = "null_as_empty")]
        pub infos: Infos,
        /// Exif tags that the camera wrote into the file, by tag name.
        #[serde(deserialize_with = "null_as_empty")]
        pub exifs: Object,
        /// Best known location of the photo; `None` if unknown.
        pub gps: Option<Gps>,
        /// Location of the uploader's network address; `None` if unknown.
        pub gps_ip: Option<Gps>,
        /// Location in the Exif tags; `None` if they contain no location.
        pub gps_exifs: Option<Gps>,
        /// Location that the uploader's browser sent; `None` if it sent no location.
        pub gps_html: Option<Gps>,
        /// Time at which the host created the record.
        pub created_at: Timestamp,
        /// Time at which the host last changed the record.
        pub updated_at: Timestamp,
        /// Time at which the photo was taken; `None` if unknown.
        pub taken_at: Option<Timestamp>,
        /// Width of the displayed (cropped) image in pixels; `None` if not known yet.
        pub width: Option<u32>,
        /// Height of the displayed (cropped) image in pixels; `None` if not known yet.
        pub height: Option<u32>,
        /// Clockwise rotation of the displayed image.
        pub rotation: Rotation,
        /// Left edge of the crop. See [`crop`](Image::crop) for the four values together.
        pub crop_x: Pixels,
        /// Top edge of the crop.
        pub crop_y: Pixels,
        /// Width of the crop.
        pub crop_w: Pixels,
        /// Height of the crop.
        pub crop_h: Pixels,
        /// Metadata that the host's users entered, under keys of their choice.
        #[serde(deserialize_with = "null_as_empty")]
        pub metadatas: Object,
        /// URL that downloads the stored file, unedited.
        pub original_url: U = urls,
        /// Width of the stored file in pixels; `None` if not known yet.
        pub original_width: Option<u32>,
        /// Height of the stored file in pixels; `None` if not known yet.
        pub original_height: Option<u32>,
        /// Five URLs for use outside the host's own pages.
        pub external_urls: ExternalUrls<U> = urls,
        /// Name of the uploaded file without its extension; `None` if unknown.
        pub filename: Option<String>,
        /// Format of the uploaded file as an extension without a dot; `None` if
        /// not known yet.
        pub format: Option<String>,
        /// Title that a user entered.
        pub title: Option<String>,
        /// Description that a user entered.
        pub description: Option<String>,
        /// Page of the document that the image shows, from 1; `None` if the image
        /// is not from a document. The recorded host sends 1 for photos.
        pub page: Option<u32>,
        /// Group that the image belongs to.
        pub group_id: Option<Uuid>,
        /// Main color as `#RRGGBB` in either case; `None` if not known yet. Some
        /// hosts send just `#`. Any text is kept unchanged.
        pub color: Option<String>,
        /// Size of the uploaded file in bytes; `None` if not known yet.
        pub size: Option<Count>,
        /// Whether the host has finished processing the image.
        pub processed: bool,
        /// Reason why the host could not process the image; `None` if there was no error.
        pub processing_error: Option<String>,
        /// Album that contains the image, by its id in the customer's system.
        pub album_id: Option<String>,
        /// Tags that users added, in their order.
        #[serde(default, deserialize_with = "null_as_empty")]
        pub tag_names: Vec<String>,
        /// User who uploaded the image, by the id in the customer's system.
        pub user_sfid: Option<String>,
        /// Five URLs for the host's own pages.
        pub thumbnails: Thumbnails<U> = urls,
    }
}

impl<U> Image<U> {
    /// Returns the displayed part of the stored file; `None` if it is not cropped.
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

    /// Returns references to the eleven URLs.
    ///
    /// ```
    /// use image_model::{Image, Urls};
    ///
    /// fn lengths(image: &Image) -> Urls<usize> {
    ///     image.urls().map(String::len)
    /// }
    /// ```
    #[must_use]
    pub const fn urls(&self) -> Urls<&U> {
        Urls {
            original_url: &self.original_url,
            external_urls: self.external_urls.as_ref(),
            thumbnails: self.thumbnails.as_ref(),
        }
    }

    /// Replaces the eleven URLs.
    ///
    /// ```
    /// use image_model::{Image, Unsigned, Urls};
    ///
    /// fn with_urls(image: Image<Unsigned>, urls: Urls) -> Image {
    ///     image.with_urls(urls)
    /// }
    /// ```
    #[must_use]
    pub fn with_urls<V>(self, urls: Urls<V>) -> Image<V> {
        replace_urls(self, |_| urls)
    }
}

impl<'de, U: Deserialize<'de>> FromObject<'de> for Image<U> {
    const EXPECTED: &'static str = "an image object";

    fn from_object<D: Deserializer<'de>>(object: D) -> Result<Self, D::Error> {
        ImageShadow::deserialize(object)
    }
}

impl<'de, U: Deserialize<'de>> Deserialize<'de> for Image<U> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor::new())
    }
}

fn null_as_empty<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}
