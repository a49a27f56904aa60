//! Signatures of the API: hexadecimal digests of a message and the API secret.

use subtle::{Choice, ConstantTimeEq};

use crate::cloudinary::account::cloud::Cloud;
use crate::cloudinary::account::signature_algorithm::SignatureAlgorithm;
use crate::digest::hex_signature::HexSignature;
use crate::digest::midstate::{self, Midstate, State};
use crate::digest::signature_length::SignatureLength;
use crate::secret::Secret;

/// Signs a message, given in pieces.
pub(super) fn sign(
    algorithm: SignatureAlgorithm,
    message: &[&[u8]],
    secret: &Secret,
) -> HexSignature {
    match algorithm {
        SignatureAlgorithm::Sha1 => {
            let mut bytes = [0; 32];
            for (to, from) in bytes
                .iter_mut()
                .zip(digest::<midstate::Sha1>(message, secret))
            {
                *to = from;
            }
            HexSignature::truncated(bytes, SignatureLength::SHA1)
        }
        SignatureAlgorithm::Sha256 => HexSignature::truncated(
            digest::<midstate::Sha256>(message, secret),
            SignatureLength::FULL,
        ),
    }
}

fn digest<S: State>(message: &[&[u8]], secret: &Secret) -> S::Digest {
    let mut midstate = Midstate::<S>::new();
    for piece in message {
        midstate.update(piece);
    }
    midstate.finalize([secret.as_bytes()], || ())
}

impl Cloud {
    /// Returns whether a key of this cloud signed a message, with an algorithm that this
    /// cloud accepts. Every key is tried. The duration depends on the length of the
    /// signature only.
    pub(super) fn is_api_signature(&self, message: &[&[u8]], signature: &str) -> bool {
        let mut is_valid = Choice::from(0);
        for algorithm in [SignatureAlgorithm::Sha1, SignatureAlgorithm::Sha256] {
            if algorithm == self.algorithm || self.accepted_algorithms.contains(&algorithm) {
                is_valid |= self.is_signature_of(algorithm, message, signature);
            }
        }
        is_valid.into()
    }

    /// Returns whether a key of this cloud signed a message with this algorithm.
    pub(super) fn is_signature_of(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[&[u8]],
        signature: &str,
    ) -> Choice {
        let mut is_valid = Choice::from(0);
        for key in self.keys.iter() {
            // Different lengths are never equal. The length is not a secret.
            let expected = sign(algorithm, message, key);
            is_valid |= expected.digits().ct_eq(signature.as_bytes());
        }
        is_valid
    }
}
