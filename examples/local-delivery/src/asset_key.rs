//! The identity of a stored file, and its name in the folder of originals.

use std::fmt;

use thiserror::Error;
use url_signer::cloudinary::{DeliveryType, ResourceType};

/// The maximum number of bytes in a public id.
const MAX_BYTES: usize = 1_024;

/// The maximum number of bytes between two `/` of a public id. File systems allow 255,
/// and the name of a file also has extensions.
const MAX_COMPONENT_BYTES: usize = 200;

/// The delivery types of stored files.
pub(crate) const STORED_TYPES: [DeliveryType; 3] = [
    DeliveryType::Upload,
    DeliveryType::Private,
    DeliveryType::Authenticated,
];

/// The identity of a stored file: resource type, delivery type and public id.
///
/// The delivery type is not part of a signature. Files of different delivery types are
/// therefore different files: a file that is stored as `authenticated` does not exist as
/// `upload`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AssetKey {
    resource_type: ResourceType,
    delivery_type: DeliveryType,
    public_id: String,
}

/// A public id or a type that cannot name a file in the folder of originals.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AssetKeyError {
    /// The public id is empty or too long.
    #[error("a public id has 1 to {MAX_BYTES} bytes, not {0}")]
    Length(usize),
    /// A component is empty, too long, or starts with `.`.
    #[error(
        "invalid component `{}` of the public id: expected 1 to {MAX_COMPONENT_BYTES} bytes \
         that do not start with `.`",
        .0.escape_debug()
    )]
    Component(String),
    /// A character that is not allowed in names of files.
    #[error("the character {0:?} is not allowed in a public id")]
    Character(char),
    /// The percent-decoded public id is not UTF-8.
    #[error("the public id is not UTF-8")]
    Encoding,
    /// The delivery type is not one of stored files.
    #[error(
        "files of the delivery type `{0}` are not stored; use `upload`, `private` or `authenticated`"
    )]
    DeliveryType(DeliveryType),
}

impl AssetKey {
    /// Creates the key of an image.
    ///
    /// # Errors
    ///
    /// - A public id that is empty or longer than 1,024 bytes.
    /// - A component of the public id that is empty, longer than 200 bytes, or starts with
    ///   `.`.
    /// - A control character, `\` or `:`.
    /// - A delivery type other than `upload`, `private` and `authenticated`.
    pub fn image(
        delivery_type: DeliveryType,
        public_id: impl Into<String>,
    ) -> Result<Self, AssetKeyError> {
        Self::new(ResourceType::Image, delivery_type, public_id.into())
    }

    pub(crate) fn new(
        resource_type: ResourceType,
        delivery_type: DeliveryType,
        public_id: String,
    ) -> Result<Self, AssetKeyError> {
        if !STORED_TYPES.contains(&delivery_type) {
            return Err(AssetKeyError::DeliveryType(delivery_type));
        }
        if public_id.is_empty() || public_id.len() > MAX_BYTES {
            return Err(AssetKeyError::Length(public_id.len()));
        }
        let forbidden = |character: char| character.is_control() || matches!(character, '\\' | ':');
        if let Some(character) = public_id.chars().find(|character| forbidden(*character)) {
            return Err(AssetKeyError::Character(character));
        }
        let is_invalid = |component: &&str| {
            component.is_empty()
                || component.starts_with('.')
                || component.len() > MAX_COMPONENT_BYTES
        };
        if let Some(component) = public_id.split('/').find(is_invalid) {
            return Err(AssetKeyError::Component(component.to_owned()));
        }
        Ok(Self {
            resource_type,
            delivery_type,
            public_id,
        })
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

    /// Returns the public id, without percent-encoding.
    #[must_use]
    pub fn public_id(&self) -> &str {
        &self.public_id
    }

    /// Returns the last component of the public id.
    #[must_use]
    pub fn name(&self) -> &str {
        match self.public_id.rsplit_once('/') {
            Some((_, name)) => name,
            None => &self.public_id,
        }
    }
}

/// `<resource type>/<delivery type>/<public id>`
impl fmt::Display for AssetKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            resource_type,
            delivery_type,
            public_id,
        } = self;
        write!(f, "{resource_type}/{delivery_type}/{public_id}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsafe_public_ids_are_rejected() {
        for public_id in [
            "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/..", ".a", "a/.b", "a\\b",
            "C:a", "a\0", "a\nb", "a\u{85}b",
        ] {
            let key = AssetKey::image(DeliveryType::Upload, public_id);
            assert!(key.is_err(), "{public_id:?}");
        }
        assert!(AssetKey::image(DeliveryType::Upload, "x".repeat(201)).is_err());
        assert!(AssetKey::image(DeliveryType::Upload, "x/".repeat(512) + "x").is_err());
        assert!(AssetKey::image(DeliveryType::Fetch, "a").is_err());
    }

    #[test]
    fn ordinary_public_ids_are_accepted() {
        for public_id in [
            "a", "a/b/c", "a.b", "a b", "été/x", "a..b", "~", "-a", "v1/x",
        ] {
            let key = AssetKey::image(DeliveryType::Private, public_id).unwrap();
            assert_eq!(key.to_string(), format!("image/private/{public_id}"));
        }
    }
}
