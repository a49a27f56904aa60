use thiserror::Error;

/// An error parsing or building a transformation or a part of one.
///
/// Most variants name the invalid part, such as a value, a public id or a step.
///
/// A position is a byte offset into the text of the part, with two exceptions:
///
/// - In an expression, a position is an offset into the normalized text.
/// - In a public id or a font, the position of a percent-encoded character is an offset
///   into the decoded text.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransformationError {
    /// An empty part.
    #[error("{part} is empty")]
    Empty {
        /// Name of the part, such as `value`.
        part: &'static str,
    },
    /// A character that is not allowed in the part.
    #[error("unexpected {character:?} at byte {position} of the {part}")]
    UnexpectedCharacter {
        /// Name of the part, such as `value`.
        part: &'static str,
        /// The first character that is not allowed.
        character: char,
        /// Byte offset of the character.
        position: usize,
    },
    /// Invalid percent-encoding: a `%` that is not followed by two hexadecimal digits.
    #[error("invalid percent-encoding at byte {position} of the {part}")]
    InvalidPercentEncoding {
        /// Name of the part, such as `value`.
        part: &'static str,
        /// Byte offset of the `%`.
        position: usize,
    },
    /// A percent-encoded `,` or `/`. It ends the parameter, like the decoded character.
    #[error("unexpected percent-encoded {separator:?} at byte {position} of the {part}")]
    EncodedSeparator {
        /// Name of the part, such as `value`.
        part: &'static str,
        /// The decoded character.
        separator: char,
        /// Byte offset of the `%`.
        position: usize,
    },
    /// A part that is not in the required form.
    #[error("invalid {part} `{text}`: {reason}", text = .text.escape_debug())]
    InvalidPart {
        /// Name of the part, such as `color`.
        part: &'static str,
        /// Text of the part.
        text: String,
        /// Reason why the text is invalid.
        reason: &'static str,
    },
    /// An empty parameter, as in `w_1,,h_2`. Cloudinary answers with an error.
    #[error("empty parameter at byte {position} of the transformation; remove a `,`")]
    EmptyParameter {
        /// Byte offset of the empty parameter.
        position: usize,
    },
    /// Steps with a `/` at the start or the end, or with a dot segment. The string is
    /// the reason.
    #[error("invalid transformation: {0}")]
    InvalidSteps(&'static str),
    /// A number that is infinite or NaN.
    #[error("number is not finite")]
    NotFinite,
}

impl TransformationError {
    /// Rejects a part that is empty or contains a character that is not allowed.
    pub(super) fn check(
        part: &'static str,
        text: &str,
        is_allowed: impl Fn(char) -> bool,
    ) -> Result<(), Self> {
        if text.is_empty() {
            return Err(Self::Empty { part });
        }
        Self::check_characters(part, text, is_allowed)
    }

    /// Rejects a part that contains a character that is not allowed.
    pub(super) fn check_characters(
        part: &'static str,
        text: &str,
        is_allowed: impl Fn(char) -> bool,
    ) -> Result<(), Self> {
        match text.char_indices().find(|(_, char)| !is_allowed(*char)) {
            Some((position, character)) => Err(Self::UnexpectedCharacter {
                part,
                character,
                position,
            }),
            None => Ok(()),
        }
    }

    /// An error about a part that does not have its required form.
    pub(super) fn invalid(part: &'static str, text: &str, reason: &'static str) -> Self {
        Self::InvalidPart {
            part,
            text: text.to_owned(),
            reason,
        }
    }
}
