//! The value of an option, before its type is known.

use crate::cloudinary::account::signature_algorithm::SignatureAlgorithm;

/// The value of an option: text from a configuration, or a JSON value from a map
/// of SDK options.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    not(feature = "sdk"),
    expect(dead_code, reason = "a configuration contains only text")
)]
pub(crate) enum OptionValue<'a> {
    Text(&'a str),
    Boolean(bool),
    Integer(i64),
    /// A value of any other type.
    Other,
}

/// A description of the expected values.
pub(crate) type Expected = &'static str;

impl<'a> OptionValue<'a> {
    pub(crate) fn boolean(self) -> Result<bool, Expected> {
        match self {
            Self::Boolean(boolean) => Ok(boolean),
            Self::Text(text) if text.eq_ignore_ascii_case("true") => Ok(true),
            Self::Text(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err("`true` or `false`"),
        }
    }

    pub(crate) fn integer(self) -> Result<i64, Expected> {
        match self {
            Self::Integer(integer) => Some(integer),
            Self::Text(text) => text.parse().ok(),
            _ => None,
        }
        .ok_or("a whole number of 64 bits")
    }

    pub(crate) const fn text(self) -> Result<&'a str, Expected> {
        match self {
            Self::Text(text) => Ok(text),
            _ => Err("text"),
        }
    }

    pub(crate) fn signature_algorithm(self) -> Result<SignatureAlgorithm, Expected> {
        self.text()
            .ok()
            .and_then(|text| text.parse().ok())
            .ok_or("`sha1` or `sha256`")
    }
}
