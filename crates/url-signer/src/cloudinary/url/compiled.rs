use std::fmt;

use super::signature::MidstateDigest;
use crate::cloudinary::account::signature_algorithm::SignatureForm;
use crate::cloudinary::path::canonical::PathEncoding;
use crate::cloudinary::transformation::Transformation;

/// A transformation with the digest after it, so that signing an
/// asset hashes only what differs. Made by [`Cloud::compile`](crate::cloudinary::Cloud::compile).
#[derive(Clone)]
pub struct CompiledTransformation {
    transformation: Transformation,
    /// `--/c_fit,w_300/`
    after_signature: Box<str>,
    begun: MidstateDigest,
    path_encoding: PathEncoding,
}

impl CompiledTransformation {
    pub(crate) fn new(
        transformation: Transformation,
        begun: MidstateDigest,
        path_encoding: PathEncoding,
    ) -> Self {
        Self {
            after_signature: after_signature(&transformation).concat().into(),
            transformation,
            begun,
            path_encoding,
        }
    }

    /// The transformation.
    #[must_use]
    pub const fn transformation(&self) -> &Transformation {
        &self.transformation
    }

    /// [`after_signature`], in one piece.
    pub(crate) fn after_signature(&self) -> &str {
        &self.after_signature
    }

    /// The digest after the transformation, if it was prepared for such a cloud.
    pub(crate) fn begun(
        &self,
        form: SignatureForm,
        path_encoding: PathEncoding,
    ) -> Option<&MidstateDigest> {
        (self.begun.is_of(form) && self.path_encoding == path_encoding).then_some(&self.begun)
    }
}

/// What stands in a URL between the signature and the version.
pub(crate) fn after_signature(transformation: &Transformation) -> [&str; 3] {
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
