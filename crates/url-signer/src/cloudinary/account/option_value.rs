/// A value as it comes from a configuration, which has only texts, or from a
/// map of options.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    not(feature = "sdk"),
    expect(dead_code, reason = "a configuration has only texts")
)]
pub(crate) enum OptionValue<'a> {
    Text(&'a str),
    Boolean(bool),
    Integer(i64),
    /// Neither of these.
    Other,
}

/// What an option takes, where it got something else.
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
            _ => Err("a text"),
        }
    }
}
