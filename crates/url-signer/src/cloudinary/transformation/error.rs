use thiserror::Error;

/// Why a text is no transformation, or no part of one.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransformationError {
    /// A character that can't stand there, and at which byte.
    #[error("transformation has {0:?} at byte {1}, which cannot stand in a url as it is")]
    Character(char, usize),
    /// Steps that would lead elsewhere.
    #[error("transformation is misleading: {0}")]
    Steps(&'static str),
    /// A step that would be read as a version.
    #[error("transformation has a step `{0}`, which would be read as a version")]
    Version(String),
    /// A step that would be read as the beginning of a URL to fetch.
    #[error("transformation has a step `{0}`, which would be read as a url to fetch")]
    Remote(String),
    /// A part that is empty, by what it is.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// What the part is, a character that can't stand in it, and at which byte.
    #[error("{0} has {1:?} at byte {2}, which cannot stand in it")]
    PartCharacter(&'static str, char, usize),
    /// What the part is, and at which byte there is a `%` that is no escape, or
    /// an escape of `,` or `/`.
    #[error("{0} has an escape at byte {1} that would end it, or that is none")]
    PartEscape(&'static str, usize),
    /// What the part is, its text, and what it should be.
    #[error("{0} {1:?} is not {2}")]
    Part(&'static str, String, &'static str),
}

impl TransformationError {
    /// Refuses a part that is empty, or has a character that does not stand.
    pub(super) fn check(
        part: &'static str,
        text: &str,
        stands: impl Fn(char) -> bool,
    ) -> Result<(), Self> {
        if text.is_empty() {
            return Err(Self::Empty(part));
        }
        match text.char_indices().find(|(_, char)| !stands(*char)) {
            Some((at, char)) => Err(Self::PartCharacter(part, char, at)),
            None => Ok(()),
        }
    }
}
