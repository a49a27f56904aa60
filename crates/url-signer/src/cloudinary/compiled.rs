use std::fmt;

use super::decoded::SignedText;
use super::signature::BegunDigest;
use super::{SignatureForm, Transformation};

/// A transformation with the digest after it, so that signing an
/// asset hashes only what differs. Made by [`Cloud::compile`](super::Cloud::compile).
#[derive(Clone)]
pub struct CompiledTransformation {
    transformation: Transformation,
    /// `--/c_fit,w_300/`
    after_signature: Box<str>,
    begun: BegunDigest,
    signed_text: SignedText,
}

impl CompiledTransformation {
    pub(super) fn new(
        transformation: Transformation,
        begun: BegunDigest,
        signed_text: SignedText,
    ) -> Self {
        Self {
            after_signature: after_signature(&transformation).concat().into(),
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

    /// [`after_signature`], in one piece.
    pub(super) fn after_signature(&self) -> &str {
        &self.after_signature
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

/// What stands in a URL between the signature and the version.
pub(super) fn after_signature(transformation: &Transformation) -> [&str; 3] {
    let slash = if transformation.is_empty() { "" } else { "/" };
    ["--/", transformation.as_str(), slash]
}

impl fmt::Debug for CompiledTransformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CompiledTransformation")
            .field(&self.transformation.as_str())
            .finish()
    }
}
