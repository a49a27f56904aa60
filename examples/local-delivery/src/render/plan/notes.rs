//! Remarks about a transformation.

/// Remarks about a transformation, for the response.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes {
    /// The parameters that are skipped.
    pub(super) unsupported: Vec<String>,
    /// The gravity that was replaced.
    pub(super) gravity: Option<String>,
    /// Values whose meaning Cloudinary does not document.
    pub(super) approximations: Vec<String>,
    /// True if a size depends on the pixel ratio of the client.
    pub(super) uses_dpr_hint: bool,
}

impl Notes {
    /// Adds a parameter that is skipped.
    pub(super) fn skip(&mut self, parameter: &str) {
        self.unsupported.push(parameter.to_owned());
    }
}
