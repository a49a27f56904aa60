use std::env;
use std::fmt;
use std::iter;
use std::str::FromStr;

use thiserror::Error;
use zeroize::Zeroizing;

/// A secret key.
///
/// The bytes are overwritten when the secret is dropped. `Debug` hides them, and the
/// type implements neither `Display` nor `Serialize`.
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
    /// Creates a secret from bytes.
    ///
    /// # Errors
    ///
    /// - No bytes. With an empty key, anybody could create valid signatures.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, SecretError> {
        let bytes = Zeroizing::new(bytes.into());
        if bytes.is_empty() {
            return Err(SecretError::Empty);
        }
        // Copied to its exact size: shrinking could leave a copy behind.
        Ok(Self(Zeroizing::new(bytes.as_slice().into())))
    }

    /// Reads a secret from an environment variable.
    ///
    /// # Errors
    ///
    /// - The variable is not set, it is empty, or it contains only white space.
    /// - The value ends with a newline. It was probably read from a file, and another
    ///   program would read the same key without the newline.
    pub fn from_env(variable: &str) -> Result<Self, SecretError> {
        let value =
            env::var_os(variable).ok_or_else(|| SecretError::NotSet(variable.to_owned()))?;
        Self::from_variable(variable, value.into_encoded_bytes())
    }

    fn from_variable(variable: &str, value: Vec<u8>) -> Result<Self, SecretError> {
        let secret =
            Self::new(value).map_err(|_| SecretError::EmptyVariable(variable.to_owned()))?;
        if secret.as_bytes().trim_ascii().is_empty() {
            return Err(SecretError::BlankVariable(variable.to_owned()));
        }
        if secret.as_bytes().ends_with(b"\n") || secret.as_bytes().ends_with(b"\r") {
            return Err(SecretError::Newline(variable.to_owned()));
        }
        Ok(secret)
    }

    /// Returns whether the secret has fewer than 8 bytes, so that it can be guessed. Programs
    /// should warn about such a key.
    ///
    /// ```
    /// use url_signer::Secret;
    ///
    /// assert!(Secret::new("abcd")?.is_short());
    /// assert!(!Secret::new("abcdefgh")?.is_short());
    /// # Ok::<(), url_signer::SecretError>(())
    /// ```
    #[must_use]
    pub fn is_short(&self) -> bool {
        self.as_bytes().len() < 8
    }

    /// Decodes a secret from hexadecimal digits of either case. Cloudinary shows
    /// the keys of access tokens in this form.
    ///
    /// ```
    /// use url_signer::Secret;
    ///
    /// assert!(Secret::from_hex("00112233FF99").is_ok());
    /// assert_eq!(
    ///     Secret::from_hex("00xx").unwrap_err().to_string(),
    ///     "character 3 of the secret is not a hexadecimal digit",
    /// );
    /// # Ok::<(), url_signer::SecretError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - No digits.
    /// - A character that is not a hexadecimal digit.
    /// - An odd number of digits.
    pub fn from_hex(digits: &str) -> Result<Self, SecretError> {
        if digits.is_empty() {
            return Err(SecretError::Empty);
        }
        // Filled in place, so that no copy of the key is left behind.
        let mut bytes = Zeroizing::new(vec![0; digits.len() / 2].into_boxed_slice());
        let mut nibbles = digits.chars().zip(1..).map(|(char, position)| {
            let nibble = char.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            nibble.ok_or(SecretError::NotHex(position))
        });
        for byte in bytes.iter_mut() {
            for nibble in nibbles.by_ref().take(2) {
                *byte = (*byte << 4) | nibble?;
            }
        }
        match nibbles.next() {
            None => Ok(Self(bytes)),
            Some(nibble) => nibble.and(Err(SecretError::OddHex)),
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = SecretError;

    fn from_str(secret: &str) -> Result<Self, SecretError> {
        Self::new(secret)
    }
}

impl TryFrom<&str> for Secret {
    type Error = SecretError;

    fn try_from(secret: &str) -> Result<Self, SecretError> {
        Self::new(secret)
    }
}

impl TryFrom<String> for Secret {
    type Error = SecretError;

    fn try_from(secret: String) -> Result<Self, SecretError> {
        Self::new(secret)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// An error creating a [`Secret`]. It never contains the value.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretError {
    /// No bytes.
    #[error("secret is empty")]
    Empty,
    /// An environment variable that is not set.
    #[error("environment variable `{0}` is not set")]
    NotSet(String),
    /// An environment variable with an empty value.
    #[error("environment variable `{0}` is empty")]
    EmptyVariable(String),
    /// An environment variable that contains only white space.
    #[error("environment variable `{0}` is blank")]
    BlankVariable(String),
    /// An environment variable that ends with a newline.
    #[error("environment variable `{0}` ends with a newline; remove the newline")]
    Newline(String),
    /// A character that is not a hexadecimal digit. The field is its position, from 1.
    #[error("character {0} of the secret is not a hexadecimal digit")]
    NotHex(usize),
    /// An odd number of hexadecimal digits.
    #[error("secret has an odd number of hexadecimal digits")]
    OddHex,
}

/// A signing key, and retired keys that are only used for verification.
///
/// To rotate a key, sign with the new one and keep the old one as a retired
/// key for as long as its URLs are in use.
///
/// ```
/// use url_signer::{KeyRing, Secret, ThumbnailName, ThumbnailSigner};
/// use uuid::Uuid;
///
/// let old = ThumbnailSigner::new(Secret::new("old key")?);
/// let path = old.sign(Uuid::nil(), ThumbnailName::Mini).to_string();
///
/// let keys = KeyRing::new(Secret::new("new key")?).with_retired(Secret::new("old key")?);
/// let new = ThumbnailSigner::new(keys);
/// assert!(new.verify(&path).is_ok());
/// assert_ne!(new.sign(Uuid::nil(), ThumbnailName::Mini).to_string(), path);
/// # Ok::<(), url_signer::SecretError>(())
/// ```
#[derive(Clone, Debug)]
pub struct KeyRing {
    signing: Secret,
    retired: Vec<Secret>,
}

impl KeyRing {
    /// Creates a ring of one key, for signing and verification.
    #[must_use]
    pub const fn new(signing: Secret) -> Self {
        Self {
            signing,
            retired: Vec::new(),
        }
    }

    /// Adds a retired key, for verification only.
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
    fn debug_hides_keys() {
        let ring = KeyRing::new(Secret::new("s3cr3t").unwrap())
            .with_retired(Secret::new(*b"\x01\x02\x03").unwrap());
        assert_eq!(
            format!("{ring:?}"),
            "KeyRing { signing: Secret(..), retired: [Secret(..)] }"
        );
        assert_eq!(format!("{ring:#?}").matches("Secret(..)").count(), 2);
    }

    #[test]
    fn from_hex_accepts_either_case() {
        for (digits, bytes) in [
            ("00", &b"\0"[..]),
            ("00112233FF99", b"\x00\x11\x22\x33\xff\x99"),
            ("00112233ff99", b"\x00\x11\x22\x33\xff\x99"),
            (
                "aAbBcCdDeEfF0123456789",
                b"\xaa\xbb\xcc\xdd\xee\xff\x01\x23\x45\x67\x89",
            ),
        ] {
            assert_eq!(Secret::from_hex(digits).unwrap().as_bytes(), bytes);
        }
    }

    #[test]
    fn from_hex_errors_show_only_the_position() {
        for (digits, text) in [
            ("", "secret is empty"),
            ("0", "secret has an odd number of hexadecimal digits"),
            (
                "00112233FF9",
                "secret has an odd number of hexadecimal digits",
            ),
            ("g0", "character 1 of the secret is not a hexadecimal digit"),
            ("0g", "character 2 of the secret is not a hexadecimal digit"),
            (
                "00g",
                "character 3 of the secret is not a hexadecimal digit",
            ),
            ("+1", "character 1 of the secret is not a hexadecimal digit"),
            (
                "0x11",
                "character 2 of the secret is not a hexadecimal digit",
            ),
            (
                "00 11",
                "character 3 of the secret is not a hexadecimal digit",
            ),
            (
                "00\n",
                "character 3 of the secret is not a hexadecimal digit",
            ),
            ("é", "character 1 of the secret is not a hexadecimal digit"),
            (
                "1é1",
                "character 2 of the secret is not a hexadecimal digit",
            ),
            (
                "１１",
                "character 1 of the secret is not a hexadecimal digit",
            ),
        ] {
            assert_eq!(Secret::from_hex(digits).unwrap_err().to_string(), text);
        }
    }

    #[test]
    fn from_env_errors_name_the_variable() {
        assert_eq!(
            Secret::from_env("URL_SIGNER_NO_SUCH_VARIABLE")
                .unwrap_err()
                .to_string(),
            "environment variable `URL_SIGNER_NO_SUCH_VARIABLE` is not set"
        );
        for (value, text) in [
            ("", "environment variable `KEY` is empty"),
            (" \t ", "environment variable `KEY` is blank"),
            ("\n", "environment variable `KEY` is blank"),
            (
                "a key\n",
                "environment variable `KEY` ends with a newline; remove the newline",
            ),
            (
                "a key\r\n",
                "environment variable `KEY` ends with a newline; remove the newline",
            ),
        ] {
            let error = Secret::from_variable("KEY", value.into()).unwrap_err();
            assert_eq!(error.to_string(), text);
        }
        assert!(Secret::from_variable("KEY", b" a key".into()).is_ok());
    }
}
