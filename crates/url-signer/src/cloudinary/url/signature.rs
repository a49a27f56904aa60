//! The signature of a delivery URL: a digest of the signed path and the secret.

use std::fmt;

use base64::Engine;
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
        let _ = URL_SAFE_NO_PAD.encode_slice(self.bytes(), out);
    }

    /// Compares the signature with a text in constant time.
    pub(crate) fn matches(&self, text: &str) -> Choice {
        let characters = self.characters();
        // Different lengths are never equal. The length is not a secret.
        self.used(&characters).ct_eq(text.as_bytes())
    }

    /// The characters, and zeros after them.
    fn characters(&self) -> [u8; SignatureFormat::MAX_CHARACTERS] {
        let mut characters = [0; SignatureFormat::MAX_CHARACTERS];
        // Every format fits.
        let _ = URL_SAFE_NO_PAD.encode_slice(self.bytes(), &mut characters);
        characters
    }

    #[expect(clippy::indexing_slicing, reason = "no format has more characters")]
    fn used<'a>(&self, characters: &'a [u8]) -> &'a [u8] {
        &characters[..self.format.characters()]
    }

    #[expect(clippy::indexing_slicing, reason = "no format has more bytes")]
    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.format.bytes()]
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The characters are ASCII.
        f.write_str(str::from_utf8(self.used(&self.characters())).unwrap_or_default())
    }
}
