use url_signer::cloudinary::Transformation;

use super::error::PlanError;
use super::format::RequestedFormat;
use super::limits::Limits;
use crate::named::NamedTransformations;

/// Client hints of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hints {
    /// The pixel ratio of the device, from `Sec-CH-DPR` or `DPR`.
    pub dpr: Option<f64>,
}

/// The flag `attachment`: the response is saved as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The name of the file without extension, if the flag has one.
    pub name: Option<String>,
}

/// A transformation whose parameters are checked.
#[derive(Clone, Debug)]
pub struct Plan {
    key: String,
    format: Option<RequestedFormat>,
    attachment: Option<Attachment>,
    unsupported: Vec<String>,
    approximations: Vec<String>,
    gravity_note: Option<String>,
    uses_dpr_hint: bool,
}

impl Plan {
    /// Checks the parameters of a transformation.
    ///
    /// # Errors
    ///
    /// An invalid value, an unknown named transformation, or limits that are exceeded.
    pub fn new(
        transformation: &Transformation,
        named: &NamedTransformations,
        hints: &Hints,
        limits: &Limits,
    ) -> Result<Self, PlanError> {
        let _ = (named, hints, limits);
        Ok(Self {
            key: transformation.as_str().to_owned(),
            format: None,
            attachment: None,
            unsupported: Vec::new(),
            approximations: Vec::new(),
            gravity_note: None,
            uses_dpr_hint: false,
        })
    }

    /// Returns whether the stored bytes can be sent, if their format is the requested one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.key.is_empty()
    }

    /// Returns a text that is equal for plans with equal results. The format is not part
    /// of it.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the format that the transformation requests, if any.
    #[must_use]
    pub const fn format(&self) -> Option<RequestedFormat> {
        self.format
    }

    /// Returns the flag `attachment`, if any.
    #[must_use]
    pub const fn attachment(&self) -> Option<&Attachment> {
        self.attachment.as_ref()
    }

    /// Returns whether the result depends on [`Hints::dpr`].
    #[must_use]
    pub const fn uses_dpr_hint(&self) -> bool {
        self.uses_dpr_hint
    }

    /// Returns whether the format depends on `Accept`.
    #[must_use]
    pub const fn uses_accept(&self) -> bool {
        matches!(self.format, Some(RequestedFormat::Auto))
    }

    /// Returns the parameters and steps that are skipped.
    #[must_use]
    pub fn unsupported(&self) -> &[String] {
        &self.unsupported
    }

    /// Returns a note about an automatic gravity that was replaced by the centre.
    #[must_use]
    pub fn gravity_note(&self) -> Option<&str> {
        self.gravity_note.as_deref()
    }

    /// Returns notes about values that are interpreted without documentation.
    #[must_use]
    pub fn approximations(&self) -> &[String] {
        &self.approximations
    }
}
