use std::fmt;

use super::signature::SignatureMidstate;
use crate::cloudinary::account::signature_algorithm::SignatureAlgorithm;
use crate::cloudinary::path::encoding::PathEncoding;
use crate::cloudinary::transformation::Transformation;

/// A transformation that is hashed in advance.
///
/// Signing an asset with a compiled transformation hashes only the rest of the path.
/// [`Cloud::compile`](crate::cloudinary::Cloud::compile) creates this type.
#[derive(Clone)]
pub struct CompiledTransformation {
    transformation: Transformation,
    /// `--/c_fit,w_300/`
    after_signature: Box<str>,
    midstate: SignatureMidstate,
    /// True if the midstate is that of the decoded transformation.
    is_decoded: bool,
}

impl CompiledTransformation {
    pub(super) fn new(
        transformation: Transformation,
        midstate: SignatureMidstate,
        path_encoding: PathEncoding,
    ) -> Self {
        Self {
            after_signature: after_signature(&transformation).concat().into(),
            transformation,
            midstate,
            is_decoded: path_encoding.decodes_steps(),
        }
    }

    /// Returns the transformation.
    #[must_use]
    pub const fn transformation(&self) -> &Transformation {
        &self.transformation
    }

    /// [`after_signature`], in one piece.
    pub(super) fn after_signature(&self) -> &str {
        &self.after_signature
    }

    /// The midstate after the transformation, if it was compiled for these settings.
    pub(super) fn midstate(
        &self,
        algorithm: SignatureAlgorithm,
        path_encoding: PathEncoding,
    ) -> Option<&SignatureMidstate> {
        (self.midstate.algorithm() == algorithm && self.is_decoded == path_encoding.decodes_steps())
            .then_some(&self.midstate)
    }
}

/// The text of a URL between the signature and the version.
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
