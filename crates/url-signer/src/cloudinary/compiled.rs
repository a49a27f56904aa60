use std::fmt;

use super::decoded::SignedText;
use super::signature::BegunDigest;
use super::{SignatureForm, Transformation};

/// A transformation with the digest after it, so that signing an
/// asset hashes only what differs. Made by [`Cloud::compile`](super::Cloud::compile).
#[derive(Clone)]
pub struct CompiledTransformation {
    transformation: Transformation,
    begun: BegunDigest,
    signed_text: SignedText,
}

impl CompiledTransformation {
    pub(super) const fn new(
        transformation: Transformation,
        begun: BegunDigest,
        signed_text: SignedText,
    ) -> Self {
        Self {
            transformation,
            begun,
            signed_text,
        }
    }

    /// The transformation.
    #[must_use]
    pub const fn transformation(&self) -> &Transformation {
        &self.transformation
    }

    /// The digest after the transformation, if it was prepared for such a cloud.
    pub(super) fn begun(
        &self,
        form: SignatureForm,
        signed_text: SignedText,
    ) -> Option<&BegunDigest> {
        (self.begun.is_of(form) && self.signed_text == signed_text).then_some(&self.begun)
    }
}

impl fmt::Debug for CompiledTransformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CompiledTransformation")
            .field(&self.transformation.as_str())
            .finish()
    }
}
