//! The two types of a file, which stand at the front of its URL's path.

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
}

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ResourceType {
    type Err = ParseError;

    fn from_str(name: &str) -> Result<Self, ParseError> {
        [Self::Image, Self::Video, Self::Raw]
            .into_iter()
            .find(|known| known.as_str() == name)
            .ok_or(ParseError::new("resource type", "it is not known"))
    }
}

/// Who may fetch a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DeliveryType {
    /// `upload`: everybody.
    Upload,
    /// `private`: everybody what is derived of it; the original, who has a signed URL.
    Private,
    /// `authenticated`: who has a signed URL.
    Authenticated,
}

impl DeliveryType {
    /// The type as it stands in a URL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Private => "private",
            Self::Authenticated => "authenticated",
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

    fn from_str(name: &str) -> Result<Self, ParseError> {
        [Self::Upload, Self::Private, Self::Authenticated]
            .into_iter()
            .find(|known| known.as_str() == name)
            .ok_or(ParseError::new("delivery type", "it is not known"))
    }
}
