use thiserror::Error;

/// An error parsing a URL, a path, a token or a name.
///
/// The message names the expected form, or the first part of the text that differs
/// from it. Parsing does not verify signatures.
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

/// A failed verification of a URL or path.
///
/// The text is malformed, it belongs to another account or host, or no key of the
/// [`KeyRing`](crate::KeyRing) created its signature. The error does not tell which,
/// so that an attacker learns nothing from trying signatures.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("invalid signature")]
#[non_exhaustive]
pub struct VerifyError;
