use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// A whole number that keeps its JSON notation: a number, or a string of digits.
///
/// Hosts send most counts as JSON numbers. A host that received a count from a web
/// form sends a string: `"bytes":"10668"`. [`get`](Self::get) returns the number in
/// both cases, and encoding keeps the notation.
///
/// Two counts are equal if their numbers and their notations are equal. To compare
/// only the numbers, compare the results of [`get`](Self::get).
///
/// ```
/// use image_model::Count;
///
/// assert_eq!(serde_json::to_string(&Count::from(3604))?, "3604");
///
/// let size: Count = serde_json::from_str(r#""10668""#)?;
/// assert_eq!(size.get(), 10668);
/// assert_eq!(serde_json::to_string(&size)?, r#""10668""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Count {
    value: u64,
    notation: Notation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Notation {
    Number,
    /// A string of this length, including leading zeros.
    Digits(u8),
}

/// The number of digits of `u64::MAX`.
const MAX_DIGITS: usize = 20;

impl Count {
    /// Returns the number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.value
    }

    fn from_digits(text: &str) -> Option<Self> {
        // `u64::from_str` would accept a leading `+`.
        if text.len() > MAX_DIGITS || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Some(Self {
            value: text.parse().ok()?,
            notation: Notation::Digits(u8::try_from(text.len()).ok()?),
        })
    }
}

impl From<u64> for Count {
    fn from(value: u64) -> Self {
        Self {
            value,
            notation: Notation::Number,
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
        match self.notation {
            Notation::Number => serializer.serialize_u64(self.value),
            Notation::Digits(width) => {
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
        f.write_str("a non-negative integer, or a string of at most 20 digits")
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
    fn both_notations_are_kept() {
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
    fn strings_have_up_to_20_digits() {
        let largest: Count = serde_json::from_str(r#""18446744073709551615""#).unwrap();
        assert_eq!(u64::from(largest), u64::MAX);
        assert_eq!(largest.to_string(), "18446744073709551615");
        let padded: Count = serde_json::from_str(r#""00000000000000000007""#).unwrap();
        assert_eq!(padded.get(), 7);
        assert!(serde_json::from_str::<Count>(r#""000000000000000000007""#).is_err());
    }

    #[test]
    fn errors_show_the_invalid_count() {
        let cases = [
            (
                "-1",
                "invalid value: integer `-1`, expected a non-negative integer, or a string of at most 20 digits at line 1 column 2",
            ),
            (
                r#""""#,
                "invalid value: string \"\", expected a non-negative integer, or a string of at most 20 digits at line 1 column 2",
            ),
            (
                r#""+5""#,
                "invalid value: string \"+5\", expected a non-negative integer, or a string of at most 20 digits at line 1 column 4",
            ),
            (
                r#""99999999999999999999""#,
                "invalid value: string \"99999999999999999999\", expected a non-negative integer, or a string of at most 20 digits at line 1 column 22",
            ),
            (
                "1.5",
                "invalid type: floating point `1.5`, expected a non-negative integer, or a string of at most 20 digits at line 1 column 3",
            ),
        ];
        for (json, text) in cases {
            let error = serde_json::from_str::<Count>(json).unwrap_err();
            assert_eq!(error.to_string(), text);
        }
    }
}
