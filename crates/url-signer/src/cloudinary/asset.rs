use std::fmt::{self, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use thiserror::Error;

use super::slashes::{collapsed, misleading_segment};
use super::{DeliveryType, ResourceType};

/// The bytes of a public id that are escaped in a URL.
const SOURCE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'/')
    .remove(b':');

/// A stored file: public id, version, types and the extension to deliver.
///
/// The public id is checked and escaped here, once. It is taken as it is, or
/// escaped once already (`a%20b`); both are the same asset.
///
/// ```
/// use url_signer::cloudinary::{Asset, DeliveryType};
///
/// let asset = Asset::new("0b7e148bbd7c")?
///     .with_delivery_type(DeliveryType::Authenticated)
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
    source: String,
    /// Length of the escaped public id, which `source` begins with.
    public_id: usize,
}

impl Asset {
    /// An asset of the types `image` and `upload`, which anybody may fetch, with
    /// neither version nor extension.
    ///
    /// # Errors
    ///
    /// A public id that
    /// - is empty,
    /// - has control characters (escaped ones are taken as meant),
    /// - begins or ends with `/`, or has a segment `.` or `..`,
    /// - is a URL: `http:…`, `https:…`.
    pub fn new(public_id: &str) -> Result<Self, AssetError> {
        if public_id.is_empty() {
            return Err(AssetError::EmptyPublicId);
        }
        if let Some(at) = public_id.find(char::is_control) {
            return Err(AssetError::ControlCharacter(at));
        }
        Self::from_collapsed(&collapsed(public_id))
    }

    /// An asset by a public id in which runs of `/` are meant as they are.
    pub(super) fn from_collapsed(public_id: &str) -> Result<Self, AssetError> {
        let decoded: Vec<u8> = percent_decode_str(public_id).collect();
        let source = percent_encode(&decoded, SOURCE).to_string();
        // Checked as it goes out: an escaped `:`, `.` or `/` is one here.
        if source.starts_with("http:") || source.starts_with("https:") {
            return Err(AssetError::Remote);
        }
        if let Some(problem) = misleading_segment(&source) {
            return Err(AssetError::Segments(problem));
        }
        Ok(Self {
            resource_type: ResourceType::Image,
            delivery_type: DeliveryType::Upload,
            version: None,
            public_id: source.len(),
            source,
        })
    }

    /// What documented hosts deliver while the file is not at the provider
    /// yet: `raw_placeholder.jpg` of the types `image` and `authenticated`.
    #[must_use]
    pub fn raw_placeholder() -> Self {
        Self {
            resource_type: ResourceType::Image,
            delivery_type: DeliveryType::Authenticated,
            version: None,
            source: "raw_placeholder.jpg".to_owned(),
            public_id: "raw_placeholder".len(),
        }
    }

    /// The same asset of another resource type.
    #[must_use]
    pub fn with_resource_type(self, resource_type: ResourceType) -> Self {
        Self {
            resource_type,
            ..self
        }
    }

    /// The same asset of another delivery type.
    #[must_use]
    pub fn with_delivery_type(self, delivery_type: DeliveryType) -> Self {
        Self {
            delivery_type,
            ..self
        }
    }

    /// The same asset in a version.
    #[must_use]
    pub fn with_version(self, version: u64) -> Self {
        Self {
            version: Some(version),
            ..self
        }
    }

    /// The same asset delivered with an extension, given without the dot.
    ///
    /// # Errors
    ///
    /// - An extension that is empty, or has other characters than ASCII
    ///   letters, digits, `_`, `-` and `.`.
    pub fn with_extension(mut self, extension: &str) -> Result<Self, AssetError> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        if extension.is_empty() || !extension.bytes().all(fits) {
            return Err(AssetError::Extension(extension.to_owned()));
        }
        self.source.truncate(self.public_id);
        self.source.push('.');
        self.source.push_str(extension);
        Ok(self)
    }

    /// The kind of file.
    #[must_use]
    pub const fn resource_type(&self) -> ResourceType {
        self.resource_type
    }

    /// Who may fetch it.
    #[must_use]
    pub const fn delivery_type(&self) -> DeliveryType {
        self.delivery_type
    }

    /// The version, if one was given.
    #[must_use]
    pub const fn version(&self) -> Option<u64> {
        self.version
    }

    /// Escaped public id and extension, as they are signed and printed.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Writes `v<version>/`, if the URL has one.
    pub(super) fn write_version(&self, f: &mut impl Write) -> fmt::Result {
        match self.version.or_else(|| self.automatic_version()) {
            Some(version) => write!(f, "v{version}/"),
            None => Ok(()),
        }
    }

    /// A folder could be taken for a transformation, so a version keeps them
    /// apart; unless the folder could be taken for a version.
    fn automatic_version(&self) -> Option<u64> {
        let mut start = self.source.bytes();
        let versioned =
            start.next() == Some(b'v') && start.next().is_some_and(|byte| byte.is_ascii_digit());
        (self.source.contains('/') && !versioned).then_some(1)
    }
}

/// Why there is no asset.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum AssetError {
    /// Nothing to deliver.
    #[error("public id is empty")]
    EmptyPublicId,
    /// A control character, at this byte.
    #[error("public id has a control character at byte {0}")]
    ControlCharacter(usize),
    /// Segments that would lead elsewhere.
    #[error("public id is misleading: {0}")]
    Segments(&'static str),
    /// A file that is somewhere else.
    #[error("public id is a url")]
    Remote,
    /// A version that no number is written as.
    #[error("version {0} has leading zeros, or is beyond 64 bits")]
    Version(String),
    /// An extension that can't stand in a URL.
    #[error("extension `{}` is not of letters, digits, `_`, `-` and `.`", .0.escape_debug())]
    Extension(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_id_is_escaped_once_whether_it_was_before_or_not() {
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
    fn a_public_id_that_leads_elsewhere_is_refused() {
        for (public_id, text) in [
            ("", "public id is empty"),
            ("a\nb", "public id has a control character at byte 1"),
            ("é\u{7f}", "public id has a control character at byte 2"),
            ("a\u{85}", "public id has a control character at byte 1"),
            ("/a", "public id is misleading: it begins with `/`"),
            ("a//", "public id is misleading: it ends with `/`"),
            (
                "a/../b",
                "public id is misleading: it has a segment `.` or `..`",
            ),
            (
                "a/%2e%2E/b",
                "public id is misleading: it has a segment `.` or `..`",
            ),
            (".", "public id is misleading: it has a segment `.` or `..`"),
            ("https://example.org/a.jpg", "public id is a url"),
            ("https%3a/x/y", "public id is a url"),
            ("http%3A%2F%2Fx/a", "public id is a url"),
        ] {
            assert_eq!(Asset::new(public_id).unwrap_err().to_string(), text);
        }
    }

    #[test]
    fn an_extension_replaces_the_one_before() {
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
                "extension `` is not of letters, digits, `_`, `-` and `.`",
            ),
            (
                "j/g",
                "extension `j/g` is not of letters, digits, `_`, `-` and `.`",
            ),
            (
                "jpg?\n",
                "extension `jpg?\\n` is not of letters, digits, `_`, `-` and `.`",
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
}
