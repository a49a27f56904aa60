use thiserror::Error;

/// An error parsing a text: names the expected form and the first part that
/// differs from it.
///
/// A text that parses may still fail verification.
///
/// ```
/// use url_signer::ThumbnailRequest;
///
/// let error = ThumbnailRequest::parse("/photo.jpg").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "invalid thumbnail path: not of the form `/images/…/thumbnails/…`",
/// );
/// ```
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("invalid {what}: {problem}")]
pub struct ParseError {
    what: &'static str,
    problem: &'static str,
}

impl ParseError {
    pub(crate) const fn new(what: &'static str, problem: &'static str) -> Self {
        Self { what, problem }
    }
}

/// A failed verification: no key of the ring created the signature.
///
/// The error carries no reason, so that callers learn nothing from probing.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("invalid signature")]
#[non_exhaustive]
pub struct VerifyError;
