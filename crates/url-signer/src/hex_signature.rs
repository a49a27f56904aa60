//! HMAC-SHA256 cut to some hexadecimal digits: what proxy URLs and thumbnail
//! paths carry, and access tokens uncut.

use std::fmt::{self, Write};

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{KeyRing, Secret};

/// How many hexadecimal digits of a signature go on the wire: 7 to 64.
///
/// Each digit is worth four bits. Somebody who tries signatures at random
/// finds one after half of all on average, so at 1,000 tries a second:
///
/// | width | bits | time to find one |
/// |---|---|---|
/// | 7, the documented proxy URL | 28 | about 37 hours |
/// | 11, the documented thumbnail path | 44 | about 280 years |
/// | 16 | 64 | about 290 million years |
/// | 32 | 128 | out of reach |
///
/// The documented widths are defaults for the sake of the documented bytes.
/// A host whose clients don't mind should choose 32, and limit tries.
///
/// ```
/// use url_signer::HexWidth;
///
/// assert_eq!(HexWidth::new(32)?.get(), 32);
/// assert_eq!(
///     HexWidth::new(6).unwrap_err().to_string(),
///     "signature width 6 is not within 7 to 64 hex digits",
/// );
/// # Ok::<(), url_signer::HexWidthError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HexWidth(usize);

/// All digits of an HMAC-SHA256.
const MOST: usize = 64;

impl HexWidth {
    /// That of the documented proxy URL.
    pub const PROXY: Self = Self(7);

    /// That of the documented thumbnail path.
    pub const THUMBNAIL: Self = Self(11);

    /// All digits.
    pub(crate) const WHOLE: Self = Self(MOST);

    /// So many digits.
    ///
    /// # Errors
    ///
    /// - Not within 7 to 64.
    pub const fn new(digits: usize) -> Result<Self, HexWidthError> {
        if digits >= Self::PROXY.0 && digits <= MOST {
            Ok(Self(digits))
        } else {
            Err(HexWidthError(digits))
        }
    }

    /// The number of digits.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0
    }
}

/// A width that no signature has.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("signature width {0} is not within 7 to 64 hex digits")]
pub struct HexWidthError(usize);

/// A key ring made ready for HMAC-SHA256, and the width of what it makes.
#[derive(Clone)]
pub(crate) struct HexKeys {
    signing: Hmac<Sha256>,
    retired: Vec<Hmac<Sha256>>,
    width: HexWidth,
}

impl HexKeys {
    pub(crate) fn new(keys: &KeyRing, width: HexWidth) -> Self {
        Self {
            signing: keyed(keys.signing()),
            retired: keys.iter().skip(1).map(keyed).collect(),
            width,
        }
    }

    pub(crate) fn with_width(mut self, width: HexWidth) -> Self {
        self.width = width;
        self
    }

    /// Signs a message that is fed in pieces.
    pub(crate) fn sign(&self, feed: impl Fn(&mut Hmac<Sha256>)) -> HexSignature {
        HexSignature::new(&self.signing, self.width, feed)
    }

    /// Whether one of the keys gave the message this signature. Takes as long
    /// for any signature of the right length.
    pub(crate) fn verify(&self, signature: &str, feed: impl Fn(&mut Hmac<Sha256>)) -> bool {
        let mut found = Choice::from(0);
        for key in [&self.signing].into_iter().chain(&self.retired) {
            let expected = HexSignature::new(key, self.width, &feed);
            // Of unequal lengths this is false; the length is no secret.
            found |= expected.digits().ct_eq(signature.as_bytes());
        }
        found.into()
    }
}

impl fmt::Debug for HexKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HexKeys")
            .field("width", &self.width.get())
            .finish_non_exhaustive()
    }
}

/// The state of an HMAC that has taken in its key.
fn keyed(secret: &Secret) -> Hmac<Sha256> {
    // The block that RFC 2104 makes of a key of any length; made here because
    // the call for any length returns an error that never comes.
    let mut block = Zeroizing::new([0; 64]);
    let key = secret.as_bytes();
    let digest;
    let key = if key.len() > block.len() {
        digest = Zeroizing::new(<[u8; 32]>::from(Sha256::digest(key)));
        digest.as_slice()
    } else {
        key
    };
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    Hmac::new(&(*block).into())
}

/// Some hexadecimal digits in lower case.
#[derive(Clone, Copy)]
pub(crate) struct HexSignature {
    digits: [u8; MOST],
    width: HexWidth,
}

impl HexSignature {
    fn new(key: &Hmac<Sha256>, width: HexWidth, feed: impl Fn(&mut Hmac<Sha256>)) -> Self {
        let mut mac = key.clone();
        feed(&mut mac);
        let bytes = mac.finalize().into_bytes();
        let mut digits = [0; MOST];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
            let [high, low] = [byte >> 4, byte & 0xf].map(hex_digit);
            pair.copy_from_slice(&[high, low]);
        }
        Self { digits, width }
    }

    #[expect(clippy::indexing_slicing, reason = "a width is 64 at most")]
    fn digits(&self) -> &[u8] {
        &self.digits[..self.width.get()]
    }
}

impl fmt::Display for HexSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.digits()
            .iter()
            .try_for_each(|digit| f.write_char(char::from(*digit)))
    }
}

impl fmt::Debug for HexSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Without a table, so that its address says nothing of the digit.
const fn hex_digit(nibble: u8) -> u8 {
    if nibble < 10 {
        b'0' + nibble
    } else {
        b'a' + nibble - 10
    }
}

/// Whether a text could be a signature of some width.
pub(crate) fn is_hex_signature(text: &str) -> bool {
    HexWidth::new(text.len()).is_ok()
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
