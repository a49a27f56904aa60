#[cfg(feature = "schemars")]
use std::borrow::Cow;

#[cfg(feature = "schemars")]
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize};

use crate::from_object::{FromObject, OptionalObjectVisitor};
#[cfg(feature = "schemars")]
use crate::schema::ObjectSchema;

/// One value for each of the eleven URLs of an image.
///
/// The values are the URLs, or values of another type. For example,
/// [`paths`](Urls::paths) returns the path of each URL.
///
/// ```
/// use image_model::Urls;
///
/// let keys = Urls::paths();
/// assert_eq!(keys.external_urls.fill100, "external_urls.fill100");
///
/// let lengths = keys.map(str::len);
/// assert_eq!(lengths.original_url, 12);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Urls<U = String> {
    /// URL that downloads the stored file, without edits.
    pub original_url: U,
    /// Five URLs for use outside the host's own pages.
    pub external_urls: ExternalUrls<U>,
    /// Five URLs for the host's own pages.
    pub thumbnails: Thumbnails<U>,
}

impl Urls<&'static str> {
    /// Returns the path of each URL within an image: `external_urls.mini`.
    ///
    /// In [`DecodeError::path`](crate::DecodeError::path), the path of the image comes
    /// first: `images[0].external_urls.mini`.
    #[must_use]
    pub const fn paths() -> Self {
        Self {
            original_url: "original_url",
            external_urls: ExternalUrls::KEYS,
            thumbnails: Thumbnails::KEYS,
        }
    }
}

impl<U> Urls<U> {
    /// Converts each of the eleven values with `f`, in the recorded order.
    pub fn map<V>(self, mut f: impl FnMut(U) -> V) -> Urls<V> {
        Urls {
            original_url: f(self.original_url),
            external_urls: self.external_urls.map(&mut f),
            thumbnails: self.thumbnails.map(&mut f),
        }
    }

    /// Returns references to the eleven values.
    pub const fn as_ref(&self) -> Urls<&U> {
        Urls {
            original_url: &self.original_url,
            external_urls: self.external_urls.as_ref(),
            thumbnails: self.thumbnails.as_ref(),
        }
    }
}

/// Defines a struct of URLs from one list of its keys, and its private shadow
/// for serde. `$key` is the key of the struct within an image.
macro_rules! url_group {
    (
        $(#[doc = $struct_doc:literal])*
        #[derive($($derive:ident),+)]
        pub struct $name:ident<U = String> as $key:literal {$(
            $(#[doc = $doc:literal])*
            pub $field:ident: U,
        )+}
        $(#[$shadow_attribute:meta])*
        struct $shadow:ident<U>;
    ) => {
        $(#[doc = $struct_doc])*
        #[derive($($derive),+)]
        pub struct $name<U = String> {$(
            $(#[doc = $doc])*
            pub $field: U,
        )+}

        $(#[$shadow_attribute])*
        struct $shadow<U> {
            $($field: U,)+
        }

        impl $name<&'static str> {
            const KEYS: Self = Self {
                $($field: concat!($key, ".", stringify!($field)),)+
            };
        }

        impl<U> $name<U> {
            fn map<V>(self, mut f: impl FnMut(U) -> V) -> $name<V> {
                $name {
                    $($field: f(self.$field),)+
                }
            }

            /// Returns references to the five URLs.
            pub const fn as_ref(&self) -> $name<&U> {
                $name {
                    $($field: &self.$field,)+
                }
            }
        }

        #[cfg(feature = "schemars")]
        impl<U: JsonSchema> JsonSchema for $name<U> {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn schema_id() -> Cow<'static, str> {
                format!(concat!("image_model::", stringify!($name), "<{}>"), U::schema_id()).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                let doc = concat!($($struct_doc, "\n"),*);
                let mut object = ObjectSchema::new(stringify!($name), doc);
                $(object.url::<U, U>(
                    generator,
                    concat!($key, ".", stringify!($field)),
                    concat!($($doc, "\n"),*),
                );)+
                object.finish()
            }
        }

        impl<'de, U: Deserialize<'de>> FromObject<'de> for $name<U> {
            const EXPECTED: &'static str = "an object of five urls";

            fn from_object<D: Deserializer<'de>>(object: D) -> Result<Self, D::Error> {
                $shadow::deserialize(object)
            }
        }

        impl<'de, U: Deserialize<'de>> Deserialize<'de> for $name<U> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_option(OptionalObjectVisitor::new($key))
            }
        }
    };
}

url_group! {
    /// Five URLs of the edited image, for use outside the host's own pages.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
    pub struct ExternalUrls<U = String> as "external_urls" {
        /// Delivery URL of the image, scaled to a width of 300 pixels despite the name. The
        /// host may put a prefix before the URL, such as `/assets/blank.jpg#`.
        pub fill100: U,
        /// Delivery URL of the image, scaled to fit within 2000 by 2000 pixels. The host
        /// may put a prefix before the URL, such as `/assets/blank.jpg#`.
        pub fit2000: U,
        /// Proxy URL of the image, scaled and cropped to 100 by 100 pixels.
        pub mini: U,
        /// Proxy URL of the image, scaled and cropped to 200 by 200 pixels.
        pub large: U,
        /// Proxy URL of the image, scaled to fit within 1920 by 1920 pixels.
        pub full: U,
    }

    #[derive(Deserialize)]
    #[serde(remote = "ExternalUrls")]
    struct ExternalUrlsShadow<U>;
}

url_group! {
    /// Five URLs for the host's own pages.
    ///
    /// The names of the fields are the recorded keys. The storage provider chooses the
    /// pixel density, quality and format for each browser.
    #[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize)]
    pub struct Thumbnails<U = String> as "thumbnails" {
        /// Delivery URL of the image without edits, at full size. The host may put a prefix
        /// before the URL, such as `/assets/blank.jpg#`.
        pub original: U,
        /// Delivery URL of the image without edits, scaled to fit within 1920 by 1920
        /// pixels. The host may put a prefix before the URL, such as `/assets/blank.jpg#`.
        pub full_no_sharinpix: U,
        /// Delivery URL of the edited image, scaled to fit within 1920 by 1920 pixels. The
        /// host may put a prefix before the URL, such as `/assets/blank.jpg#`.
        pub full: U,
        /// Delivery URL of the edited image, scaled and cropped to 200 by 200 pixels. The
        /// host may put a prefix before the URL, such as `/assets/blank.jpg#`.
        pub large: U,
        /// Delivery URL of the edited image, scaled and cropped to 100 by 100 pixels. The
        /// host may put a prefix before the URL, such as `/assets/blank.jpg#`.
        pub mini: U,
    }

    #[derive(Deserialize)]
    #[serde(remote = "Thumbnails")]
    struct ThumbnailsShadow<U>;
}
