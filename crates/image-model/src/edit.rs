use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::value_error::ValueError;

/// A position or a length in pixels of the stored file; always finite.
///
/// [`new`](Self::new) accepts 0 or more. Decoding also accepts negative numbers,
/// because some cropping tools send negative positions.
///
/// ```
/// use image_model::Pixels;
///
/// assert_eq!(Pixels::new(10.5)?.get(), 10.5);
/// assert!(Pixels::new(-1.0).is_err());
/// # Ok::<(), image_model::ValueError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Pixels(f64);

impl Pixels {
    /// Zero pixels.
    pub const ZERO: Self = Self(0.0);

    /// Creates a position or a length, which may have a fraction.
    ///
    /// # Errors
    ///
    /// - The number is NaN, infinite or less than 0.
    pub fn new(pixels: f64) -> Result<Self, ValueError> {
        if pixels.is_finite() && pixels >= 0.0 {
            Ok(Self(pixels))
        } else {
            Err(ValueError::Pixels(pixels))
        }
    }

    /// Returns the number of pixels.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Pixels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let pixels = f64::deserialize(deserializer)?;
        // JSON cannot express NaN and infinities, but other formats can.
        if pixels.is_finite() {
            Ok(Self(pixels))
        } else {
            Err(de::Error::custom(ValueError::Pixels(pixels)))
        }
    }
}

/// The part of the stored file that an image shows.
///
/// The unit is a pixel of the stored file.
///
/// ```
/// use image_model::Crop;
///
/// let crop = Crop::new(3.0, 2.0, 10.0, 11.0)?;
/// assert_eq!(crop.w.get(), 10.0);
/// assert!(!crop.is_full());
/// assert!(Crop::FULL.is_full());
/// # Ok::<(), image_model::ValueError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crop {
    /// Left edge of the crop.
    pub x: Pixels,
    /// Top edge of the crop.
    pub y: Pixels,
    /// Width of the crop.
    pub w: Pixels,
    /// Height of the crop.
    pub h: Pixels,
}

impl Crop {
    /// The full image, not cropped. In a payload, its four values are zero.
    pub const FULL: Self = Self {
        x: Pixels::ZERO,
        y: Pixels::ZERO,
        w: Pixels::ZERO,
        h: Pixels::ZERO,
    };

    /// Creates a crop from its upper left corner, width and height.
    ///
    /// # Errors
    ///
    /// - One of the values is NaN, infinite or less than 0.
    /// - The width or the height is 0.
    pub fn new(x: f64, y: f64, w: f64, h: f64) -> Result<Self, ValueError> {
        let crop = Self {
            x: Pixels::new(x)?,
            y: Pixels::new(y)?,
            w: Pixels::new(w)?,
            h: Pixels::new(h)?,
        };
        if crop.w == Pixels::ZERO || crop.h == Pixels::ZERO {
            return Err(ValueError::EmptyCrop(w, h));
        }
        Ok(crop)
    }

    /// Returns whether the image is not cropped: all four values are zero.
    #[must_use]
    pub fn is_full(&self) -> bool {
        *self == Self::FULL
    }
}

/// A clockwise rotation in whole degrees.
///
/// [`new`](Self::new) accepts up to one full turn in either direction. Decoding
/// accepts any `i32` and keeps it unchanged.
///
/// ```
/// use image_model::Rotation;
///
/// assert_eq!(Rotation::new(-90)?.degrees(), -90);
/// assert!(Rotation::ZERO.is_zero());
/// assert!(Rotation::new(361).is_err());
/// # Ok::<(), image_model::ValueError>(())
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Rotation(i32);

impl Rotation {
    /// No rotation.
    pub const ZERO: Self = Self(0);

    /// Creates a clockwise rotation.
    ///
    /// # Errors
    ///
    /// - The number of degrees is not within -360 to 360.
    pub const fn new(degrees: i32) -> Result<Self, ValueError> {
        if degrees >= -360 && degrees <= 360 {
            Ok(Self(degrees))
        } else {
            Err(ValueError::Rotation(degrees))
        }
    }

    /// Returns the number of degrees.
    #[must_use]
    pub const fn degrees(self) -> i32 {
        self.0
    }

    /// Returns whether the rotation is 0 degrees. Returns `false` for 360 degrees.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Rotation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_written_with_a_fraction() {
        for (json, written) in [("0", "0.0"), ("3", "3.0"), ("3.25", "3.25"), ("-1", "-1.0")] {
            let pixels: Pixels = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&pixels).unwrap(), written);
        }
    }

    #[test]
    fn invalid_pixels_are_rejected() {
        for (pixels, text) in [
            (
                f64::NAN,
                "NaN is not a finite, non-negative number of pixels",
            ),
            (
                f64::INFINITY,
                "inf is not a finite, non-negative number of pixels",
            ),
            (-0.5, "-0.5 is not a finite, non-negative number of pixels"),
        ] {
            assert_eq!(Pixels::new(pixels).unwrap_err().to_string(), text);
            assert_eq!(
                Crop::new(pixels, 0.0, 1.0, 1.0).unwrap_err().to_string(),
                text
            );
        }
    }

    #[test]
    fn nan_is_not_read_from_any_format() {
        let nan = de::IntoDeserializer::<de::value::Error>::into_deserializer(f64::NAN);
        assert_eq!(
            Pixels::deserialize(nan).unwrap_err().to_string(),
            "NaN is not a finite, non-negative number of pixels"
        );
    }

    #[test]
    fn empty_crops_are_rejected() {
        assert_eq!(
            Crop::new(1.0, 1.0, 0.0, 5.0).unwrap_err().to_string(),
            "a crop of 0 by 5 pixels has no area"
        );
    }

    #[test]
    fn values_are_returned_unchanged() {
        let crop = Crop::new(0.5, 2.0, 10.0, 11.25).unwrap();
        let parts = [crop.x, crop.y, crop.w, crop.h].map(|pixels| pixels.get().to_string());
        assert_eq!(parts, ["0.5", "2", "10", "11.25"]);
        assert!(!crop.is_full());
        assert!(Rotation::ZERO.is_zero());
        let rotated = Rotation::new(-90).unwrap();
        assert!(!rotated.is_zero());
        assert_eq!(
            (rotated.degrees(), rotated.to_string()),
            (-90, "-90".to_owned())
        );
        assert!(Rotation::new(-361).is_err());
    }

    #[test]
    fn zeros_of_either_sign_are_the_full_image() {
        let read = |text| serde_json::from_str::<Pixels>(text).unwrap();
        let crop = Crop {
            x: read("-0.0"),
            y: read("0"),
            w: read("0.0"),
            h: Pixels::ZERO,
        };
        assert!(crop.is_full());
    }

    #[test]
    fn rotations_beyond_a_turn_are_only_read() {
        assert!(Rotation::new(-360).is_ok());
        assert_eq!(
            Rotation::new(361).unwrap_err().to_string(),
            "rotation 361 is not within -360 to 360 degrees"
        );
        assert_eq!(
            serde_json::from_str::<Rotation>("450").unwrap().degrees(),
            450
        );
    }
}
