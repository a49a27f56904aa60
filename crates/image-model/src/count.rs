use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// A count that is written as it came: a JSON number, or a string of digits.
///
/// Hosts send counts as numbers, but those that reached them through a web
/// form as strings (`"bytes":"10668"`). Both read as the same [`get`](Self::get),
/// and neither changes on its way through. Two are equal when they are written
/// the same; to compare numbers, compare what [`get`](Self::get) gives.
///
/// ```
/// use image_model::Count;
///
/// let size: Count = serde_json::from_str(r#""10668""#)?;
/// assert_eq!(size.get(), 10668);
/// assert_eq!(serde_json::to_string(&size)?, r#""10668""#);
/// assert_eq!(serde_json::to_string(&Count::from(3604))?, "3604");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Count {
    value: u64,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Form {
    Number,
    /// So many digits, leading zeros included.
    Digits(u8),
}

/// No `u64` has more digits; a longer string is leading zeros at best.
const MOST_DIGITS: usize = 20;

impl Count {
    /// The count itself.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.value
    }

    fn from_digits(text: &str) -> Option<Self> {
        // `u64::from_str` would take a leading `+`.
        if text.len() > MOST_DIGITS || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Some(Self {
            value: text.parse().ok()?,
            form: Form::Digits(u8::try_from(text.len()).ok()?),
        })
    }
}

impl From<u64> for Count {
    fn from(value: u64) -> Self {
        Self {
            value,
            form: Form::Number,
        }
    }
}

impl From<Count> for u64 {
    fn from(count: Count) -> Self {
        count.value
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl Serialize for Count {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.form {
            Form::Number => serializer.serialize_u64(self.value),
            Form::Digits(width) => {
                let width = usize::from(width);
                serializer.collect_str(&format_args!("{:0width$}", self.value))
            }
        }
    }
}

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CountVisitor)
    }
}

struct CountVisitor;

impl Visitor<'_> for CountVisitor {
    type Value = Count;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number from 0, or a string of at most 20 digits")
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Count, E> {
        Ok(Count::from(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Count, E> {
        u64::try_from(value)
            .map(Count::from)
            .map_err(|_| E::invalid_value(de::Unexpected::Signed(value), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Count, E> {
        Count::from_digits(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_written_as_they_came() {
        for json in [
            "0",
            "3604",
            "18446744073709551615",
            r#""10668""#,
            r#""007""#,
            r#""0""#,
        ] {
            let count: Count = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&count).unwrap(), json);
        }
    }

    #[test]
    fn a_string_has_as_many_digits_as_the_largest_count() {
        let largest: Count = serde_json::from_str(r#""18446744073709551615""#).unwrap();
        assert_eq!(u64::from(largest), u64::MAX);
        assert_eq!(largest.to_string(), "18446744073709551615");
        let padded: Count = serde_json::from_str(r#""00000000000000000007""#).unwrap();
        assert_eq!(padded.get(), 7);
        assert!(serde_json::from_str::<Count>(r#""000000000000000000007""#).is_err());
    }

    #[test]
    fn what_is_no_count_is_refused_with_what_was_found() {
        let refusals = [
            (
                "-1",
                "invalid value: integer `-1`, expected a whole number from 0, or a string of at most 20 digits at line 1 column 2",
            ),
            (
                r#""""#,
                "invalid value: string \"\", expected a whole number from 0, or a string of at most 20 digits at line 1 column 2",
            ),
            (
                r#""+5""#,
                "invalid value: string \"+5\", expected a whole number from 0, or a string of at most 20 digits at line 1 column 4",
            ),
            (
                r#""99999999999999999999""#,
                "invalid value: string \"99999999999999999999\", expected a whole number from 0, or a string of at most 20 digits at line 1 column 22",
            ),
            (
                "1.5",
                "invalid type: floating point `1.5`, expected a whole number from 0, or a string of at most 20 digits at line 1 column 3",
            ),
        ];
        for (json, text) in refusals {
            let error = serde_json::from_str::<Count>(json).unwrap_err();
            assert_eq!(error.to_string(), text);
        }
    }
}
