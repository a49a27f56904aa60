use std::fmt;

use serde_path_to_error::{Path, Segment};
use thiserror::Error;

/// An error decoding a payload or validating the keys of [`Infos`](crate::Infos).
///
/// The error contains the path of the invalid value. The cause is its
/// [`source`](std::error::Error::source), which is a `serde_json::Error`.
///
/// ```
/// use std::error::Error;
///
/// let error = image_model::from_str::<String>("[5]").unwrap_err();
/// assert_eq!(error.path(), "images[0]");
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
    source: serde_json::Error,
}

impl DecodeError {
    pub(crate) fn new(root: &str, error: serde_path_to_error::Error<serde_json::Error>) -> Self {
        let path = DisplayPath(root, error.path()).to_string();
        Self {
            path,
            source: error.into_inner(),
        }
    }

    /// Creates an error at the root of the input.
    pub(crate) fn at(root: &str, source: serde_json::Error) -> Self {
        Self {
            path: root.to_owned(),
            source,
        }
    }

    /// Returns the path of the invalid value in the input: `images[2].gps[0]`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
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
