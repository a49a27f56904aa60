//! The signature of a delivery URL: a digest of the signed path and the secret.

use std::fmt;

use base64::display::Base64Display;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::{Choice, ConstantTimeEq};

use crate::cloudinary::account::signature_algorithm::{SignatureAlgorithm, SignatureFormat};
use crate::digest::midstate::{self, Midstate, State};

/// The midstate after the common beginning of signed paths, for either algorithm.
#[derive(Clone)]
pub(crate) enum SignatureMidstate {
    Sha1(Midstate<midstate::Sha1>),
    Sha256(Midstate<midstate::Sha256>),
}

impl SignatureMidstate {
    pub(crate) fn new<P: AsRef<[u8]>>(algorithm: SignatureAlgorithm, beginning: &[P]) -> Self {
        fn midstate<S: State>(beginning: &[impl AsRef<[u8]>]) -> Midstate<S> {
            let mut midstate = Midstate::new();
            for piece in beginning {
                midstate.update(piece.as_ref());
            }
            midstate
        }
        match algorithm {
            SignatureAlgorithm::Sha1 => Self::Sha1(midstate(beginning)),
            SignatureAlgorithm::Sha256 => Self::Sha256(midstate(beginning)),
        }
    }

    pub(crate) const fn algorithm(&self) -> SignatureAlgorithm {
        match self {
            Self::Sha1(_) => SignatureAlgorithm::Sha1,
            Self::Sha256(_) => SignatureAlgorithm::Sha256,
        }
    }

    /// Signs the message that ends in these pieces, the last of which is the
    /// secret. `meanwhile` runs between padding and hashing.
    pub(crate) fn sign<const N: usize>(
        &self,
        end: [&[u8]; N],
        format: SignatureFormat,
        meanwhile: impl FnOnce(),
    ) -> Signature {
        match self {
            Self::Sha1(midstate) => Signature::new(midstate.finalize(end, meanwhile), format),
            Self::Sha256(midstate) => Signature::new(midstate.finalize(end, meanwhile), format),
        }
    }
}

/// The characters between `s--` and `--`.
#[derive(Clone, Copy)]
pub(crate) struct Signature {
    bytes: [u8; SignatureFormat::MAX_BYTES],
    format: SignatureFormat,
}

impl Signature {
    fn new<const N: usize>(digest: [u8; N], format: SignatureFormat) -> Self {
        let mut bytes = [0; SignatureFormat::MAX_BYTES];
        for (to, from) in bytes.iter_mut().zip(digest) {
            *to = from;
        }
        Self { bytes, format }
    }

    /// Writes the characters into a slice of exactly their number.
    pub(crate) fn write(&self, out: &mut [u8]) {
        debug_assert_eq!(out.len(), self.format.characters());
        let (characters, _) = out.as_chunks_mut();
        let (bytes, _) = self.bytes.as_chunks();
        for (characters, bytes) in characters.iter_mut().zip(bytes) {
            *characters = base64url(*bytes);
        }
    }

    /// Compares the signature with a text in constant time.
    pub(crate) fn matches(&self, text: &str) -> Choice {
        let mut characters = [0; SignatureFormat::MAX_CHARACTERS];
        let characters = self.used(&mut characters);
        self.write(characters);
        // Different lengths are never equal. The length is not a secret.
        characters.ct_eq(text.as_bytes())
    }

    #[expect(clippy::indexing_slicing, reason = "no format has more characters")]
    fn used<'a>(&self, characters: &'a mut [u8]) -> &'a mut [u8] {
        &mut characters[..self.format.characters()]
    }

    #[expect(clippy::indexing_slicing, reason = "no format has more bytes")]
    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.format.bytes()]
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Base64Display::new(self.bytes(), &URL_SAFE_NO_PAD).fmt(f)
    }
}

/// Encodes three bytes as four characters of URL-safe base64. For a few characters, this is
/// faster than an engine for texts of any length.
#[expect(clippy::indexing_slicing, reason = "six bits")]
fn base64url(bytes: [u8; 3]) -> [u8; 4] {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let [first, second, third] = bytes;
    let bits = u32::from_be_bytes([0, first, second, third]);
    [18, 12, 6, 0].map(|shift| ALPHABET[(bits >> shift & 0b11_1111) as usize])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn written_signatures_are_url_safe_base64(digest in any::<[u8; 32]>()) {
            for format in SignatureFormat::ALL {
                let signature = Signature::new(digest, format);
                let mut written = vec![0; format.characters()];
                signature.write(&mut written);
                let written = String::from_utf8(written).unwrap();
                // `Display` calls the crate `base64`.
                prop_assert_eq!(&written, &signature.to_string());
                prop_assert!(bool::from(signature.matches(&written)));
            }
        }
    }
}
