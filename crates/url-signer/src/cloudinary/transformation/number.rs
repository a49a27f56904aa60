use std::fmt;

use super::error::TransformationError;

/// A finite number in a transformation.
///
/// A number without a fractional part is written as an integer: `2.0` as `2`. In a width
/// or a height, Cloudinary reads an integer as pixels and a decimal number as a multiple
/// of the original size. To write `2.0`, use [`Value::verbatim`](super::Value::verbatim).
///
/// ```
/// use url_signer::cloudinary::Number;
///
/// assert_eq!(Number::from(3).to_string(), "3");
/// assert_eq!(Number::try_from(2.0)?.to_string(), "2");
/// assert_eq!(Number::try_from(-0.25)?.to_string(), "-0.25");
/// assert!(Number::try_from(f64::NAN).is_err());
/// # Ok::<(), url_signer::cloudinary::TransformationError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Number(f64);

impl Number {
    /// Creates a number from any float. Infinities become [`f64::MAX`] or
    /// [`f64::MIN`], and NaN becomes 0.
    ///
    /// [`TryFrom`] rejects these floats instead.
    ///
    /// ```
    /// use url_signer::cloudinary::Number;
    ///
    /// assert_eq!(Number::clamped(0.5).to_string(), "0.5");
    /// assert_eq!(Number::clamped(f64::NAN).to_string(), "0");
    /// ```
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

impl TryFrom<f64> for Number {
    type Error = TransformationError;

    /// Creates a number.
    ///
    /// # Errors
    ///
    /// - An infinite number, or NaN.
    fn try_from(number: f64) -> Result<Self, TransformationError> {
        if number.is_finite() {
            Ok(Self::clamped(number))
        } else {
            Err(TransformationError::NotFinite)
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Integers are faster to format, and most numbers are integers.
        #[expect(clippy::cast_possible_truncation, reason = "an integer in range")]
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
    fn clamped_numbers_are_finite() {
        assert_eq!(Number::clamped(f64::NAN).to_string(), "0");
        assert_eq!(Number::clamped(-0.0).to_string(), "0");
        assert_eq!(
            Number::clamped(f64::INFINITY).to_string(),
            f64::MAX.to_string()
        );
        assert_eq!(Number::clamped(1e-7).to_string(), "0.0000001");
    }

    #[test]
    fn only_finite_floats_convert() {
        for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let error = Number::try_from(number).unwrap_err();
            assert_eq!(error, TransformationError::NotFinite);
            assert_eq!(error.to_string(), "number is not finite");
        }
        assert_eq!(Number::try_from(-0.0).unwrap().to_string(), "0");
        assert_eq!(Number::try_from(1.5).unwrap(), Number::clamped(1.5));
    }
}
