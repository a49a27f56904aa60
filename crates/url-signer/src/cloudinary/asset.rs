mod error;
mod options;

pub use self::error::AssetError;
use super::path::percent_encoding::{encode_again, encode_once, is_remote};
use super::path::segments::{collapse_slashes, dot_segment, misleading_segment, version_folder};
use super::path::types::{DeliveryType, ResourceType};

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
}

fn reject_control_characters(text: &str) -> Result<(), AssetError> {
    match text.find(char::is_control) {
        Some(at) => Err(AssetError::ControlCharacter(at)),
        None => Ok(()),
    }
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
