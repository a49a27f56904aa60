#[cfg(feature = "schemars")]
use std::borrow::Cow;

#[cfg(feature = "schemars")]
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use crate::count::Count;
use crate::edit::{Crop, Pixels, Rotation};
use crate::from_object::{FromObject, ObjectVisitor};
use crate::gps::Gps;
use crate::infos::Infos;
use crate::open_object::Object;
#[cfg(feature = "schemars")]
use crate::schema::ObjectSchema;
use crate::timestamp::Timestamp;
use crate::unsigned::Unsigned;
use crate::urls::{ExternalUrls, Thumbnails, Urls};

/// Defines [`Image`], its private shadow for serde, and [`replace_urls`], from
/// one list of the fields. The shadow gets the `serde` attributes, and
/// `= urls` marks the fields that `replace_urls` takes from its `urls`.
macro_rules! image {
    (
        $(#[doc = $struct_doc:literal])*
        #[derive($($derive:ident),+)]
        pub struct Image<U = String> {$(
            $(#[doc = $doc:literal])*
            $(#[serde($($serde:tt)+)])?
            pub $field:ident: $type:ty $(= $urls:ident)?,
        )+}
    ) => {
        $(#[doc = $struct_doc])*
        #[derive($($derive),+)]
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

        #[cfg(feature = "schemars")]
        impl<U: JsonSchema> JsonSchema for Image<U> {
            fn schema_name() -> Cow<'static, str> {
                "Image".into()
            }

            fn schema_id() -> Cow<'static, str> {
                format!("image_model::Image<{}>", U::schema_id()).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                let mut object = ObjectSchema::new("Image", concat!($($struct_doc, "\n"),*));
                $(image!(
                    @schema object, generator, $field, $type, concat!($($doc, "\n"),*) $(, $urls)?
                );)+
                object.finish()
            }
        }

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
    (@schema $object:ident, $generator:ident, $field:ident, $type:ty, $doc:expr, urls) => {
        $object.url::<$type, U>($generator, stringify!($field), $doc)
    };
    (@schema $object:ident, $generator:ident, $field:ident, $type:ty, $doc:expr) => {
        $object.value::<$type>($generator, stringify!($field), $doc)
    };
}

image! {
    /// An image of a payload: an object with 37 keys.
    ///
    /// The fields are the keys, in the recorded order.
    ///
    /// `U` is the type of the eleven URLs. A client decodes an `Image<String>`. A
    /// host creates an `Image<Unsigned>`, which has no URLs. Signing converts it to
    /// an image with signed URLs.
    ///
    /// A host creates an image with [`new`](Image::new) and sets the fields that
    /// it knows. A host can also list all fields in a struct literal, so that the
    /// compiler reports a missing field. The struct is exhaustive: if the payload
    /// gains a key, a major release of this crate adds the field.
    ///
    /// ```
    /// use image_model::uuid::Uuid;
    /// use image_model::{Crop, Image, Timestamp, Unsigned, ValueError};
    ///
    /// fn photo(id: Uuid, created_at: Timestamp) -> Result<Image<Unsigned>, ValueError> {
    ///     let mut image = Image {
    ///         filename: Some("Super Image".to_owned()),
    ///         format: Some("jpg".to_owned()),
    ///         ..Image::new(id, created_at)
    ///     };
    ///     image.set_crop(Crop::new(0.0, 0.0, 800.0, 600.0)?);
    ///     Ok(image)
    /// }
    /// ```
    ///
    /// # Decoding and encoding
    ///
    /// All 37 keys are encoded; `None` is encoded as `null`. Decoding accepts the
    /// variations of real hosts:
    ///
    /// - Unknown keys are ignored.
    /// - `tag_names`, and a key whose field is an [`Option`], may be missing.
    /// - `infos`, `exifs`, `metadatas` and `tag_names` may be `null`. The field is
    ///   then empty.
    ///
    /// # Equality
    ///
    /// Two images are equal if all their fields are equal. Timestamps are equal
    /// if they are the same instant. `infos`, `exifs` and `metadatas` are equal if
    /// their keys and values are equal, in any order. To compare two images
    /// exactly, compare their encoded JSON.
    #[derive(Clone, Debug, PartialEq, Serialize)]
    pub struct Image<U = String> {
        /// Identifier of the image, unique at its host.
        pub id: Uuid,
        /// Public id that the host assigned to the image. The recorded host sends the
        /// text of `id`. The storage provider identifies the stored file by a different
        /// public id.
        pub public_id: String,
        /// Response of the storage provider to the upload of the file.
        #[serde(deserialize_with = "null_as_empty")]
        pub infos: Infos,
        /// Exif tags that the camera wrote into the file, by tag name.
        #[serde(deserialize_with = "null_as_empty")]
        pub exifs: Object,
        /// Best known location of the photo; `None` if unknown.
        pub gps: Option<Gps>,
        /// Location of the uploader's IP address; `None` if unknown.
        pub gps_ip: Option<Gps>,
        /// Location in the Exif tags; `None` if they contain no location.
        pub gps_exifs: Option<Gps>,
        /// Location that the uploader's browser sent; `None` if the browser sent none.
        pub gps_html: Option<Gps>,
        /// Time at which the host created the record.
        pub created_at: Timestamp,
        /// Time at which the host last changed the record.
        pub updated_at: Timestamp,
        /// Time at which the photo was taken; `None` if unknown.
        pub taken_at: Option<Timestamp>,
        /// Width of the image in pixels, after the crop; `None` if not known yet.
        pub width: Option<u32>,
        /// Height of the image in pixels, after the crop; `None` if not known yet.
        pub height: Option<u32>,
        /// Clockwise rotation of the image, in degrees.
        pub rotation: Rotation,
        /// Left edge of the crop, in pixels of the stored file. If all four values of the
        /// crop are 0, the image is not cropped.
        ///
        /// [`crop`](Image::crop) returns all four values.
        pub crop_x: Pixels,
        /// Top edge of the crop, in pixels of the stored file. If all four values of the
        /// crop are 0, the image is not cropped.
        pub crop_y: Pixels,
        /// Width of the crop, in pixels of the stored file. If all four values of the
        /// crop are 0, the image is not cropped.
        pub crop_w: Pixels,
        /// Height of the crop, in pixels of the stored file. If all four values of the
        /// crop are 0, the image is not cropped.
        pub crop_h: Pixels,
        /// Metadata that the host's users entered, under keys of their choice.
        #[serde(deserialize_with = "null_as_empty")]
        pub metadatas: Object,
        /// URL that downloads the stored file, without edits.
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
        /// Page of the document that the image shows; the first page is 1. For a photo,
        /// it is `None` or 1; the recorded host sends 1.
        pub page: Option<u32>,
        /// Id of the group that contains the image.
        pub group_id: Option<Uuid>,
        /// Main color as `#RRGGBB`, in upper or lower case; `None` if not known
        /// yet. Some hosts send only `#`.
        ///
        /// Every text is kept unchanged.
        pub color: Option<String>,
        /// Size of the uploaded file in bytes; `None` if not known yet.
        pub size: Option<Count>,
        /// True if the host has finished processing the image.
        pub processed: bool,
        /// Reason why the host could not process the image; `None` if there was no error.
        pub processing_error: Option<String>,
        /// Id of the album that contains the image. A customer of the host assigns
        /// the id in its own system.
        pub album_id: Option<String>,
        /// Tags that users added, in their order.
        #[serde(default, deserialize_with = "null_as_empty")]
        pub tag_names: Vec<String>,
        /// Id of the user who uploaded the image, from the same system as `album_id`.
        pub user_sfid: Option<String>,
        /// Five URLs for the host's own pages.
        pub thumbnails: Thumbnails<U> = urls,
    }
}

impl Image<Unsigned> {
    /// Creates an image with only the required values.
    ///
    /// As in the recorded payload, `public_id` is the text of the `id`,
    /// `updated_at` is `created_at`, and `processed` is `false`. All other fields
    /// are empty, zero or `None`.
    ///
    /// ```
    /// use image_model::{Image, Timestamp};
    ///
    /// let id = "14364f29-c30d-4bbb-992c-19e6031244f7".parse()?;
    /// let created_at: Timestamp = "2019-04-08T19:38:56.021+02:00".parse()?;
    /// let image = Image {
    ///     title: Some("Beach".to_owned()),
    ///     processed: true,
    ///     ..Image::new(id, created_at)
    /// };
    /// assert_eq!(image.public_id, "14364f29-c30d-4bbb-992c-19e6031244f7");
    /// assert_eq!(image.updated_at, created_at);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(id: Uuid, created_at: Timestamp) -> Self {
        Self {
            id,
            public_id: id.to_string(),
            infos: Infos::new(),
            exifs: Object::new(),
            gps: None,
            gps_ip: None,
            gps_exifs: None,
            gps_html: None,
            created_at,
            updated_at: created_at,
            taken_at: None,
            width: None,
            height: None,
            rotation: Rotation::ZERO,
            crop_x: Pixels::ZERO,
            crop_y: Pixels::ZERO,
            crop_w: Pixels::ZERO,
            crop_h: Pixels::ZERO,
            metadatas: Object::new(),
            original_url: Unsigned,
            original_width: None,
            original_height: None,
            external_urls: ExternalUrls::default(),
            filename: None,
            format: None,
            title: None,
            description: None,
            page: None,
            group_id: None,
            color: None,
            size: None,
            processed: false,
            processing_error: None,
            album_id: None,
            tag_names: Vec::new(),
            user_sfid: None,
            thumbnails: Thumbnails::default(),
        }
    }
}

impl<U> Image<U> {
    /// Returns the crop, from the fields `crop_x` to `crop_h`.
    ///
    /// If the image is not cropped, returns [`Crop::FULL`].
    ///
    /// ```
    /// use image_model::{Crop, Image};
    ///
    /// fn describe(image: &Image) -> String {
    ///     let crop = image.crop();
    ///     if crop.is_full() {
    ///         return "not cropped".to_owned();
    ///     }
    ///     format!("cropped to {} × {} pixels", crop.w.get(), crop.h.get())
    /// }
    /// ```
    #[must_use]
    pub const fn crop(&self) -> Crop {
        Crop {
            x: self.crop_x,
            y: self.crop_y,
            w: self.crop_w,
            h: self.crop_h,
        }
    }

    /// Sets the fields `crop_x` to `crop_h`. [`Crop::FULL`] removes the crop.
    ///
    /// The fields `width` and `height` describe the image after the crop. This method does
    /// not change them, because a rotation may exchange them.
    pub const fn set_crop(&mut self, crop: Crop) {
        self.crop_x = crop.x;
        self.crop_y = crop.y;
        self.crop_w = crop.w;
        self.crop_h = crop.h;
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

    /// Converts each of the eleven URLs with `f`, in the recorded order.
    ///
    /// The recorded host puts the prefix `/assets/blank.jpg#` before some of its
    /// URLs. This function removes it:
    ///
    /// ```
    /// use image_model::Image;
    ///
    /// fn without_prefix(image: Image) -> Image {
    ///     image.map_urls(|url| url.replace("/assets/blank.jpg#", ""))
    /// }
    /// ```
    pub fn map_urls<V>(self, f: impl FnMut(U) -> V) -> Image<V> {
        replace_urls(self, |urls| urls.map(f))
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
