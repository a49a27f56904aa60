use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::{Number, TransformationError, escape};
use crate::cloudinary::path::grammar::is_path_char;

/// A value of a parameter: text that may stand in a step as it is.
///
/// All typed values become one. It is also the escape for what has no type
/// here: what is verbatim is checked, but not changed.
///
/// ```
/// use url_signer::cloudinary::transformation::{CropMode, Step, Value};
///
/// let step = Step::new()
///     .crop(CropMode::Other(Value::verbatim("imagga_scale")?))
///     .width(Value::AUTO)
///     .height(200);
/// assert_eq!(step.to_string(), "c_imagga_scale,w_auto,h_200");
/// # Ok::<(), url_signer::cloudinary::TransformationError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Value(Cow<'static, str>);

impl Value {
    /// `auto`: as suits the image and the client.
    pub const AUTO: Self = Self::from_static("auto");

    /// A value as the provider writes it, neither escaped nor changed.
    ///
    /// # Errors
    ///
    /// - Nothing.
    /// - A character that can't stand in a parameter as it is: `,` and `/`,
    ///   white space, control characters, what is not ASCII, and
    ///   ``" # < > ? \ ` { | }``.
    pub fn verbatim(value: &str) -> Result<Self, TransformationError> {
        Self::checked("value", Cow::Owned(value.to_owned()))
    }

    /// Any text, with its special characters escaped as in the text of a layer.
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
    /// - Nothing.
    pub fn encode(text: &str) -> Result<Self, TransformationError> {
        TransformationError::check("value", text, |_| true)?;
        Ok(Self::from_valid(encoding::text(text)))
    }

    /// This value and another one right after it.
    #[must_use]
    pub fn concat(self, other: &Self) -> Self {
        Self::from_valid(format!("{self}{other}"))
    }

    /// The value as it stands in a URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A value that is valid, as anybody can see.
    pub(super) const fn from_static(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// A value made of valid ones.
    pub(super) fn from_valid(text: String) -> Self {
        debug_assert!(!text.is_empty() && text.chars().all(stands_in_parameter));
        Self(Cow::Owned(text))
    }

    /// A verbatim value that errors call by what it is for.
    pub(super) fn checked(
        part: &'static str,
        text: Cow<'static, str>,
    ) -> Result<Self, TransformationError> {
        TransformationError::check(part, &text, stands_in_parameter)?;
        match misleading_escape(&text) {
            Some(at) => Err(TransformationError::PartEscape(part, at)),
            None => Ok(Self(text)),
        }
    }

    /// Values with a separator between them; `None` of no values.
    pub(super) fn joined<'a>(
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

/// Whether a character may stand in a parameter, which `,` and `/` end.
const fn stands_in_parameter(char: char) -> bool {
    is_path_char(char) && !matches!(char, ',' | '/')
}

/// Where a text has a `%` that is no escape, or an escape of `,` or `/`, which
/// would end the parameter as well once decoded.
fn misleading_escape(text: &str) -> Option<usize> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    text.bytes().enumerate().find_map(|(at, byte)| {
        if byte != b'%' {
            return None;
        }
        let escaped = match text.as_bytes().get(at + 1..at + 3) {
            Some([high, low]) => digit(*high).zip(digit(*low)),
            _ => None,
        };
        let misleads = matches!(escaped, None | Some((2, 0xc | 0xf)));
        misleads.then_some(at)
    })
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Value {
    type Err = TransformationError;

    /// The same as [`Value::verbatim`].
    fn from_str(value: &str) -> Result<Self, TransformationError> {
        Self::verbatim(value)
    }
}

/// Conversions of what prints as a value.
macro_rules! printed {
    ($($from:ty)*) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Self::from_valid(value.to_string())
            }
        }
    )*};
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Number::from(number).into()
    }
}

printed! { u8 u16 u32 u64 usize i8 i16 i32 i64 Number }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verbatim_value_stays_as_it_is() {
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
    fn a_value_that_would_break_its_step_is_refused() {
        for (text, error) in [
            ("", "value is empty"),
            ("a/b", "value has '/' at byte 1, which cannot stand in it"),
            ("a,w_1", "value has ',' at byte 1, which cannot stand in it"),
            ("a b", "value has ' ' at byte 1, which cannot stand in it"),
            (
                "ab\0",
                "value has '\\0' at byte 2, which cannot stand in it",
            ),
            ("é", "value has 'é' at byte 0, which cannot stand in it"),
            ("a?b", "value has '?' at byte 1, which cannot stand in it"),
            ("#fff", "value has '#' at byte 0, which cannot stand in it"),
            (
                "5%2Ch_9",
                "value has an escape at byte 1 that would end it, or that is none",
            ),
            (
                "a%2f",
                "value has an escape at byte 1 that would end it, or that is none",
            ),
            (
                "50%",
                "value has an escape at byte 2 that would end it, or that is none",
            ),
            (
                "%2",
                "value has an escape at byte 0 that would end it, or that is none",
            ),
            (
                "%zz",
                "value has an escape at byte 0 that would end it, or that is none",
            ),
        ] {
            assert_eq!(Value::verbatim(text).unwrap_err().to_string(), error);
        }
        assert_eq!(Value::encode("").unwrap_err().to_string(), "value is empty");
    }
}
