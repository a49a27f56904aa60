use thiserror::Error;

/// The number of hexadecimal digits to which a proxy or thumbnail signature is
/// truncated: 7 to 64.
///
/// Each digit holds four bits. An attacker who guesses a signature must try half of
/// all possible signatures on average. At 1,000 tries per second, this takes:
///
/// | digits | bits | expected time |
/// |---|---|---|
/// | 7, the default for proxy URLs | 28 | 37 hours |
/// | 11, the default for thumbnail paths | 44 | 280 years |
/// | 16 | 64 | 290 million years |
/// | 32 | 128 | not feasible |
///
/// The defaults are the lengths of the [recorded host](crate#url-signer), because its
/// clients expect them. A host whose clients accept longer URLs should choose 32. It
/// should also limit the rate of requests.
///
/// ```
/// use url_signer::SignatureLength;
///
/// assert_eq!(SignatureLength::new(32)?.get(), 32);
/// assert_eq!(
///     SignatureLength::new(6).unwrap_err().to_string(),
///     "signature length 6 is outside 7 to 64 hexadecimal digits",
/// );
/// # Ok::<(), url_signer::SignatureLengthError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignatureLength(usize);

impl SignatureLength {
    /// 7 digits, the default for proxy URLs.
    pub const PROXY: Self = Self(7);

    /// 11 digits, the default for thumbnail paths.
    pub const THUMBNAIL: Self = Self(11);

    /// 64 digits: an HMAC-SHA256 that is not truncated.
    pub const FULL: Self = Self(64);

    /// 40 digits: a SHA-1 digest that is not truncated.
    pub(crate) const SHA1: Self = Self(40);

    /// Creates a length from a number of digits.
    ///
    /// # Errors
    ///
    /// - A number below 7 or above 64.
    pub const fn new(digits: usize) -> Result<Self, SignatureLengthError> {
        if digits >= Self::PROXY.0 && digits <= Self::FULL.0 {
            Ok(Self(digits))
        } else {
            Err(SignatureLengthError(digits))
        }
    }

    /// Returns the number of digits.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0
    }
}

impl TryFrom<usize> for SignatureLength {
    type Error = SignatureLengthError;

    fn try_from(digits: usize) -> Result<Self, SignatureLengthError> {
        Self::new(digits)
    }
}

/// An error creating a [`SignatureLength`]: the number is out of range.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("signature length {0} is outside 7 to 64 hexadecimal digits")]
pub struct SignatureLengthError(usize);
