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
/// The line and the column of a `serde_json::Error` count from the start of the payload,
/// lines from 1. An image that exceeds a limit has no line and column.
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
    /// The input is not valid JSON, or `serde_json` cannot decode it: invalid UTF-8, a
    /// number that is out of the range of `f64`, or more than 127 nested arrays and
    /// objects.
    Syntax,
    /// An image has more bytes than [allowed](crate::PayloadDecoder::with_max_image_bytes).
    /// Only a [`PayloadDecoder`](crate::PayloadDecoder) returns this kind.
    TooLong,
    /// An image is nested deeper than [allowed](crate::PayloadDecoder::with_max_depth).
    /// Only a [`PayloadDecoder`](crate::PayloadDecoder) returns this kind.
    /// [`from_slice`](crate::from_slice) returns [`Syntax`](Self::Syntax).
    TooDeep,
    /// The input ended early. A retry may succeed.
    Truncated,
    /// Other text follows the payload.
    TrailingData,
    /// The payload starts with a byte order mark.
    ByteOrderMark,
    /// The payload is not a JSON array. It may be an error object or an HTML page, for
    /// example.
    NotAList,
    /// The reader or stream that contains the payload failed. A retry may succeed. Only
    /// [`Images`](crate::Images) and `ImageStream` return this kind.
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

    /// Marks the error as one that ends decoding.
    pub(crate) fn into_final(self) -> Self {
        Self {
            is_final: true,
            ..self
        }
    }

    /// Returns the path of the invalid value: `images[2].gps[0]`.
    ///
    /// - `images`, if the error is not in an image: the payload is not an array, for
    ///   example.
    /// - `images[2]`, if an image exceeds a limit, or if the reader failed before the
    ///   image was complete.
    /// - `infos.bytes`, if [`Infos`](crate::Infos) rejects a value.
    ///
    /// Control characters in keys of the host are escaped.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the kind of the error.
    #[must_use]
    pub const fn kind(&self) -> DecodeErrorKind {
        self.kind
    }

    /// Returns whether another request may return a valid payload. This is the case if the
    /// kind is [`Truncated`](DecodeErrorKind::Truncated) or [`Read`](DecodeErrorKind::Read).
    ///
    /// After all other errors, the host probably returns the same payload again. Check
    /// the status and the content type of a response before you decode it: the error page
    /// of a proxy has the kind [`NotAList`](DecodeErrorKind::NotAList), although a retry
    /// may succeed.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(
            self.kind,
            DecodeErrorKind::Truncated | DecodeErrorKind::Read
        )
    }

    /// Returns whether decoding ended with this error.
    ///
    /// Returns `false` for the error of one image: the next call of
    /// [`next_image`](crate::PayloadDecoder::next_image) continues with the next image. All
    /// errors of [`from_slice`](crate::from_slice) and of
    /// [`finish`](crate::PayloadDecoder::finish) are final.
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
