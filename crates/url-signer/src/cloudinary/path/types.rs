//! The two types of a file, and how they stand at the front of its URL's path.

use std::fmt;
use std::str::FromStr;

use crate::ParseError;

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResourceType {
    /// `image`
    Image,
    /// `video`: audio too.
    Video,
    /// `raw`: anything else.
    Raw,
}

impl ResourceType {
    /// The type as it stands in a URL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Raw => "raw",
        }
    }

    pub(crate) fn from_segment(segment: &str) -> Option<Self> {
        [Self::Image, Self::Video, Self::Raw]
            .into_iter()
            .find(|known| known.as_str() == segment)
    }
}

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ResourceType {
    type Err = ParseError;

    fn from_str(name: &str) -> Result<Self, ParseError> {
        Self::from_segment(name).ok_or(ParseError::new("resource type", "it is not known"))
    }
}

/// Where a file comes from, and who may fetch it.
///
/// ```
/// use url_signer::cloudinary::DeliveryType;
///
/// assert_eq!("private".parse(), Ok(DeliveryType::Private));
/// assert_eq!("twitter_name".parse::<DeliveryType>()?.to_string(), "twitter_name");
/// assert!("two/segments".parse::<DeliveryType>().is_err());
/// # Ok::<(), url_signer::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeliveryType {
    /// `upload`: stored; everybody.
    Upload,
    /// `private`: stored; everybody what is derived of it; the original, who has a signed URL.
    Private,
    /// `authenticated`: stored; who has a signed URL.
    Authenticated,
    /// `fetch`: from the `http` or `https` URL that stands in place of the public id.
    Fetch,
    /// Any other: `facebook`, `youtube`, `sprite` and so on. Made by [`FromStr`].
    Named(DeliveryTypeName),
}

/// The name of a [`DeliveryType`] that has no variant of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeliveryTypeName(Box<str>);

impl DeliveryType {
    /// The type as it stands in a URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Upload => "upload",
            Self::Private => "private",
            Self::Authenticated => "authenticated",
            Self::Fetch => "fetch",
            Self::Named(DeliveryTypeName(name)) => name,
        }
    }
}

impl fmt::Display for DeliveryType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for DeliveryType {
    type Err = ParseError;

    /// # Errors
    ///
    /// - A name that is empty, or of other characters than ASCII lower-case
    ///   letters, digits and `_`.
    fn from_str(name: &str) -> Result<Self, ParseError> {
        let known = [
            Self::Upload,
            Self::Private,
            Self::Authenticated,
            Self::Fetch,
        ];
        if let Some(known) = known.into_iter().find(|known| known.as_str() == name) {
            return Ok(known);
        }
        if !is_delivery_type(name) {
            return Err(ParseError::new(
                "delivery type",
                "it is not of lower-case letters, digits and `_`",
            ));
        }
        Ok(Self::Named(DeliveryTypeName(name.into())))
    }
}

/// Whether a segment could be the name of a delivery type.
pub(crate) fn is_delivery_type(segment: &str) -> bool {
    !segment.is_empty()
        && segment
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The segment that stands for both types where `image/upload` is shortened.
pub(crate) const SHORT_SEGMENT: &str = "iu";

/// The segments that stand for both types where the URL has a suffix.
const SUFFIXED: &[(ResourceType, &str, &str)] = &[
    (ResourceType::Image, "upload", "images"),
    (ResourceType::Image, "private", "private_images"),
    (ResourceType::Image, "authenticated", "authenticated_images"),
    (ResourceType::Raw, "upload", "files"),
    (ResourceType::Video, "upload", "videos"),
];

/// The segment for two types in a URL with a suffix, if they can have one.
pub(crate) fn suffixed_segment(
    resource_type: ResourceType,
    delivery_type: &str,
) -> Option<&'static str> {
    SUFFIXED
        .iter()
        .find(|(resource, delivery, _)| (*resource, *delivery) == (resource_type, delivery_type))
        .map(|(_, _, segment)| *segment)
}

/// The types that a segment of a URL with a suffix stands for.
pub(crate) fn suffixed_types(segment: &str) -> Option<(ResourceType, &'static str)> {
    SUFFIXED
        .iter()
        .find(|(_, _, known)| *known == segment)
        .map(|(resource_type, delivery_type, _)| (*resource_type, *delivery_type))
}
