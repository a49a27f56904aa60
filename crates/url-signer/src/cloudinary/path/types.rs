//! The resource type and the delivery type, and the path segments for them.

use std::fmt;
use std::str::FromStr;

use crate::error::ParseError;

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResourceType {
    /// `image`
    Image,
    /// `video`: video and audio.
    Video,
    /// `raw`: any other file.
    Raw,
}

impl ResourceType {
    /// Returns the type as it is written in a URL.
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

impl AsRef<str> for ResourceType {
    fn as_ref(&self) -> &str {
        self.as_str()
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
        Self::from_segment(name).ok_or(ParseError::new(
            "resource type",
            "expected `image`, `video` or `raw`",
        ))
    }
}

/// The origin of a file and its access control.
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
    /// `upload`: stored at Cloudinary and public.
    Upload,
    /// `private`: stored at Cloudinary. The original file requires a signed URL.
    /// Transformed files are public, unless the account enables strict transformations.
    Private,
    /// `authenticated`: stored at Cloudinary. Every URL must be signed.
    Authenticated,
    /// `fetch`: fetched by Cloudinary. An `http` or `https` URL takes the place of the
    /// public id.
    Fetch,
    /// Any other type, such as `facebook`, `youtube` or `sprite`. Created by
    /// parsing its name.
    Named(DeliveryTypeName),
}

/// The name of a delivery type that has no variant of its own in [`DeliveryType`].
///
/// Parsing a [`DeliveryType`] creates this type. [`DeliveryType::as_str`] returns the name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeliveryTypeName(Box<str>);

impl DeliveryType {
    /// Returns the type as it is written in a URL.
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

impl AsRef<str> for DeliveryType {
    fn as_ref(&self) -> &str {
        self.as_str()
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
    /// - An empty name.
    /// - A character other than lower-case ASCII letters, digits and `_`.
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
                "expected lower-case letters, digits and `_`",
            ));
        }
        Ok(Self::Named(DeliveryTypeName(name.into())))
    }
}

/// Returns whether a segment has the form of a delivery type.
pub(crate) fn is_delivery_type(segment: &str) -> bool {
    !segment.is_empty()
        && segment
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The segment for `image/upload` in the short layout.
pub(crate) const SHORT_SEGMENT: &str = "iu";

/// The segments for both types in a URL with a suffix.
const SUFFIXED_SEGMENTS: &[(ResourceType, &str, &str)] = &[
    (ResourceType::Image, "upload", "images"),
    (ResourceType::Image, "private", "private_images"),
    (ResourceType::Image, "authenticated", "authenticated_images"),
    (ResourceType::Raw, "upload", "files"),
    (ResourceType::Video, "upload", "videos"),
];

/// Returns the segment for two types in a URL with a suffix, if they allow one.
pub(crate) fn suffixed_segment(
    resource_type: ResourceType,
    delivery_type: &str,
) -> Option<&'static str> {
    SUFFIXED_SEGMENTS
        .iter()
        .find(|(resource, delivery, _)| (*resource, *delivery) == (resource_type, delivery_type))
        .map(|(_, _, segment)| *segment)
}

/// Returns the types for a segment of a URL with a suffix.
pub(crate) fn suffixed_types(segment: &str) -> Option<(ResourceType, &'static str)> {
    SUFFIXED_SEGMENTS
        .iter()
        .find(|(_, _, known)| *known == segment)
        .map(|(resource_type, delivery_type, _)| (*resource_type, *delivery_type))
}
