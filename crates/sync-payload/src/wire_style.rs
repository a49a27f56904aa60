use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The notation of strings and numbers in the JSON of a payload.
///
/// A JSON parser reads equal values from all styles. Choose [`Rails`](Self::Rails) if
/// clients compare bytes with those of the recorded host, and [`Plain`](Self::Plain)
/// otherwise.
///
/// ```
/// use sync_payload::WireStyle;
///
/// assert_eq!("plain".parse(), Ok(WireStyle::Plain));
/// assert_eq!(WireStyle::default().to_string(), "rails");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WireStyle {
    /// The style of Ruby on Rails and of the recorded payload. Its name is `rails`.
    ///
    /// The characters `&`, `<`, `>`, U+2028 and U+2029 are escaped. The exponent of a
    /// float has a sign and at least two digits: `1.0e-05`, `1.0e+15`.
    #[default]
    Rails,
    /// The style of `serde_json`, which is shorter. Its name is `plain`.
    Plain,
}

impl FromStr for WireStyle {
    type Err = WireStyleError;

    /// Parses `rails` or `plain`.
    fn from_str(name: &str) -> Result<Self, WireStyleError> {
        match name {
            "rails" => Ok(Self::Rails),
            "plain" => Ok(Self::Plain),
            _ => Err(WireStyleError),
        }
    }
}

impl fmt::Display for WireStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Rails => "rails",
            Self::Plain => "plain",
        })
    }
}

/// An error parsing a [`WireStyle`].
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("unknown wire style: use `rails` or `plain`")]
pub struct WireStyleError;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_parses_from_its_printed_name_only() {
        for style in [WireStyle::Rails, WireStyle::Plain] {
            assert_eq!(style.to_string().parse(), Ok(style));
        }
        for name in ["", "Rails", "plain ", "json"] {
            assert_eq!(name.parse::<WireStyle>(), Err(WireStyleError));
        }
        assert_eq!(
            WireStyleError.to_string(),
            "unknown wire style: use `rails` or `plain`"
        );
    }
}
