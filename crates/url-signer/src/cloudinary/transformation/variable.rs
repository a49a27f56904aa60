use std::fmt;
use std::str::FromStr;

use super::error::TransformationError;

/// The name of a variable: a letter, then letters and digits.
///
/// ```
/// use url_signer::cloudinary::transformation::{Operand, Step, VariableName};
///
/// let size = VariableName::new("size")?;
/// let step = Step::new()
///     .variable(size.clone(), 100)
///     .width(Operand::from(&size).mul(2));
/// assert_eq!(step.to_string(), "$size_100,w_$size_mul_2");
/// # Ok::<(), url_signer::cloudinary::TransformationError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VariableName {
    /// The name with its `$`.
    text: String,
}

impl VariableName {
    /// Creates a name, with or without the leading `$`.
    ///
    /// # Errors
    ///
    /// - A name that does not begin with an ASCII letter.
    /// - A character that is not an ASCII letter or digit.
    pub fn new(name: &str) -> Result<Self, TransformationError> {
        let bare = name.strip_prefix('$').unwrap_or(name);
        let is_valid = bare.starts_with(|char: char| char.is_ascii_alphabetic())
            && bare.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_valid {
            return Err(TransformationError::invalid(
                "variable name",
                name,
                "expected a letter, then letters and digits",
            ));
        }
        Ok(Self {
            text: format!("${bare}"),
        })
    }

    /// Returns the name as written in a URL, with its `$`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl AsRef<str> for VariableName {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for VariableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl FromStr for VariableName {
    type Err = TransformationError;

    /// Equivalent to [`VariableName::new`].
    fn from_str(name: &str) -> Result<Self, TransformationError> {
        Self::new(name)
    }
}

/// Returns the name with its `$`.
impl From<VariableName> for String {
    fn from(name: VariableName) -> Self {
        name.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_a_letter_then_letters_and_digits() {
        assert_eq!(VariableName::new("a").unwrap().as_str(), "$a");
        assert_eq!(VariableName::new("$aB1").unwrap().as_str(), "$aB1");
        for name in ["", "$", "1a", "a_b", "$$a", "é", "a/"] {
            assert_eq!(
                VariableName::new(name).unwrap_err().to_string(),
                format!(
                    "invalid variable name `{name}`: expected a letter, then letters and digits"
                )
            );
        }
    }
}
