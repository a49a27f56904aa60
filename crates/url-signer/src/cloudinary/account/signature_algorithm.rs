use std::fmt;
use std::str::FromStr;

use crate::error::ParseError;

/// The hash algorithm of signatures.
///
/// The algorithm of short signatures is a setting of the Cloudinary account. Cloudinary
/// rejects a short signature of any other algorithm.
///
/// ```
/// use url_signer::cloudinary::SignatureAlgorithm;
///
/// assert_eq!("sha256".parse(), Ok(SignatureAlgorithm::Sha256));
/// assert_eq!("SHA1".parse(), Ok(SignatureAlgorithm::Sha1));
/// assert_eq!(SignatureAlgorithm::Sha1.to_string(), "sha1");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureAlgorithm {
    /// SHA-1, the default of Cloudinary.
    #[default]
    Sha1,
    /// SHA-256.
    Sha256,
}

impl SignatureAlgorithm {
    /// Returns the name that Cloudinary's SDKs use: `sha1` or `sha256`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
        }
    }
}

impl FromStr for SignatureAlgorithm {
    type Err = ParseError;

    fn from_str(name: &str) -> Result<Self, ParseError> {
        [Self::Sha1, Self::Sha256]
            .into_iter()
            .find(|algorithm| name.eq_ignore_ascii_case(algorithm.as_str()))
            .ok_or(ParseError::new(
                "signature algorithm",
                "expected `sha1` or `sha256`",
            ))
    }
}

impl AsRef<str> for SignatureAlgorithm {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The algorithm and the truncated length of a signature in a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SignatureFormat {
    /// SHA-1, 8 characters: 48 bits.
    Sha1,
    /// SHA-256, 8 characters: 48 bits.
    Sha256,
    /// SHA-256, 32 characters: 192 bits.
    LongSha256,
}

impl SignatureFormat {
    pub(crate) const ALL: [Self; 3] = [Self::Sha1, Self::Sha256, Self::LongSha256];

    /// Digest bytes of the longest signature.
    pub(crate) const MAX_BYTES: usize = 24;

    /// Characters of the longest signature.
    pub(crate) const MAX_CHARACTERS: usize = Self::MAX_BYTES / 3 * 4;

    /// Long signatures are SHA-256, whatever the algorithm of short ones.
    pub(crate) const fn new(algorithm: SignatureAlgorithm, is_long: bool) -> Self {
        match algorithm {
            _ if is_long => Self::LongSha256,
            SignatureAlgorithm::Sha1 => Self::Sha1,
            SignatureAlgorithm::Sha256 => Self::Sha256,
        }
    }

    pub(crate) const fn algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::Sha1 => SignatureAlgorithm::Sha1,
            Self::Sha256 | Self::LongSha256 => SignatureAlgorithm::Sha256,
        }
    }

    /// The number of characters in the URL.
    pub(crate) const fn characters(self) -> usize {
        self.bytes() / 3 * 4
    }

    /// The number of digest bytes in the URL: three for every four characters.
    pub(crate) const fn bytes(self) -> usize {
        match self {
            Self::Sha1 | Self::Sha256 => 6,
            Self::LongSha256 => Self::MAX_BYTES,
        }
    }
}
