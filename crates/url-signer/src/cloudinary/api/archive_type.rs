use std::fmt;
use std::str::FromStr;

use crate::cloudinary::path::types::ResourceType;
use crate::error::ParseError;

/// The format of an archive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ArchiveFormat {
    /// `zip`, the default.
    #[default]
    Zip,
    /// `tgz`
    Tgz,
}

impl ArchiveFormat {
    /// Returns the file extension.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Zip => "zip",
            Self::Tgz => "tgz",
        }
    }
}

impl fmt::Display for ArchiveFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ArchiveFormat {
    type Err = ParseError;

    fn from_str(name: &str) -> Result<Self, ParseError> {
        [Self::Zip, Self::Tgz]
            .into_iter()
            .find(|known| known.as_str() == name)
            .ok_or(ParseError::new("archive format", "expected `zip` or `tgz`"))
    }
}

/// The resource type of the files in an archive.
///
/// ```
/// use url_signer::cloudinary::ResourceType;
/// use url_signer::cloudinary::api::ArchiveResourceType;
///
/// assert_eq!("all".parse(), Ok(ArchiveResourceType::All));
/// assert_eq!(ArchiveResourceType::from(ResourceType::Raw).as_str(), "raw");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ArchiveResourceType {
    /// Files of one type.
    Only(ResourceType),
    /// `auto`: files that
    /// [`fully_qualified_public_ids`](super::ArchiveDownload::fully_qualified_public_ids)
    /// selects.
    Auto,
    /// `all`: all files of a folder.
    All,
}

impl ArchiveResourceType {
    /// Returns the type as it is written in a URL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Only(resource_type) => resource_type.as_str(),
            Self::Auto => "auto",
            Self::All => "all",
        }
    }
}

impl From<ResourceType> for ArchiveResourceType {
    fn from(resource_type: ResourceType) -> Self {
        Self::Only(resource_type)
    }
}

impl fmt::Display for ArchiveResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ArchiveResourceType {
    type Err = ParseError;

    fn from_str(name: &str) -> Result<Self, ParseError> {
        match name {
            "auto" => Ok(Self::Auto),
            "all" => Ok(Self::All),
            _ => name.parse().map(Self::Only).map_err(|_| {
                ParseError::new(
                    "resource type of an archive",
                    "expected `image`, `video`, `raw`, `auto` or `all`",
                )
            }),
        }
    }
}
