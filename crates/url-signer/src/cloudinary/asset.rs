use std::fmt::{self, Write};

use thiserror::Error;

use super::path::grammar::{is_step, is_version};
use super::path::percent_encoding::{encode_again, encode_once, is_remote};
use super::path::segments::{collapse_slashes, dot_segment, misleading_segment, version_folder};
use super::path::types::{DeliveryType, ResourceType};
use crate::format;

/// A file to deliver: its public id, version, extension, resource type and delivery
/// type.
///
/// The constructors validate and percent-encode the public id. A public id may
/// already be percent-encoded: `a b` and `a%20b` are the same asset.
///
/// ```
/// use url_signer::cloudinary::Asset;
///
/// let asset = Asset::authenticated("0b7e148bbd7c")?
///     .with_version(123_123)
///     .with_extension("jpg")?;
/// assert_eq!(asset.source(), "0b7e148bbd7c.jpg");
/// assert_eq!(Asset::new("a b/é")?.source(), "a%20b/%C3%A9");
/// # Ok::<(), url_signer::cloudinary::AssetError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Asset {
    resource_type: ResourceType,
    delivery_type: DeliveryType,
    version: Option<u64>,
    /// The percent-encoded public id, and the extension.
    source: String,
    public_id_length: usize,
}

impl Asset {
    /// Creates a public image, with the resource type `image` and the delivery type
    /// `upload`.
    ///
    /// # Errors
    ///
    /// - An empty public id.
    /// - A control character. A percent-encoded control character is accepted.
    /// - A `/` at the start or the end.
    /// - A dot segment, `.` or `..`.
    /// - A URL: `http:…` or `https:…`.
    /// - A folder named `v` and digits, such as `v1/photo`. Cloudinary allows no such
    ///   folder, and parses it as a version.
    pub fn new(public_id: &str) -> Result<Self, AssetError> {
        reject_control_characters(public_id)?;
        let asset = Self::stored(&collapse_slashes(public_id))?;
        match version_folder(public_id) {
            Some((position, folder)) => Err(AssetError::VersionFolder {
                folder: folder.into_owned(),
                position,
            }),
            None => Ok(asset),
        }
    }

    /// Creates a private image, with the resource type `image` and the delivery type
    /// `private`.
    ///
    /// # Errors
    ///
    /// - A public id that [`new`](Self::new) rejects.
    pub fn private(public_id: &str) -> Result<Self, AssetError> {
        Ok(Self {
            delivery_type: DeliveryType::Private,
            ..Self::new(public_id)?
        })
    }

    /// Creates an authenticated image, with the resource type `image` and the delivery
    /// type `authenticated`.
    ///
    /// # Errors
    ///
    /// - A public id that [`new`](Self::new) rejects.
    pub fn authenticated(public_id: &str) -> Result<Self, AssetError> {
        Ok(Self {
            delivery_type: DeliveryType::Authenticated,
            ..Self::new(public_id)?
        })
    }

    /// Creates an image that Cloudinary fetches from a URL, with the resource type
    /// `image` and the delivery type `fetch`.
    ///
    /// The URL is percent-encoded as a whole: `%20` becomes `%2520`. A fetched image
    /// has no extension. To convert it, add the step `f_<format>` to the
    /// transformation.
    ///
    /// ```
    /// use url_signer::cloudinary::Asset;
    ///
    /// let asset = Asset::fetch("https://example.org/a%20b.jpg?x=1")?;
    /// assert_eq!(asset.source(), "https://example.org/a%2520b.jpg%3Fx%3D1");
    /// # Ok::<(), url_signer::cloudinary::AssetError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - A text that does not start with `http://` or `https://`.
    /// - A text that ends after `http://` or `https://`.
    /// - A control character.
    /// - A dot segment, `.` or `..`.
    pub fn fetch(url: &str) -> Result<Self, AssetError> {
        let rest = ["https://", "http://"]
            .into_iter()
            .find_map(|scheme| url.strip_prefix(scheme));
        if rest.is_none_or(|rest| rest.trim_matches('/').is_empty()) {
            return Err(AssetError::NotUrl);
        }
        reject_control_characters(url)?;
        Self::from_encoded(encode_again(&collapse_slashes(url)), DeliveryType::Fetch)
    }

    /// Creates a stored image. Runs of `/` are kept.
    fn stored(public_id: &str) -> Result<Self, AssetError> {
        if public_id.is_empty() {
            return Err(AssetError::EmptyPublicId);
        }
        let source = encode_once(public_id);
        // Checked after encoding, because `http%3A` decodes to `http:`.
        if source.starts_with("http:") || source.starts_with("https:") {
            return Err(AssetError::UnexpectedUrl);
        }
        Self::from_encoded(source, DeliveryType::Upload)
    }

    /// Creates an image from its [`source`](Self::source) and its delivery type, for
    /// example to read both from a database.
    ///
    /// The source may contain the extension. Runs of `/` and percent-encoding are kept,
    /// so that the source of an asset results in the same source, also for fetched
    /// images. Unlike [`new`](Self::new), this constructor accepts a folder of `v` and
    /// digits, which an old asset may have. Set the version of such an asset: without a
    /// version, Cloudinary takes the folder for the version.
    ///
    /// ```
    /// use url_signer::cloudinary::{Asset, DeliveryType};
    ///
    /// let fetched = Asset::fetch("https://example.org/a%20b.jpg?x=1")?;
    /// let asset = Asset::from_source(fetched.source(), DeliveryType::Fetch)?;
    /// assert_eq!(asset, fetched);
    /// # Ok::<(), url_signer::cloudinary::AssetError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - An empty source.
    /// - A `/` at the start or the end.
    /// - A dot segment, `.` or `..`.
    /// - A URL, with another type than [`DeliveryType::Fetch`].
    /// - The type [`DeliveryType::Fetch`], with a source that is not a URL.
    pub fn from_source(source: &str, delivery_type: DeliveryType) -> Result<Self, AssetError> {
        if delivery_type != DeliveryType::Fetch {
            return Self::stored(source)?.with_delivery_type(delivery_type);
        }
        let source = encode_once(source);
        if !is_remote(&source) {
            return Err(AssetError::NotUrl);
        }
        Self::from_encoded(source, delivery_type)
    }

    /// Creates an image from an encoded source and a type that fits the source.
    pub(crate) fn from_encoded(
        source: String,
        delivery_type: DeliveryType,
    ) -> Result<Self, AssetError> {
        let problem = if is_remote(&source) {
            dot_segment(&source)
        } else {
            misleading_segment(&source)
        };
        if let Some(problem) = problem {
            return Err(AssetError::InvalidPublicId(problem));
        }
        Ok(Self {
            resource_type: ResourceType::Image,
            delivery_type,
            version: None,
            public_id_length: source.len(),
            source,
        })
    }

    /// Sets the resource type.
    #[must_use]
    pub fn with_resource_type(self, resource_type: ResourceType) -> Self {
        Self {
            resource_type,
            ..self
        }
    }

    /// Sets the delivery type.
    ///
    /// # Errors
    ///
    /// - [`DeliveryType::Fetch`] for a stored file: use [`Asset::fetch`].
    /// - Any other type for a fetched file.
    pub fn with_delivery_type(self, delivery_type: DeliveryType) -> Result<Self, AssetError> {
        match (&self.delivery_type, &delivery_type) {
            (DeliveryType::Fetch, DeliveryType::Fetch) => {}
            (_, DeliveryType::Fetch) => return Err(AssetError::NotUrl),
            (DeliveryType::Fetch, _) => return Err(AssetError::UnexpectedUrl),
            _ => {}
        }
        Ok(Self {
            delivery_type,
            ..self
        })
    }

    /// Sets the version.
    #[must_use]
    pub fn with_version(self, version: u64) -> Self {
        Self {
            version: Some(version),
            ..self
        }
    }

    /// Sets the extension, given without the dot. It determines the format of the
    /// delivered file.
    ///
    /// # Errors
    ///
    /// - An empty extension, or one that starts with `.`.
    /// - A character other than ASCII letters, digits, `_`, `-` and `.`.
    /// - A fetched file.
    pub fn with_extension(mut self, extension: &str) -> Result<Self, AssetError> {
        let is_allowed =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        if extension.is_empty() || extension.starts_with('.') || !extension.bytes().all(is_allowed)
        {
            return Err(AssetError::Extension(extension.to_owned()));
        }
        if is_remote(&self.source) {
            return Err(AssetError::FetchedExtension);
        }
        self.source.truncate(self.public_id_length);
        self.source.push('.');
        self.source.push_str(extension);
        Ok(self)
    }

    /// Returns the resource type.
    #[must_use]
    pub const fn resource_type(&self) -> ResourceType {
        self.resource_type
    }

    /// Returns the delivery type.
    #[must_use]
    pub const fn delivery_type(&self) -> &DeliveryType {
        &self.delivery_type
    }

    /// Returns the version, if it is set.
    #[must_use]
    pub const fn version(&self) -> Option<u64> {
        self.version
    }

    /// Returns the source: the percent-encoded public id and the extension.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The source as it is written in a URL: a suffix precedes the extension.
    pub(crate) fn source_with_suffix<'a>(&'a self, suffix: Option<&'a str>) -> [&'a str; 4] {
        let without_suffix = [&*self.source, "", "", ""];
        suffix.map_or(without_suffix, |suffix| {
            // The length is always a valid split point.
            self.source
                .split_at_checked(self.public_id_length)
                .map_or(without_suffix, |(public_id, extension)| {
                    [public_id, "/", suffix, extension]
                })
        })
    }

    /// Writes `v<version>/`, if the URL has a version.
    pub(crate) fn write_version(&self, automatic: bool, f: &mut impl Write) -> fmt::Result {
        match self.version {
            Some(version) => {
                f.write_str("v")?;
                f.write_str(itoa::Buffer::new().format(version))?;
                f.write_str("/")
            }
            None if automatic && self.needs_version() => f.write_str("v1/"),
            None => Ok(()),
        }
    }

    /// Returns whether a text is `v<version>/` as this asset's URL has it.
    pub(crate) fn is_version(&self, text: &str) -> bool {
        let version = format::to_string(|f| self.write_version(true, f));
        !version.is_empty() && version == text
    }

    /// Returns whether Cloudinary parses the first segment of the source as a transformation
    /// step or as a version if no version precedes it.
    pub(crate) fn needs_separator(&self, has_suffix: bool) -> bool {
        match self.source.split_once('/') {
            Some((folder, _)) => is_step(folder) || is_version(folder),
            None => has_suffix && self.is_named_like_version(),
        }
    }

    /// Returns whether the public id is `v` and digits. A suffix makes it a folder.
    pub(crate) fn is_named_like_version(&self) -> bool {
        let public_id = self.source.get(..self.public_id_length);
        public_id.is_some_and(is_version)
    }

    /// A folder may look like a transformation step, so a version separates the
    /// two. A folder that looks like a version does that itself.
    fn needs_version(&self) -> bool {
        let mut start = self.source.bytes();
        let starts_with_version =
            start.next() == Some(b'v') && start.next().is_some_and(|byte| byte.is_ascii_digit());
        self.source.contains('/') && !starts_with_version && !is_remote(&self.source)
    }
}

fn reject_control_characters(text: &str) -> Result<(), AssetError> {
    match text.find(char::is_control) {
        Some(at) => Err(AssetError::ControlCharacter(at)),
        None => Ok(()),
    }
}

/// An error creating an [`Asset`].
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum AssetError {
    /// An empty public id.
    #[error("public id is empty")]
    EmptyPublicId,
    /// A control character in the public id. The field is its byte position.
    #[error("unexpected control character at byte {0} of the public id")]
    ControlCharacter(usize),
    /// A dot segment, or a `/` at the start or the end. The text names the problem.
    #[error("invalid public id: {0}")]
    InvalidPublicId(&'static str),
    /// A folder named `v` and digits.
    #[error(
        "folder `{folder}` at byte {position} of the public id is reserved for versions; set the version separately"
    )]
    VersionFolder {
        /// Name of the folder, percent-decoded.
        folder: String,
        /// Byte offset of the folder.
        position: usize,
    },
    /// A public id that is a URL, with a delivery type other than `fetch`.
    #[error("public id is a URL; only the delivery type `fetch` allows one")]
    UnexpectedUrl,
    /// The delivery type `fetch`, with a public id that is not a URL.
    #[error("delivery type `fetch` requires a URL that starts with `http://` or `https://`")]
    NotUrl,
    /// An extension for a fetched file.
    #[error("a fetched file has no extension; use the transformation step `f_<format>`")]
    FetchedExtension,
    /// A version with leading zeros or more than 64 bits.
    #[error("invalid version {0}: it has leading zeros or more than 64 bits")]
    Version(String),
    /// An empty extension, or one with an invalid character.
    #[error("invalid extension `{}`: expected letters, digits, `_` and `-`, and `.` after the first character", .0.escape_debug())]
    Extension(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_id_is_encoded_once() {
        for (public_id, source) in [
            ("a b", "a%20b"),
            ("a%20b", "a%20b"),
            ("a+b", "a%2Bb"),
            ("50%25 off", "50%25%20off"),
            ("100%", "100%25"),
            ("100%zz", "100%25zz"),
            ("a%2Fb", "a/b"),
            ("a,b=c~d", "a%2Cb%3Dc%7Ed"),
            ("日本", "%E6%97%A5%E6%9C%AC"),
            ("deep//double", "deep/double"),
            ("ns:a/b_c.d-e", "ns:a/b_c.d-e"),
            ("tab%09here", "tab%09here"),
        ] {
            assert_eq!(Asset::new(public_id).unwrap().source(), source);
        }
    }

    #[test]
    fn rejects_misleading_public_ids() {
        for (public_id, text) in [
            ("", "public id is empty"),
            (
                "a\nb",
                "unexpected control character at byte 1 of the public id",
            ),
            (
                "é\u{7f}",
                "unexpected control character at byte 2 of the public id",
            ),
            (
                "a\u{85}",
                "unexpected control character at byte 1 of the public id",
            ),
            ("/a", "invalid public id: unexpected `/` at the start"),
            ("a//", "invalid public id: unexpected `/` at the end"),
            (
                "a/../b",
                "invalid public id: unexpected dot segment (`.` or `..`)",
            ),
            (
                "a/%2e%2E/b",
                "invalid public id: unexpected dot segment (`.` or `..`)",
            ),
            (
                ".",
                "invalid public id: unexpected dot segment (`.` or `..`)",
            ),
            (
                "v1/foo",
                "folder `v1` at byte 0 of the public id is reserved for versions; set the version separately",
            ),
            (
                "a b/%7612/foo.jpg",
                "folder `v12` at byte 4 of the public id is reserved for versions; set the version separately",
            ),
            (
                "https://example.org/a.jpg",
                "public id is a URL; only the delivery type `fetch` allows one",
            ),
            (
                "https%3a/x/y",
                "public id is a URL; only the delivery type `fetch` allows one",
            ),
            (
                "http%3A%2F%2Fx/a",
                "public id is a URL; only the delivery type `fetch` allows one",
            ),
        ] {
            assert_eq!(Asset::new(public_id).unwrap_err().to_string(), text);
        }
    }

    #[test]
    fn with_extension_replaces_the_extension() {
        let asset = Asset::new("a.b").unwrap();
        let asset = asset
            .with_extension("png")
            .unwrap()
            .with_extension("jpg")
            .unwrap();
        assert_eq!(asset.source(), "a.b.jpg");
        for (extension, text) in [
            (
                "",
                "invalid extension ``: expected letters, digits, `_` and `-`, and `.` after the first character",
            ),
            (
                "j/g",
                "invalid extension `j/g`: expected letters, digits, `_` and `-`, and `.` after the first character",
            ),
            (
                "jpg?\n",
                "invalid extension `jpg?\\n`: expected letters, digits, `_` and `-`, and `.` after the first character",
            ),
        ] {
            assert_eq!(
                asset
                    .clone()
                    .with_extension(extension)
                    .unwrap_err()
                    .to_string(),
                text
            );
        }
    }

    #[test]
    fn fetch_requires_a_url() {
        for (url, source) in [
            ("http://a", "http://a"),
            ("https://a/", "https://a/"),
            ("https://a//b", "https://a/b"),
            (
                "https://me@a:80/~x/(1)!.png#f",
                "https://me%40a:80/%7Ex/%281%29%21.png%23f",
            ),
        ] {
            assert_eq!(Asset::fetch(url).unwrap().source(), source);
        }
        let not_remote =
            "delivery type `fetch` requires a URL that starts with `http://` or `https://`";
        for (url, text) in [
            ("", not_remote),
            ("plain", not_remote),
            ("http:/a", not_remote),
            ("https://", not_remote),
            ("https:////", not_remote),
            ("ftp://a", not_remote),
            (
                "https://a\n",
                "unexpected control character at byte 9 of the public id",
            ),
            (
                "https://a/../b",
                "invalid public id: unexpected dot segment (`.` or `..`)",
            ),
        ] {
            assert_eq!(Asset::fetch(url).unwrap_err().to_string(), text);
        }
    }

    #[test]
    fn fetch_is_separate_from_stored_types() {
        let stored = Asset::new("a").unwrap();
        assert_eq!(
            stored.with_delivery_type(DeliveryType::Fetch),
            Err(AssetError::NotUrl)
        );
        let fetched = Asset::fetch("https://a/b").unwrap();
        assert_eq!(
            fetched.clone().with_delivery_type(DeliveryType::Upload),
            Err(AssetError::UnexpectedUrl)
        );
        assert_eq!(
            fetched.clone().with_delivery_type(DeliveryType::Fetch),
            Ok(fetched.clone())
        );
        assert_eq!(
            fetched.with_extension("jpg"),
            Err(AssetError::FetchedExtension)
        );
    }
}
