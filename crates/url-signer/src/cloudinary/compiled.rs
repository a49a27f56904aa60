use std::fmt;

use super::signature::DigestState;
use super::{SignatureForm, Transformation};

/// A transformation with the state of the digest after it, so that signing an
/// asset hashes only what differs. Made by [`Cloud::compile`](super::Cloud::compile).
#[derive(Clone)]
pub struct CompiledTransformation {
    transformation: Transformation,
    digest: DigestState,
}

impl CompiledTransformation {
    pub(super) fn new(transformation: Transformation, form: SignatureForm) -> Self {
        Self {
            digest: transformation.digest(form),
            transformation,
        }
    }

    /// The transformation.
    #[must_use]
    pub const fn transformation(&self) -> &Transformation {
        &self.transformation
    }

    /// The state after the transformation, for a form of any cloud.
    pub(super) fn digest(&self, form: SignatureForm) -> DigestState {
        if self.digest.is_of(form) {
            self.digest.clone()
        } else {
            self.transformation.digest(form)
        }
    }
}

impl fmt::Debug for CompiledTransformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CompiledTransformation")
            .field(&self.transformation.as_str())
            .finish()
    }
}
