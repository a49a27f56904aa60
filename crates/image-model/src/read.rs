use std::fmt;

use serde::Deserialize;
use serde_path_to_error::{Path, Segment};
use thiserror::Error;

use crate::Image;

/// Reads the images of a payload.
///
/// `serde_json` reads the same `Vec<Image<U>>`; what this adds is an error
/// that names image and field.
///
/// The URLs are of any type that can be read: `String`s,
/// [`BorrowedUrl`](crate::BorrowedUrl)s where the images go before the payload
/// does, or [`Unsigned`](crate::Unsigned) where nobody needs them.
///
/// ```
/// use image_model::Image;
///
/// let error = image_model::from_str::<String>(r#"[{"id":5}]"#).unwrap_err();
/// assert_eq!(error.path(), "images[0].id");
/// let none: Vec<Image> = image_model::from_str("[]")?;
/// assert!(none.is_empty());
/// # Ok::<(), image_model::DecodeError>(())
/// ```
///
/// # Errors
///
/// - What is no JSON, or goes on after its end.
/// - What is no list of objects.
/// - A key that is missing, or whose value is of another type than
///   [`Image`] says.
/// - A `gps` that is not on the globe.
pub fn from_slice<'json, U>(json: &'json [u8]) -> Result<Vec<Image<U>>, DecodeError>
where
    U: Deserialize<'json>,
{
    // The path is kept track of only where there is an error to name: doing
    // so takes work at every key.
    serde_json::from_slice(json).or_else(|_| {
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        let images = serde_path_to_error::deserialize(&mut deserializer)
            .map_err(|error| DecodeError::new("images", error))?;
        deserializer.end().map_err(|source| DecodeError {
            path: "images".to_owned(),
            source,
        })?;
        Ok(images)
    })
}

/// Reads the images of a payload that is a `str`; see [`from_slice`].
///
/// # Errors
///
/// Those of [`from_slice`].
pub fn from_str<'json, U>(json: &'json str) -> Result<Vec<Image<U>>, DecodeError>
where
    U: Deserialize<'json>,
{
    from_slice(json.as_bytes())
}

/// What could not be read, and where: `images[2].gps[0]: …`.
#[derive(Debug, Error)]
#[error("{path}: {source}")]
pub struct DecodeError {
    path: String,
    source: serde_json::Error,
}

impl DecodeError {
    pub(crate) fn new(root: &str, error: serde_path_to_error::Error<serde_json::Error>) -> Self {
        Self {
            path: Rooted(root, error.path()).to_string(),
            source: error.into_inner(),
        }
    }

    /// Where in the payload: `images[2].gps[0]`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }
}

struct Rooted<'a>(&'a str, &'a Path);

impl fmt::Display for Rooted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)?;
        for segment in self.1 {
            match segment {
                Segment::Seq { index } => write!(f, "[{index}]")?,
                // The names of an open object's keys are others' to choose.
                Segment::Map { key } => write!(f, ".{}", key.escape_debug())?,
                Segment::Enum { variant } => write!(f, ".{variant}")?,
                // Where an object ends too soon, there is no key to name.
                Segment::Unknown => {}
            }
        }
        Ok(())
    }
}
