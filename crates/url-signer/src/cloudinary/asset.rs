use std::fmt::{self, Write};

use thiserror::Error;

use crate::cloudinary::path::grammar::is_step;
use crate::cloudinary::path::percent_encoding::{escape_again, escape_once, is_remote};
use crate::cloudinary::path::segments::{collapsed, has_dot_segment, misleading_segment};
use crate::cloudinary::path::types::{DeliveryType, ResourceType};

/// A file to deliver: public id, version, types and the extension to deliver.
///
/// The public id is checked and escaped here, once. It is taken as it is, or
/// escaped once already (`a%20b`); both are the same asset.
///
/// ```
/// use url_signer::cloudinary::{Asset, DeliveryType};
///
/// let asset = Asset::new("0b7e148bbd7c")?
///     .with_delivery_type(DeliveryType::Authenticated)?
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
    /// A stored file of the types `image` and `upload`, which anybody may
    /// fetch, with neither version nor extension.
    ///
    /// # Errors
    ///
    /// A public id that
    /// - is empty,
    /// - has control characters (escaped ones are taken as meant),
    /// - begins or ends with `/`, or has a segment `.` or `..`,
    /// - is a URL: `http:…`, `https:…`.
    pub fn new(public_id: &str) -> Result<Self, AssetError> {
        refuse_control_characters(public_id)?;
        Self::stored(&collapsed(public_id))
    }

    /// An image that the provider fetches from a URL, of the type `fetch`.
    ///
    /// What is escaped in the URL is escaped once more, as it is part of the
    /// address there. A format to deliver is no extension here but the step
    /// `f_<format>`.
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
    /// A URL that
    /// - begins with neither `http://` nor `https://`, or has nothing after that,
    /// - has control characters,
    /// - has a segment `.` or `..`.
    pub fn fetch(url: &str) -> Result<Self, AssetError> {
        let rest = ["https://", "http://"]
            .into_iter()
            .find_map(|scheme| url.strip_prefix(scheme));
        if rest.is_none_or(|rest| rest.trim_matches('/').is_empty()) {
            return Err(AssetError::NotRemote);
        }
        refuse_control_characters(url)?;
        Self::of_source(escape_again(&collapsed(url)), DeliveryType::Fetch)
    }

    /// A stored file by a public id in which runs of `/` are meant as they are.
    pub(crate) fn stored(public_id: &str) -> Result<Self, AssetError> {
        if public_id.is_empty() {
            return Err(AssetError::EmptyPublicId);
        }
        let source = escape_once(public_id);
        // Checked as it goes out: an escaped `:` is one here.
        if source.starts_with("http:") || source.starts_with("https:") {
            return Err(AssetError::Remote);
        }
        Self::of_source(source, DeliveryType::Upload)
    }

    /// An image by its source as it stands in a URL, where runs of `/` and
    /// escapes are meant as they are.
    pub(crate) fn from_url(source: &str, delivery_type: DeliveryType) -> Result<Self, AssetError> {
        if delivery_type != DeliveryType::Fetch {
            return Self::stored(source)?.with_delivery_type(delivery_type);
        }
        let source = escape_once(source);
        if !is_remote(&source) {
            return Err(AssetError::NotRemote);
        }
        Self::of_source(source, delivery_type)
    }

    /// An image by its escaped source, of a type that is taken to suit it.
    pub(crate) fn of_source(
        source: String,
        delivery_type: DeliveryType,
    ) -> Result<Self, AssetError> {
        let misleading = if is_remote(&source) {
            has_dot_segment(&source)
        } else {
            misleading_segment(&source)
        };
        if let Some(problem) = misleading {
            return Err(AssetError::Segments(problem));
        }
        Ok(Self {
            resource_type: ResourceType::Image,
            delivery_type,
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
    ///
    /// # Errors
    ///
    /// - [`Fetch`](DeliveryType::Fetch) of a stored file: see [`Asset::fetch`].
    /// - Another type of an asset that is fetched.
    pub fn with_delivery_type(self, delivery_type: DeliveryType) -> Result<Self, AssetError> {
        match (&self.delivery_type, &delivery_type) {
            (DeliveryType::Fetch, DeliveryType::Fetch) => {}
            (_, DeliveryType::Fetch) => return Err(AssetError::NotRemote),
            (DeliveryType::Fetch, _) => return Err(AssetError::Remote),
            _ => {}
        }
        Ok(Self {
            delivery_type,
            ..self
        })
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
    /// - An extension that is empty, begins with `.`, or has other characters
    ///   than ASCII letters, digits, `_`, `-` and `.`.
    /// - An asset that is fetched.
    pub fn with_extension(mut self, extension: &str) -> Result<Self, AssetError> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        if extension.is_empty() || extension.starts_with('.') || !extension.bytes().all(fits) {
            return Err(AssetError::Extension(extension.to_owned()));
        }
        if is_remote(&self.source) {
            return Err(AssetError::RemoteExtension);
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

    /// Where it comes from, and who may fetch it.
    #[must_use]
    pub const fn delivery_type(&self) -> &DeliveryType {
        &self.delivery_type
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

    /// The source as it is printed, with a suffix between public id and
    /// extension if there is one.
    pub(crate) fn printed<'a>(&'a self, suffix: Option<&'a str>) -> [&'a str; 4] {
        let whole = [&*self.source, "", "", ""];
        suffix.map_or(whole, |suffix| {
            // The public id's length is one of a part, so this is never the fallback.
            self.source
                .split_at_checked(self.public_id)
                .map_or(whole, |(public_id, extension)| {
                    [public_id, "/", suffix, extension]
                })
        })
    }

    /// Writes `v<version>/`, if the URL has one.
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

    /// Whether a text is the version and the `/` that its URL can have before
    /// the source.
    pub(crate) fn is_version(&self, text: &str) -> bool {
        let mut version = String::new();
        // A `String` takes anything; the result is for other writers.
        let _ = self.write_version(true, &mut version);
        !version.is_empty() && version == text
    }

    /// Whether its first folder is taken for a step where no version is before it.
    pub(crate) fn begins_with_step(&self) -> bool {
        self.source
            .split_once('/')
            .is_some_and(|(folder, _)| is_step(folder))
    }

    /// A folder could be taken for a transformation, so a version keeps them
    /// apart; unless the folder could be taken for a version.
    fn needs_version(&self) -> bool {
        let mut start = self.source.bytes();
        let versioned =
            start.next() == Some(b'v') && start.next().is_some_and(|byte| byte.is_ascii_digit());
        self.source.contains('/') && !versioned && !is_remote(&self.source)
    }
}

fn refuse_control_characters(text: &str) -> Result<(), AssetError> {
    match text.find(char::is_control) {
        Some(at) => Err(AssetError::ControlCharacter(at)),
        None => Ok(()),
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
    /// A URL of a type that does not fetch.
    #[error("public id is a url, which only the delivery type `fetch` takes")]
    Remote,
    /// The type `fetch` of what is no URL.
    #[error(
        "public id is no url, which the delivery type `fetch` asks for: `http://…`, `https://…`"
    )]
    NotRemote,
    /// An extension of a URL that is fetched.
    #[error("extension of a url that is fetched: a format is a step `f_…` there")]
    RemoteExtension,
    /// A version that no number is written as.
    #[error("version {0} has leading zeros, or is beyond 64 bits")]
    Version(String),
    /// An extension that can't stand in a URL.
    #[error("extension `{}` is not of letters, digits, `_`, `-` and, after the first, `.`", .0.escape_debug())]
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
            (
                "https://example.org/a.jpg",
                "public id is a url, which only the delivery type `fetch` takes",
            ),
            (
                "https%3a/x/y",
                "public id is a url, which only the delivery type `fetch` takes",
            ),
            (
                "http%3A%2F%2Fx/a",
                "public id is a url, which only the delivery type `fetch` takes",
            ),
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
                "extension `` is not of letters, digits, `_`, `-` and, after the first, `.`",
            ),
            (
                "j/g",
                "extension `j/g` is not of letters, digits, `_`, `-` and, after the first, `.`",
            ),
            (
                "jpg?\n",
                "extension `jpg?\\n` is not of letters, digits, `_`, `-` and, after the first, `.`",
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
    fn what_is_fetched_is_a_url_and_nothing_else_is() {
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
        let not_remote = "public id is no url, which the delivery type `fetch` asks for: `http://…`, `https://…`";
        for (url, text) in [
            ("", not_remote),
            ("plain", not_remote),
            ("http:/a", not_remote),
            ("https://", not_remote),
            ("https:////", not_remote),
            ("ftp://a", not_remote),
            ("https://a\n", "public id has a control character at byte 9"),
            (
                "https://a/../b",
                "public id is misleading: it has a segment `.` or `..`",
            ),
        ] {
            assert_eq!(Asset::fetch(url).unwrap_err().to_string(), text);
        }
    }

    #[test]
    fn fetching_and_other_types_are_not_mixed() {
        let stored = Asset::new("a").unwrap();
        assert_eq!(
            stored.with_delivery_type(DeliveryType::Fetch),
            Err(AssetError::NotRemote)
        );
        let fetched = Asset::fetch("https://a/b").unwrap();
        assert_eq!(
            fetched.clone().with_delivery_type(DeliveryType::Upload),
            Err(AssetError::Remote)
        );
        assert_eq!(
            fetched.clone().with_delivery_type(DeliveryType::Fetch),
            Ok(fetched.clone())
        );
        assert_eq!(
            fetched.with_extension("jpg"),
            Err(AssetError::RemoteExtension)
        );
    }
}
