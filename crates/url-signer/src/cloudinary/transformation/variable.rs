use std::fmt;
use std::str::FromStr;

use super::TransformationError;

/// The name of a variable: a letter, and letters and digits after it.
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
    /// `$` and the name.
    text: String,
}

impl VariableName {
    /// A name, with or without `$` before it.
    ///
    /// # Errors
    ///
    /// - Another beginning than an ASCII letter.
    /// - Other characters than ASCII letters and digits.
    pub fn new(name: &str) -> Result<Self, TransformationError> {
        let bare = name.strip_prefix('$').unwrap_or(name);
        let fits = bare.starts_with(|char: char| char.is_ascii_alphabetic())
            && bare.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !fits {
            return Err(TransformationError::Part(
                "variable name",
                name.to_owned(),
                "a letter and after it letters and digits",
            ));
        }
        Ok(Self {
            text: format!("${bare}"),
        })
    }

    /// The name as it stands in a URL, after its `$`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for VariableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl FromStr for VariableName {
    type Err = TransformationError;

    /// The same as [`VariableName::new`].
    fn from_str(name: &str) -> Result<Self, TransformationError> {
        Self::new(name)
    }
}

impl From<VariableName> for String {
    fn from(name: VariableName) -> Self {
        name.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_letter_and_letters_and_digits() {
        assert_eq!(VariableName::new("a").unwrap().as_str(), "$a");
        assert_eq!(VariableName::new("$aB1").unwrap().as_str(), "$aB1");
        for name in ["", "$", "1a", "a_b", "$$a", "é", "a/"] {
            assert_eq!(
                VariableName::new(name).unwrap_err().to_string(),
                format!("variable name {name:?} is not a letter and after it letters and digits")
            );
        }
    }
}
