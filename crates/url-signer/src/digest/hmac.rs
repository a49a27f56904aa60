//! HMAC-SHA256, truncated to some hexadecimal digits: the signatures of proxy
//! URLs and thumbnail paths, and, in full, of access tokens.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use super::hex_signature::HexSignature;
use super::midstate::{self, Midstate};
use super::signature_length::SignatureLength;
use crate::secret::{KeyRing, Secret};

/// A key ring prepared for HMAC-SHA256, and the length of its signatures.
#[derive(Clone)]
pub(crate) struct HmacKeys {
    signing: Hmac<Sha256>,
    retired: Vec<Hmac<Sha256>>,
    midstates: HmacMidstates,
    length: SignatureLength,
}

impl HmacKeys {
    pub(crate) fn new(keys: &KeyRing, length: SignatureLength) -> Self {
        Self {
            signing: keyed(keys.signing()),
            retired: keys.iter().skip(1).map(keyed).collect(),
            midstates: HmacMidstates::new(keys.signing()),
            length,
        }
    }

    pub(crate) fn with_signature_length(mut self, length: SignatureLength) -> Self {
        self.length = length;
        self
    }

    /// Truncates a full signature to the length of this ring.
    pub(crate) fn truncate(&self, signature: [u8; 32]) -> HexSignature {
        HexSignature::truncated(signature, self.length)
    }

    /// Signs the message that `feed` passes to the HMAC.
    pub(crate) fn sign(&self, feed: impl Fn(&mut Hmac<Sha256>)) -> HexSignature {
        hex_signature(&self.signing, self.length, feed)
    }

    /// Returns the inner hash after the key, to which messages are appended.
    /// [`finalize`](Self::finalize) turns its digest into the signature.
    pub(crate) fn midstate(&self) -> Zeroizing<Midstate<midstate::Sha256>> {
        self.midstates.inner.clone()
    }

    /// Returns the full signature for a digest of the inner hash.
    pub(crate) fn finalize(&self, inner_digest: [u8; 32]) -> [u8; 32] {
        self.midstates.outer.digest_of_digest(inner_digest)
    }

    /// Returns the number of keys.
    #[cfg(feature = "explain")]
    pub(crate) fn count(&self) -> usize {
        self.retired.len() + 1
    }

    /// Returns whether a key of the ring created this signature. The duration depends on
    /// the length of the signature only.
    pub(crate) fn verify(&self, signature: &str, feed: impl Fn(&mut Hmac<Sha256>)) -> bool {
        let mut is_valid = Choice::from(0);
        for key in [&self.signing].into_iter().chain(&self.retired) {
            let expected = hex_signature(key, self.length, &feed);
            // Different lengths are never equal. The length is not a secret.
            is_valid |= expected.digits().ct_eq(signature.as_bytes());
        }
        is_valid.into()
    }
}

impl fmt::Debug for HmacKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HmacKeys")
            .field("length", &self.length.get())
            .finish_non_exhaustive()
    }
}

fn hex_signature(
    key: &Hmac<Sha256>,
    length: SignatureLength,
    feed: impl Fn(&mut Hmac<Sha256>),
) -> HexSignature {
    let mut mac = key.clone();
    feed(&mut mac);
    HexSignature::truncated(mac.finalize().into_bytes().into(), length)
}

/// An HMAC after its key.
fn keyed(secret: &Secret) -> Hmac<Sha256> {
    let mut block = Zeroizing::new([0; 64]);
    fill_key_block(secret, &mut block);
    Hmac::new((&*block).into())
}

/// Fills the key block of RFC 2104. `Hmac::new_from_slice` does the same, but
/// returns an error that never occurs. The block is filled in place, because a
/// moved key leaves a copy behind.
fn fill_key_block(secret: &Secret, block: &mut [u8; 64]) {
    let key = secret.as_bytes();
    let digest;
    let key = if key.len() > block.len() {
        let empty = Midstate::<midstate::Sha256>::new();
        digest = Zeroizing::new(empty.finalize([key], || ()));
        digest.as_slice()
    } else {
        key
    };
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
}

/// The inner and outer hash of an HMAC after the key.
#[derive(Clone)]
struct HmacMidstates {
    inner: Zeroizing<Midstate<midstate::Sha256>>,
    outer: Zeroizing<Midstate<midstate::Sha256>>,
}

impl HmacMidstates {
    fn new(secret: &Secret) -> Self {
        const INNER_PAD: u8 = 0x36;
        const OUTER_PAD: u8 = 0x5c;

        let mut block = Zeroizing::new([0; 64]);
        fill_key_block(secret, &mut block);
        let mut midstate = |mask: u8| {
            block.iter_mut().for_each(|byte| *byte ^= mask);
            let mut midstate = Midstate::new();
            midstate.update(block.as_slice());
            Zeroizing::new(midstate)
        };
        Self {
            inner: midstate(INNER_PAD),
            // The second mask also removes the inner pad.
            outer: midstate(INNER_PAD ^ OUTER_PAD),
        }
    }
}
