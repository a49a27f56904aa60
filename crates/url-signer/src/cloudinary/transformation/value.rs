use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::encoding;
use super::error::TransformationError;
use super::number::Number;
use crate::cloudinary::path::grammar::is_path_char;

/// The value of a parameter: text that is valid in a step.
///
/// Every typed value converts into a `Value`. [`Value::verbatim`] creates a value for
/// which this module has no type.
///
/// ```
/// use url_signer::cloudinary::transformation::{CropMode, Step, Value};
///
/// // A crop mode of the Imagga add-on, for which there is no constant.
/// let imagga_scale = CropMode::from(Value::verbatim("imagga_scale")?);
/// let step = Step::new()
///     .crop(imagga_scale)
///     .width(Value::AUTO)
///     .height(200);
/// assert_eq!(step.to_string(), "c_imagga_scale,w_auto,h_200");
/// # Ok::<(), url_signer::cloudinary::TransformationError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Value(Cow<'static, str>);

impl Value {
    /// Lets Cloudinary choose the value: `auto`.
    pub const AUTO: Self = Self::from_static("auto");

    /// Creates a value from Cloudinary's notation. The text is checked and
    /// stays unchanged, except that a space is written `%20`, as in most SDKs.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::Value;
    ///
    /// let prompt = Value::verbatim("gen_fill:prompt_box of cookies")?;
    /// assert_eq!(prompt.as_str(), "gen_fill:prompt_box%20of%20cookies");
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - An empty text.
    /// - Another character that needs percent-encoding: other white space, control
    ///   characters, non-ASCII characters, and ``" # < > ? \ ` { | }``.
    /// - `,` or `/`, percent-encoded or not, because it ends the parameter.
    /// - A `%` that is not followed by two hexadecimal digits.
    pub fn verbatim(value: &str) -> Result<Self, TransformationError> {
        Self::checked("value", Cow::Owned(value.to_owned()))
    }

    /// Creates a value from any text.
    ///
    /// The text is percent-encoded, and `,` and `/` are encoded twice: `%252C` and
    /// `%252F`. References to variables, such as `$(name)`, are encoded as well.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::{Effect, Value};
    ///
    /// let prompt = Value::verbatim("prompt_")?.concat(&Value::encode("a cat, black")?);
    /// let effect = Effect::GEN_REMOVE.arg(prompt);
    /// assert_eq!(effect.as_str(), "gen_remove:prompt_a%20cat%252C%20black");
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - An empty text.
    pub fn encode(text: &str) -> Result<Self, TransformationError> {
        TransformationError::check("value", text, |_| true)?;
        Ok(Self::from_valid(encoding::encode(text)))
    }

    /// Appends another value, without a separator.
    #[must_use]
    pub fn concat(self, other: &Self) -> Self {
        Self::from_valid(format!("{self}{other}"))
    }

    /// Returns the value as written in a URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Wraps a literal that is known to be valid.
    pub(super) const fn from_static(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// Wraps a text that was composed of valid parts.
    pub(super) fn from_valid(text: String) -> Self {
        debug_assert!(!text.is_empty() && text.chars().all(is_value_char));
        Self(Cow::Owned(text))
    }

    /// Checks a verbatim value. Errors name it by `part`.
    pub(super) fn checked(
        part: &'static str,
        text: Cow<'static, str>,
    ) -> Result<Self, TransformationError> {
        TransformationError::check(part, &text, |char| char == ' ' || is_value_char(char))?;
        check_encoding(part, &text)?;
        Ok(Self(encoding::encode_spaces(text)))
    }

    /// Joins values with a separator. Returns `None` if there are no values.
    pub(super) fn join<'a>(
        separator: &str,
        values: impl IntoIterator<Item = &'a str>,
    ) -> Option<Self> {
        let mut joined = String::new();
        for value in values {
            if !joined.is_empty() {
                joined.push_str(separator);
            }
            joined.push_str(value);
        }
        (!joined.is_empty()).then(|| Self::from_valid(joined))
    }
}

/// Returns whether a character is allowed in a value. `,` and `/` end the parameter.
const fn is_value_char(char: char) -> bool {
    is_path_char(char) && !matches!(char, ',' | '/')
}

/// Rejects invalid percent-encoding, and encoded separators, which end the
/// parameter once decoded.
fn check_encoding(part: &'static str, text: &str) -> Result<(), TransformationError> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    for (position, _) in text.match_indices('%') {
        let decoded = match text.as_bytes().get(position + 1..position + 3) {
            Some([high, low]) => digit(*high).zip(digit(*low)),
            _ => None,
        };
        let separator = match decoded {
            None => return Err(TransformationError::InvalidPercentEncoding { part, position }),
            Some((2, 0xc)) => ',',
            Some((2, 0xf)) => '/',
            Some(_) => continue,
        };
        return Err(TransformationError::EncodedSeparator {
            part,
            separator,
            position,
        });
    }
    Ok(())
}

impl AsRef<str> for Value {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Value {
    type Err = TransformationError;

    /// Equivalent to [`Value::verbatim`].
    fn from_str(value: &str) -> Result<Self, TransformationError> {
        Self::verbatim(value)
    }
}

/// Implements conversions from types whose `Display` is a valid value.
macro_rules! from_displayed {
    ($($from:ty)*) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Self::from_valid(value.to_string())
            }
        }
    )*};
}

from_displayed! { u8 u16 u32 u64 usize i8 i16 i32 i64 Number }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbatim_values_stay_unchanged() {
        for text in [
            "a",
            "50",
            "a%20b",
            "$w_mul_2",
            "!x!",
            "a;b:c.d",
            "(~'*@&=+)^[]-",
        ] {
            assert_eq!(Value::verbatim(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn values_that_end_their_step_are_rejected() {
        for (text, error) in [
            ("", "value is empty"),
            ("a/b", "unexpected '/' at byte 1 of the value"),
            ("a,w_1", "unexpected ',' at byte 1 of the value"),
            ("a\tb", "unexpected '\\t' at byte 1 of the value"),
            ("a b\u{a0}", "unexpected '\\u{a0}' at byte 3 of the value"),
            ("ab\0", "unexpected '\\0' at byte 2 of the value"),
            ("é", "unexpected 'é' at byte 0 of the value"),
            ("a?b", "unexpected '?' at byte 1 of the value"),
            ("#fff", "unexpected '#' at byte 0 of the value"),
            (
                "5%2Ch_9",
                "unexpected percent-encoded ',' at byte 1 of the value",
            ),
            (
                "a%2f",
                "unexpected percent-encoded '/' at byte 1 of the value",
            ),
            ("50%", "invalid percent-encoding at byte 2 of the value"),
            ("%2", "invalid percent-encoding at byte 0 of the value"),
            ("%zz", "invalid percent-encoding at byte 0 of the value"),
        ] {
            assert_eq!(Value::verbatim(text).unwrap_err().to_string(), error);
        }
        assert_eq!(Value::encode("").unwrap_err().to_string(), "value is empty");
    }
}
