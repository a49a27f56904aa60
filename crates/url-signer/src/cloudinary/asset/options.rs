//! The options of an asset, after its creation.

use std::fmt::{self, Write};

use super::Asset;
use super::error::AssetError;
use crate::cloudinary::path::grammar::{is_step, is_version};
use crate::cloudinary::path::percent_encoding::is_remote;
use crate::cloudinary::path::types::{DeliveryType, ResourceType};
use crate::format;

impl Asset {
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
