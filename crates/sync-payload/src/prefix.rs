use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// What a host puts in front of the delivery URLs of its pages; empty in production.
///
/// The documented host is a test set-up whose prefix is `/assets/blank.jpg#`,
/// which keeps browsers from loading the real image.
///
/// ```
/// use sync_payload::UrlPrefix;
///
/// let prefix = UrlPrefix::new("/assets/blank.jpg#")?;
/// assert_eq!(prefix.as_str(), "/assets/blank.jpg#");
/// assert_eq!(
///     UrlPrefix::new("a b").unwrap_err().to_string(),
///     "prefix has ' ' at byte 1, which cannot stand in a url",
/// );
/// # Ok::<(), sync_payload::UrlPrefixError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct UrlPrefix(String);

impl UrlPrefix {
    /// A prefix, checked.
    ///
    /// # Errors
    ///
    /// - White space, control characters, what is not ASCII, and ``" < > \ ` { | }``.
    pub fn new(prefix: &str) -> Result<Self, UrlPrefixError> {
        let stands = |char: char| {
            char.is_ascii_graphic()
                && !matches!(char, '"' | '<' | '>' | '\\' | '`' | '{' | '|' | '}')
        };
        match prefix.char_indices().find(|(_, char)| !stands(*char)) {
            Some((at, char)) => Err(UrlPrefixError { char, at }),
            None => Ok(Self(prefix.to_owned())),
        }
    }

    /// The prefix.
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

impl fmt::Display for UrlPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A prefix with a character that can't stand in a URL.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("prefix has {char:?} at byte {at}, which cannot stand in a url")]
pub struct UrlPrefixError {
    char: char,
    at: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_read_and_printed_as_it_is() {
        for text in [
            "",
            "/assets/blank.jpg#",
            "https://cdn.example.org/fetch/?u=",
        ] {
            assert_eq!(text.parse::<UrlPrefix>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_prefix_that_would_break_the_url_is_refused() {
        for (text, error) in [
            (
                "a\n",
                "prefix has '\\n' at byte 1, which cannot stand in a url",
            ),
            (
                "\"",
                "prefix has '\"' at byte 0, which cannot stand in a url",
            ),
            (
                "/é",
                "prefix has 'é' at byte 1, which cannot stand in a url",
            ),
        ] {
            assert_eq!(text.parse::<UrlPrefix>().unwrap_err().to_string(), error);
        }
    }
}
