use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::object_only::{Derived, ObjectOrNothing};

/// The eleven URLs of an image, or eleven of anything else, one for each.
///
/// ```
/// use image_model::Urls;
///
/// let keys = Urls::keys();
/// assert_eq!(keys.external_urls.fill100, "external_urls.fill100");
/// let lengths = keys.map(str::len);
/// assert_eq!(lengths.original_url, 12);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Urls<U = String> {
    /// The stored file as a download.
    pub original_url: U,
    /// For use outside the host's own pages.
    pub external_urls: ExternalUrls<U>,
    /// For the host's own pages.
    pub thumbnails: Thumbnails<U>,
}

impl Urls<&'static str> {
    /// The path of each URL within an image, as errors name it.
    #[must_use]
    pub const fn keys() -> Self {
        Self {
            original_url: "original_url",
            external_urls: ExternalUrls {
                fill100: "external_urls.fill100",
                fit2000: "external_urls.fit2000",
                mini: "external_urls.mini",
                large: "external_urls.large",
                full: "external_urls.full",
            },
            thumbnails: Thumbnails {
                original: "thumbnails.original",
                full_no_sharinpix: "thumbnails.full_no_sharinpix",
                full: "thumbnails.full",
                large: "thumbnails.large",
                mini: "thumbnails.mini",
            },
        }
    }
}

impl<U> Urls<U> {
    /// The same eleven, each put through `f`, in documented order.
    pub fn map<V>(self, mut f: impl FnMut(U) -> V) -> Urls<V> {
        Urls {
            original_url: f(self.original_url),
            external_urls: ExternalUrls {
                fill100: f(self.external_urls.fill100),
                fit2000: f(self.external_urls.fit2000),
                mini: f(self.external_urls.mini),
                large: f(self.external_urls.large),
                full: f(self.external_urls.full),
            },
            thumbnails: Thumbnails {
                original: f(self.thumbnails.original),
                full_no_sharinpix: f(self.thumbnails.full_no_sharinpix),
                full: f(self.thumbnails.full),
                large: f(self.thumbnails.large),
                mini: f(self.thumbnails.mini),
            },
        }
    }

    /// The same eleven, borrowed.
    pub const fn as_ref(&self) -> Urls<&U> {
        Urls {
            original_url: &self.original_url,
            external_urls: self.external_urls.as_ref(),
            thumbnails: self.thumbnails.as_ref(),
        }
    }
}

/// The URLs for use outside the host's own pages; all show the image as edited.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct ExternalUrls<U = String> {
    /// Delivered at 300 pixels wide.
    pub fill100: U,
    /// Delivered within 2000 by 2000 pixels.
    pub fit2000: U,
    /// Through the proxy: filling 100 by 100 pixels.
    pub mini: U,
    /// Through the proxy: filling 200 by 200 pixels.
    pub large: U,
    /// Through the proxy: within 1920 by 1920 pixels.
    pub full: U,
}

impl<U> ExternalUrls<U> {
    /// The same five, borrowed.
    pub const fn as_ref(&self) -> ExternalUrls<&U> {
        ExternalUrls {
            fill100: &self.fill100,
            fit2000: &self.fit2000,
            mini: &self.mini,
            large: &self.large,
            full: &self.full,
        }
    }
}

/// The URLs for the host's own pages, in the density, quality and format that
/// suit the browser.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Thumbnails<U = String> {
    /// The stored file, not edited.
    pub original: U,
    /// Within 1920 by 1920 pixels, not edited.
    pub full_no_sharinpix: U,
    /// Within 1920 by 1920 pixels.
    pub full: U,
    /// Filling 200 by 200 pixels.
    pub large: U,
    /// Filling 100 by 100 pixels.
    pub mini: U,
}

impl<U> Thumbnails<U> {
    /// The same five, borrowed.
    pub const fn as_ref(&self) -> Thumbnails<&U> {
        Thumbnails {
            original: &self.original,
            full_no_sharinpix: &self.full_no_sharinpix,
            full: &self.full,
            large: &self.large,
            mini: &self.mini,
        }
    }
}

/// The place of a URL that is not signed yet.
///
/// Read from anything or nothing, so that a documented payload reads as
/// images to be signed again. It can't be written, so that no image leaves
/// without its URLs:
///
/// ```compile_fail
/// use image_model::{Image, Unsigned};
///
/// fn leave(image: &Image<Unsigned>) -> String {
///     serde_json::to_string(image).unwrap()
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Unsigned;

impl<'de> Deserialize<'de> for Unsigned {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // An option, because serde gives a missing key only to those.
        Option::<IgnoredAny>::deserialize(deserializer).map(|_| Self)
    }
}

macro_rules! group {
    ($name:ident, $key:literal, $expected:literal) => {
        impl<'de, U: Deserialize<'de>> Derived<'de> for $name<U> {
            const EXPECTED: &'static str = $expected;

            fn derived<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::deserialize(deserializer)
            }
        }

        impl<'de, U: Deserialize<'de>> Deserialize<'de> for $name<U> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_option(ObjectOrNothing::new($key))
            }
        }

        impl<U: Serialize> Serialize for $name<U> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Self::serialize(self, serializer)
            }
        }
    };
}

group!(ExternalUrls, "external_urls", "an object of five urls");
group!(Thumbnails, "thumbnails", "an object of five urls");
