use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A text before delivery URLs, which disables them on a test system.
///
/// Production hosts have no prefix. The recorded host is a test system with the prefix
/// `/assets/blank.jpg#`. A browser loads the blank image and ignores the delivery URL,
/// because the delivery URL is the fragment after `#`.
///
/// ```
/// use sync_payload::UrlPrefix;
///
/// let prefix = UrlPrefix::new("/assets/blank.jpg#")?;
/// assert_eq!(prefix.as_str(), "/assets/blank.jpg#");
/// assert_eq!(
///     UrlPrefix::new("a b").unwrap_err().to_string(),
///     "unexpected ' ' at byte 1 of the prefix",
/// );
/// # Ok::<(), sync_payload::UrlPrefixError>(())
/// ```
///
/// With the feature `serde`, a prefix deserializes from a string.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Deserialize),
    serde(try_from = "String")
)]
pub struct UrlPrefix(String);

impl UrlPrefix {
    /// Creates a prefix.
    ///
    /// # Errors
    ///
    /// - The prefix contains white space, a control character, a character that is not
    ///   ASCII, or one of ``" < > \ ` { | }``.
    pub fn new(prefix: impl Into<String>) -> Result<Self, UrlPrefixError> {
        let prefix = prefix.into();
        let is_valid = |char: char| {
            char.is_ascii_graphic()
                && !matches!(char, '"' | '<' | '>' | '\\' | '`' | '{' | '|' | '}')
        };
        match prefix.char_indices().find(|(_, char)| !is_valid(*char)) {
            Some((at, char)) => Err(UrlPrefixError { char, at }),
            None => Ok(Self(prefix)),
        }
    }

    /// Returns the text of the prefix.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for UrlPrefix {
    type Err = UrlPrefixError;

    fn from_str(prefix: &str) -> Result<Self, UrlPrefixError> {
        Self::new(prefix)
    }
}

impl TryFrom<&str> for UrlPrefix {
    type Error = UrlPrefixError;

    fn try_from(prefix: &str) -> Result<Self, UrlPrefixError> {
        Self::new(prefix)
    }
}

impl TryFrom<String> for UrlPrefix {
    type Error = UrlPrefixError;

    fn try_from(prefix: String) -> Result<Self, UrlPrefixError> {
        Self::new(prefix)
    }
}

impl AsRef<str> for UrlPrefix {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UrlPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An error creating a [`UrlPrefix`]: a character that is not allowed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("unexpected {char:?} at byte {at} of the prefix")]
pub struct UrlPrefixError {
    char: char,
    at: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_valid_prefix_is_kept_unchanged() {
        for text in [
            "",
            "/assets/blank.jpg#",
            "https://cdn.example.org/fetch/?u=",
        ] {
            assert_eq!(text.parse::<UrlPrefix>().unwrap().to_string(), text);
            assert_eq!(UrlPrefix::try_from(text).unwrap().as_ref(), text);
            assert_eq!(UrlPrefix::try_from(text.to_owned()).unwrap().as_str(), text);
        }
    }

    #[test]
    fn a_character_that_breaks_a_url_is_an_error() {
        for (text, error) in [
            ("a\n", "unexpected '\\n' at byte 1 of the prefix"),
            ("\"", "unexpected '\"' at byte 0 of the prefix"),
            ("/é", "unexpected 'é' at byte 1 of the prefix"),
        ] {
            assert_eq!(text.parse::<UrlPrefix>().unwrap_err().to_string(), error);
        }
    }

    #[cfg(feature = "serde")]
    #[test]
    fn a_prefix_deserializes_with_the_same_checks() {
        let read = |json| serde_json::from_str::<UrlPrefix>(json);
        assert_eq!(read(r#""/a#""#).unwrap(), UrlPrefix::new("/a#").unwrap());
        let error = read(r#""a b""#).unwrap_err().to_string();
        assert!(
            error.starts_with("unexpected ' ' at byte 1 of the prefix"),
            "{error}"
        );
    }
}
