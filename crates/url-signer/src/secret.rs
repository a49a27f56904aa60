use std::env;
use std::fmt;
use std::iter;

use thiserror::Error;
use zeroize::Zeroizing;

/// A key: bytes that are overwritten when dropped and never shown.
///
/// It has no `Display` and no `Serialize`, and its `Debug` shows no byte.
///
/// ```
/// use url_signer::Secret;
///
/// let secret = Secret::new("abcd")?;
/// assert_eq!(format!("{secret:?}"), "Secret(..)");
/// assert_eq!(Secret::new("").unwrap_err().to_string(), "secret is empty");
/// # Ok::<(), url_signer::SecretError>(())
/// ```
#[derive(Clone)]
pub struct Secret(Zeroizing<Box<[u8]>>);

impl Secret {
    /// A key of these bytes.
    ///
    /// # Errors
    ///
    /// - No bytes: everybody could sign.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, SecretError> {
        let bytes = Zeroizing::new(bytes.into());
        if bytes.is_empty() {
            return Err(SecretError::Empty);
        }
        // Copied to its exact size, so that no spare capacity is left behind.
        Ok(Self(Zeroizing::new(bytes.as_slice().into())))
    }

    /// The key in an environment variable.
    ///
    /// # Errors
    ///
    /// - The variable is not set, or empty.
    pub fn from_env(variable: &str) -> Result<Self, SecretError> {
        let value =
            env::var_os(variable).ok_or_else(|| SecretError::NotSet(variable.to_owned()))?;
        Self::new(value.into_encoded_bytes())
            .map_err(|_| SecretError::EmptyVariable(variable.to_owned()))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Why there is no secret.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretError {
    /// No bytes.
    #[error("secret is empty")]
    Empty,
    /// An environment variable that is not there.
    #[error("environment variable `{0}` is not set")]
    NotSet(String),
    /// An environment variable without a value.
    #[error("environment variable `{0}` is empty")]
    EmptyVariable(String),
}

/// One key that signs, and any number that still verify.
///
/// To change a key, sign with the new one and keep the old one as retired for
/// as long as URLs that it signed are about.
///
/// ```
/// use url_signer::{KeyRing, Secret, ThumbnailName, ThumbnailSigner};
/// use uuid::Uuid;
///
/// let before = ThumbnailSigner::new(Secret::new("old")?);
/// let path = before.sign(Uuid::nil(), ThumbnailName::Mini).to_string();
///
/// let after = ThumbnailSigner::new(KeyRing::new(Secret::new("new")?).with_retired(Secret::new("old")?));
/// assert!(after.verify(&path).is_ok());
/// assert_ne!(after.sign(Uuid::nil(), ThumbnailName::Mini).to_string(), path);
/// # Ok::<(), url_signer::SecretError>(())
/// ```
#[derive(Clone, Debug)]
pub struct KeyRing {
    signing: Secret,
    retired: Vec<Secret>,
}

impl KeyRing {
    /// A ring of one key, which signs and verifies.
    #[must_use]
    pub const fn new(signing: Secret) -> Self {
        Self {
            signing,
            retired: Vec::new(),
        }
    }

    /// The same ring with one more key that only verifies.
    #[must_use]
    pub fn with_retired(mut self, secret: Secret) -> Self {
        self.retired.push(secret);
        self
    }

    pub(crate) const fn signing(&self) -> &Secret {
        &self.signing
    }

    /// All keys that verify.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Secret> {
        iter::once(&self.signing).chain(&self.retired)
    }
}

impl From<Secret> for KeyRing {
    fn from(signing: Secret) -> Self {
        Self::new(signing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_byte_of_a_key() {
        let ring = KeyRing::new(Secret::new("s3cr3t").unwrap())
            .with_retired(Secret::new(*b"\x01\x02\x03").unwrap());
        assert_eq!(
            format!("{ring:?}"),
            "KeyRing { signing: Secret(..), retired: [Secret(..)] }"
        );
        assert_eq!(format!("{ring:#?}").matches("Secret(..)").count(), 2);
    }

    #[test]
    fn a_variable_that_gives_no_key_is_named() {
        assert_eq!(
            Secret::from_env("URL_SIGNER_NO_SUCH_VARIABLE")
                .unwrap_err()
                .to_string(),
            "environment variable `URL_SIGNER_NO_SUCH_VARIABLE` is not set"
        );
    }
}
