use std::error::Error;
use std::fmt;

use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};
use thiserror::Error;

use crate::decoder::position::Position;

/// An error decoding a payload or validating the keys of [`Infos`](crate::Infos).
///
/// The error contains the path of the invalid value and the [kind](DecodeErrorKind) of
/// the error. The cause is its [`source`](Error::source), which is a
/// `serde_json::Error`, or the error of the reader or stream that contains the payload.
///
/// ```
/// use std::error::Error;
///
/// use image_model::DecodeErrorKind;
///
/// let error = image_model::from_str::<String>("[5]").unwrap_err();
/// assert_eq!(error.path(), "images[0]");
/// assert_eq!(error.kind(), DecodeErrorKind::Value);
/// assert!(!error.is_retryable());
/// assert_eq!(error.to_string(), "failed to decode images[0]");
/// assert_eq!(
///     error.source().map(|cause| cause.to_string()).as_deref(),
///     Some("invalid type: integer `5`, expected an image object at line 1 column 2"),
/// );
/// ```
#[derive(Debug, Error)]
#[error("failed to decode {path}")]
pub struct DecodeError {
    path: String,
    kind: DecodeErrorKind,
    is_final: bool,
    source: Box<dyn Error + Send + Sync>,
}

/// The kind of a [`DecodeError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// A value is invalid for its key, or a required key is missing.
    Value,
    /// The input is not valid JSON.
    Syntax,
    /// An image has more bytes than [allowed](crate::PayloadDecoder::with_max_image_bytes).
    TooLong,
    /// An image is nested deeper than [allowed](crate::PayloadDecoder::with_max_depth).
    TooDeep,
    /// The input ended early. A retry may succeed.
    Truncated,
    /// Other text follows the payload.
    TrailingData,
    /// The payload starts with a byte order mark.
    ByteOrderMark,
    /// The payload is not a list. It may be the JSON object of an error, for example.
    NotAList,
    /// The reader or stream that contains the payload failed. A retry may succeed.
    Read,
}

impl From<Category> for DecodeErrorKind {
    fn from(category: Category) -> Self {
        match category {
            Category::Data => Self::Value,
            Category::Syntax => Self::Syntax,
            Category::Eof => Self::Truncated,
            Category::Io => Self::Read,
        }
    }
}

impl DecodeError {
    pub(crate) fn new(root: &str, error: serde_path_to_error::Error<serde_json::Error>) -> Self {
        Self::at_position(root, error, Position::START)
    }

    /// Creates an error of a part of the input that starts at a position.
    pub(crate) fn at_position(
        root: &str,
        error: serde_path_to_error::Error<serde_json::Error>,
        position: Position,
    ) -> Self {
        let path = DisplayPath(root, error.path()).to_string();
        let source = error.into_inner();
        let kind = source.classify().into();
        Self::with_kind(kind, path, position.of_error(source))
    }

    /// Creates an error that ends decoding.
    pub(crate) fn with_kind(
        kind: DecodeErrorKind,
        path: String,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self {
            path,
            kind,
            is_final: true,
            source: source.into(),
        }
    }

    /// Sets the kind.
    pub(crate) fn of_kind(self, kind: DecodeErrorKind) -> Self {
        Self { kind, ..self }
    }

    /// Marks the error as the error of one image of a [`PayloadDecoder`](crate::PayloadDecoder).
    pub(crate) fn of_image(self) -> Self {
        Self {
            is_final: false,
            ..self
        }
    }

    /// Returns the path of the invalid value in the input: `images[2].gps[0]`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the kind of the error.
    #[must_use]
    pub const fn kind(&self) -> DecodeErrorKind {
        self.kind
    }

    /// Returns whether another request may return a valid payload: this one was
    /// [truncated](DecodeErrorKind::Truncated) or could not be [read](DecodeErrorKind::Read).
    ///
    /// All other errors are errors of the host, which will probably return the same
    /// payload again.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(
            self.kind,
            DecodeErrorKind::Truncated | DecodeErrorKind::Read
        )
    }

    /// Returns whether decoding ended with this error.
    ///
    /// It is `false` only if the error is that of one image of a
    /// [`PayloadDecoder`](crate::PayloadDecoder), which then continues with the next image.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        self.is_final
    }
}

/// A path that starts with the name of the input.
struct DisplayPath<'a>(&'a str, &'a Path);

impl fmt::Display for DisplayPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)?;
        for segment in self.1 {
            match segment {
                Segment::Seq { index } => write!(f, "[{index}]")?,
                // The sender chooses the keys of open objects, so they may contain
                // control characters.
                Segment::Map { key } => write!(f, ".{}", key.escape_debug())?,
                Segment::Enum { variant } => write!(f, ".{variant}")?,
                // The input ended before the next key.
                Segment::Unknown => {}
            }
        }
        Ok(())
    }
}
