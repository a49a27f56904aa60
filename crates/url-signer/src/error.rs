use thiserror::Error;

/// The shape that a text was expected to have, and the first part that was not.
///
/// It says nothing of signatures: a text that parses may still not verify.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("not a {what}: {problem}")]
pub struct ParseError {
    what: &'static str,
    problem: &'static str,
}

impl ParseError {
    pub(crate) const fn new(what: &'static str, problem: &'static str) -> Self {
        Self { what, problem }
    }
}

/// What was to be verified was not signed by a key of the ring.
///
/// It does not say why, so that who asks learns nothing by trying.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("signature does not verify")]
#[non_exhaustive]
pub struct VerifyError;
