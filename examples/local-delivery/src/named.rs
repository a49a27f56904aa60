//! Named transformations.

use std::collections::HashMap;
use std::path::Path;
use std::{fs, io};

use url_signer::cloudinary::{Transformation, TransformationError};

/// Transformations with a name, for `t_name`.
///
/// The file has one transformation per line. An empty line and a line that begins with
/// `#` are ignored:
///
/// ```
/// use local_delivery::named::NamedTransformations;
///
/// let named = NamedTransformations::parse("# Lists\nsquare = c_fill,w_100,h_100\n")?;
/// assert_eq!(named.get("square").unwrap().as_str(), "c_fill,w_100,h_100");
/// # Ok::<(), local_delivery::named::NamedError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedTransformations {
    transformations: HashMap<String, Transformation>,
}

/// An error reading named transformations.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NamedError {
    /// The file cannot be read.
    #[error("cannot read the file")]
    Read(#[source] io::Error),
    /// A line without `=`, or with an invalid name.
    #[error(
        "line {line}: write `name = transformation`, with a name of letters, digits, `_` and `-`"
    )]
    InvalidLine {
        /// The number of the line, from 1.
        line: usize,
    },
    /// A name that an earlier line defines.
    #[error("line {line}: `{name}` is already defined")]
    Duplicate {
        /// The number of the line, from 1.
        line: usize,
        /// The name.
        name: String,
    },
    /// An invalid transformation.
    #[error("line {line}: invalid transformation")]
    InvalidTransformation {
        /// The number of the line, from 1.
        line: usize,
        /// The cause.
        #[source]
        source: TransformationError,
    },
}

impl NamedTransformations {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// A file that cannot be read or has an invalid line.
    pub fn read(path: &Path) -> Result<Self, NamedError> {
        Self::parse(&fs::read_to_string(path).map_err(NamedError::Read)?)
    }

    /// Parses the text of a file.
    ///
    /// # Errors
    ///
    /// An invalid line.
    pub fn parse(text: &str) -> Result<Self, NamedError> {
        let mut transformations = HashMap::new();
        for (line, text) in (1..).zip(text.lines().map(str::trim)) {
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let (name, steps) = text
                .split_once('=')
                .ok_or(NamedError::InvalidLine { line })?;
            let (name, steps) = (name.trim(), steps.trim());
            let is_valid = |byte: u8| byte.is_ascii_alphanumeric() || b"_-".contains(&byte);
            if name.is_empty() || !name.bytes().all(is_valid) {
                return Err(NamedError::InvalidLine { line });
            }
            let transformation = Transformation::verbatim(steps)
                .map_err(|source| NamedError::InvalidTransformation { line, source })?;
            let name = name.to_owned();
            if transformations.contains_key(&name) {
                return Err(NamedError::Duplicate { line, name });
            }
            transformations.insert(name, transformation);
        }
        Ok(Self { transformations })
    }

    /// Returns the transformation with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Transformation> {
        self.transformations.get(name)
    }
}

#[cfg(test)]
mod tests {
    use super::{NamedError, NamedTransformations};

    #[test]
    fn lines_define_transformations() {
        let named = NamedTransformations::parse("\n# x\n a-1=c_fit,w_1/a_90 \nempty =\n").unwrap();
        assert_eq!(named.get("a-1").unwrap().as_str(), "c_fit,w_1/a_90");
        assert_eq!(named.get("empty").unwrap().as_str(), "");
        assert!(named.get("x").is_none());
    }

    #[test]
    fn errors_name_the_line() {
        for (text, expected) in [
            (
                "w_1",
                "line 1: write `name = transformation`, with a name of letters, digits, `_` and `-`",
            ),
            (
                "\na b = w_1",
                "line 2: write `name = transformation`, with a name of letters, digits, `_` and `-`",
            ),
            ("a = w_1\na = w_2", "line 2: `a` is already defined"),
            ("a = w_1,,h_2", "line 1: invalid transformation"),
        ] {
            let error = NamedTransformations::parse(text).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
        let error = NamedTransformations::read("/nonexistent".as_ref()).unwrap_err();
        assert!(matches!(error, NamedError::Read(_)));
    }
}
