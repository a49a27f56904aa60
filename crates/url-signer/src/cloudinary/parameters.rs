//! The values that steps of a transformation take.

use std::fmt;

/// A width, a height or both, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Size {
    width: Option<u32>,
    height: Option<u32>,
}

impl Size {
    /// Width and height.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self {
            width: Some(width),
            height: Some(height),
        }
    }

    /// Only a width.
    #[must_use]
    pub const fn width(width: u32) -> Self {
        Self {
            width: Some(width),
            height: None,
        }
    }

    /// Only a height.
    #[must_use]
    pub const fn height(height: u32) -> Self {
        Self {
            width: None,
            height: Some(height),
        }
    }
}

/// Writes `,h_<height>,w_<width>`.
impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(height) = self.height {
            write!(f, ",h_{height}")?;
        }
        if let Some(width) = self.width {
            write!(f, ",w_{width}")?;
        }
        Ok(())
    }
}

/// A number in a transformation; whole ones are written without a fraction.
///
/// ```
/// use url_signer::cloudinary::Number;
///
/// assert_eq!(Number::clamped(3.0).to_string(), "3");
/// assert_eq!(Number::clamped(-0.25).to_string(), "-0.25");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Number(f64);

impl Number {
    /// The number nearest to this one that can be written: infinities become
    /// the largest, and NaN becomes 0.
    #[must_use]
    pub const fn clamped(number: f64) -> Self {
        if number.is_nan() {
            Self(0.0)
        } else {
            // The sum turns -0.0 into 0.0.
            Self(number.clamp(f64::MIN, f64::MAX) + 0.0)
        }
    }
}

impl From<i32> for Number {
    fn from(number: i32) -> Self {
        Self(number.into())
    }
}

impl From<u32> for Number {
    fn from(number: u32) -> Self {
        Self(number.into())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A switch of the delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Flag {
    /// `attachment`: as a download.
    Attachment,
    /// `progressive`: in several passes.
    Progressive,
    /// `lossy`: compressed with loss even where the format could do without.
    Lossy,
    /// `keep_iptc`: with the file's metadata.
    KeepIptc,
    /// `strip_profile`: without the file's colour profile.
    StripProfile,
}

impl Flag {
    /// The flag as it stands in a URL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attachment => "attachment",
            Self::Progressive => "progressive",
            Self::Lossy => "lossy",
            Self::KeepIptc => "keep_iptc",
            Self::StripProfile => "strip_profile",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_cannot_be_written_are_clamped() {
        assert_eq!(Number::clamped(f64::NAN).to_string(), "0");
        assert_eq!(Number::clamped(-0.0).to_string(), "0");
        assert_eq!(
            Number::clamped(f64::INFINITY).to_string(),
            f64::MAX.to_string()
        );
        assert_eq!(Number::clamped(1e-7).to_string(), "0.0000001");
    }
}
