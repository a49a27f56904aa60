//! HMAC-SHA256 cut to some hexadecimal digits: what proxy URLs and thumbnail
//! paths carry, and access tokens uncut.

use std::fmt::{self, Write};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::digest::midstate::{self, Midstate};
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
/// use url_signer::SignatureLength;
///
/// assert_eq!(SignatureLength::new(32)?.get(), 32);
/// assert_eq!(
///     SignatureLength::new(6).unwrap_err().to_string(),
///     "signature width 6 is not within 7 to 64 hex digits",
/// );
/// # Ok::<(), url_signer::SignatureLengthError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignatureLength(usize);

/// All digits of an HMAC-SHA256.
const MOST: usize = 64;

impl SignatureLength {
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
    pub const fn new(digits: usize) -> Result<Self, SignatureLengthError> {
        if digits >= Self::PROXY.0 && digits <= MOST {
            Ok(Self(digits))
        } else {
            Err(SignatureLengthError(digits))
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
pub struct SignatureLengthError(usize);

/// A key ring made ready for HMAC-SHA256, and the width of what it makes.
#[derive(Clone)]
pub(crate) struct HmacKeys {
    signing: Hmac<Sha256>,
    retired: Vec<Hmac<Sha256>>,
    in_blocks: HmacBlocks,
    width: SignatureLength,
}

impl HmacKeys {
    pub(crate) fn new(keys: &KeyRing, width: SignatureLength) -> Self {
        Self {
            signing: keyed(keys.signing()),
            retired: keys.iter().skip(1).map(keyed).collect(),
            in_blocks: HmacBlocks::new(keys.signing()),
            width,
        }
    }

    pub(crate) fn with_signature_length(mut self, width: SignatureLength) -> Self {
        self.width = width;
        self
    }

    /// As much of a signature as goes on the wire.
    pub(crate) fn cut(&self, signature: [u8; 32]) -> HexSignature {
        HexSignature::of(signature, self.width)
    }

    /// Signs a message that is fed in pieces.
    pub(crate) fn sign(&self, feed: impl Fn(&mut Hmac<Sha256>)) -> HexSignature {
        HexSignature::new(&self.signing, self.width, feed)
    }

    /// Begins a message of which several others are the end.
    pub(crate) fn begin(&self) -> Zeroizing<Midstate<midstate::Sha256>> {
        self.in_blocks.inner.clone()
    }

    /// The whole signature of a message that was begun here, by the digest that
    /// its beginning gave; [`cut`](Self::cut) is what goes on the wire.
    pub(crate) fn finish(&self, digest: [u8; 32]) -> [u8; 32] {
        self.in_blocks.outer.digest_of_digest(digest)
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

impl fmt::Debug for HmacKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HmacKeys")
            .field("width", &self.width.get())
            .finish_non_exhaustive()
    }
}

/// The state of an HMAC that has taken in its key.
fn keyed(secret: &Secret) -> Hmac<Sha256> {
    let mut block = Zeroizing::new([0; 64]);
    fill_key_block(secret, &mut block);
    Hmac::new((&*block).into())
}

/// Fills the block that RFC 2104 makes of a key of any length; made here because
/// the call for any length returns an error that never comes. In place, as what
/// is moved is left behind.
fn fill_key_block(secret: &Secret, block: &mut [u8; 64]) {
    let key = secret.as_bytes();
    let digest;
    let key = if key.len() > block.len() {
        let none = Midstate::<midstate::Sha256>::new();
        digest = Zeroizing::new(none.finish([key], || ()));
        digest.as_slice()
    } else {
        key
    };
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
}

/// The two digests of an HMAC that have taken in its key, for messages that are
/// laid out in blocks.
#[derive(Clone)]
struct HmacBlocks {
    inner: Zeroizing<Midstate<midstate::Sha256>>,
    outer: Zeroizing<Midstate<midstate::Sha256>>,
}

impl HmacBlocks {
    fn new(secret: &Secret) -> Self {
        let mut block = Zeroizing::new([0; 64]);
        fill_key_block(secret, &mut block);
        let mut begun = |pad: u8| {
            block.iter_mut().for_each(|byte| *byte ^= pad);
            let mut begun = Midstate::new();
            begun.update(block.as_slice());
            Zeroizing::new(begun)
        };
        Self {
            inner: begun(0x36),
            // The pad before is taken off again.
            outer: begun(0x36 ^ 0x5c),
        }
    }
}

/// Some hexadecimal digits in lower case.
#[derive(Clone, Copy)]
pub(crate) struct HexSignature {
    digits: [u8; MOST],
    width: SignatureLength,
}

impl HexSignature {
    fn new(key: &Hmac<Sha256>, width: SignatureLength, feed: impl Fn(&mut Hmac<Sha256>)) -> Self {
        let mut mac = key.clone();
        feed(&mut mac);
        Self::of(mac.finalize().into_bytes().into(), width)
    }

    fn of(bytes: [u8; 32], width: SignatureLength) -> Self {
        let mut digits = [0; MOST];
        let needed = width.get().div_ceil(8);
        for (eight, word) in digits
            .as_chunks_mut()
            .0
            .iter_mut()
            .zip(bytes.as_chunks().0)
            .take(needed)
        {
            *eight = hex_digits(u32::from_be_bytes(*word));
        }
        Self { digits, width }
    }

    #[expect(clippy::indexing_slicing, reason = "a width is 64 at most")]
    pub(crate) fn digits(&self) -> &[u8] {
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

/// The eight digits of a number, at once. Without a table, so that its address
/// says nothing of a digit.
const fn hex_digits(number: u32) -> [u8; 8] {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // Each half of what is together is moved apart, until each byte has a nibble.
    let mut nibbles = number as u64;
    nibbles = (nibbles | nibbles << 16) & 0x0000_ffff_0000_ffff;
    nibbles = (nibbles | nibbles << 8) & 0x00ff_00ff_00ff_00ff;
    nibbles = (nibbles | nibbles << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    // Six more than ten carry into the next nibble.
    let letters = (nibbles + ONES * 6) >> 4 & ONES;
    let to_letter = (b'a' - b'0' - 10) as u64;
    (nibbles + ONES * b'0' as u64 + letters * to_letter).to_be_bytes()
}

/// Whether a text could be a signature of some width.
pub(crate) fn is_hex_signature(text: &str) -> bool {
    SignatureLength::new(text.len()).is_ok()
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
