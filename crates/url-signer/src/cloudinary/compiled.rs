use std::fmt;

use super::decoded::SignedText;
use super::signature::DigestState;
use super::{SignatureForm, Transformation};

/// A transformation with the state of the digest after it, so that signing an
/// asset hashes only what differs. Made by [`Cloud::compile`](super::Cloud::compile).
#[derive(Clone)]
pub struct CompiledTransformation {
    transformation: Transformation,
    digest: DigestState,
    signed_text: SignedText,
}

impl CompiledTransformation {
    pub(super) const fn new(
        transformation: Transformation,
        digest: DigestState,
        signed_text: SignedText,
    ) -> Self {
        Self {
            transformation,
            digest,
            signed_text,
        }
    }

    /// The transformation.
    #[must_use]
    pub const fn transformation(&self) -> &Transformation {
        &self.transformation
    }

    /// The state after the transformation, if it was prepared for such a cloud.
    pub(super) fn digest(
        &self,
        form: SignatureForm,
        signed_text: SignedText,
    ) -> Option<DigestState> {
        (self.digest.is_of(form) && self.signed_text == signed_text).then(|| self.digest.clone())
    }
}

impl fmt::Debug for CompiledTransformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CompiledTransformation")
            .field(&self.transformation.as_str())
            .finish()
    }
}
