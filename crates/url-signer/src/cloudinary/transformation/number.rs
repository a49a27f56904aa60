use std::fmt;

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

/// Like [`Number::clamped`].
impl From<f64> for Number {
    fn from(number: f64) -> Self {
        Self::clamped(number)
    }
}

impl From<u32> for Number {
    fn from(number: u32) -> Self {
        Self(number.into())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Integers are quicker to print, and nearly all numbers are.
        #[expect(clippy::cast_possible_truncation, reason = "of whole ones in range")]
        if self.0.abs() < 1e9 && self.0 % 1.0 == 0.0 {
            (self.0 as i32).fmt(f)
        } else {
            self.0.fmt(f)
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
