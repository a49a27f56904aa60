use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::ValueError;

/// A position or an extent in pixels of the original; finite.
///
/// Made here it is 0 or more. Read from others it may be negative, as some
/// croppers leave it: it is kept as it came.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Pixels(f64);

impl Pixels {
    /// No pixels, as in an image that is not cropped.
    pub const ZERO: Self = Self(0.0);

    /// So many pixels, parts of one included.
    ///
    /// # Errors
    ///
    /// - NaN, an infinity, or less than 0.
    pub fn new(pixels: f64) -> Result<Self, ValueError> {
        if pixels.is_finite() && pixels >= 0.0 {
            Ok(Self(pixels))
        } else {
            Err(ValueError::Pixels(pixels))
        }
    }

    /// The number of pixels.
    #[must_use]
    pub const fn get(self) -> f64 {
        self.0
    }
}

impl<'de> Deserialize<'de> for Pixels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let pixels = f64::deserialize(deserializer)?;
        // JSON has neither NaN nor infinities, but other formats do.
        if pixels.is_finite() {
            Ok(Self(pixels))
        } else {
            Err(de::Error::custom(ValueError::Pixels(pixels)))
        }
    }
}

/// The part of the original that is shown, in pixels of the original.
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
    /// From the left edge of the original to that of the crop.
    pub x: Pixels,
    /// From the top edge of the original to that of the crop.
    pub y: Pixels,
    /// Width of the crop.
    pub w: Pixels,
    /// Height of the crop.
    pub h: Pixels,
}

impl Crop {
    /// All zero, which means: not cropped.
    pub const FULL: Self = Self {
        x: Pixels::ZERO,
        y: Pixels::ZERO,
        w: Pixels::ZERO,
        h: Pixels::ZERO,
    };

    /// A crop by its upper left corner, width and height.
    ///
    /// # Errors
    ///
    /// - Any of the four is NaN, infinite or less than 0.
    /// - Width or height is 0.
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

    /// Whether all four are zero.
    #[must_use]
    pub fn is_full(&self) -> bool {
        *self == Self::FULL
    }
}

/// By how many whole degrees the image is turned, clockwise.
///
/// Made here it is within a full turn either way. Read from others it is any
/// `i32`, kept as it came.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Rotation(i32);

impl Rotation {
    /// Upright.
    pub const ZERO: Self = Self(0);

    /// So many degrees clockwise.
    ///
    /// # Errors
    ///
    /// - Not within -360 to 360.
    pub const fn new(degrees: i32) -> Result<Self, ValueError> {
        if degrees >= -360 && degrees <= 360 {
            Ok(Self(degrees))
        } else {
            Err(ValueError::Rotation(degrees))
        }
    }

    /// The degrees.
    #[must_use]
    pub const fn degrees(self) -> i32 {
        self.0
    }

    /// Whether the image is upright.
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
    fn pixels_are_written_with_a_fraction_and_read_with_or_without_one() {
        for (json, written) in [("0", "0.0"), ("3", "3.0"), ("3.25", "3.25"), ("-1", "-1.0")] {
            let pixels: Pixels = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&pixels).unwrap(), written);
        }
    }

    #[test]
    fn pixels_that_cannot_be_are_refused() {
        for (pixels, text) in [
            (f64::NAN, "NaN is not a finite number of pixels from 0"),
            (f64::INFINITY, "inf is not a finite number of pixels from 0"),
            (-0.5, "-0.5 is not a finite number of pixels from 0"),
        ] {
            assert_eq!(Pixels::new(pixels).unwrap_err().to_string(), text);
            assert_eq!(
                Crop::new(pixels, 0.0, 1.0, 1.0).unwrap_err().to_string(),
                text
            );
        }
    }

    #[test]
    fn pixels_that_cannot_be_are_not_read_from_any_format() {
        let nan = de::IntoDeserializer::<de::value::Error>::into_deserializer(f64::NAN);
        assert_eq!(
            Pixels::deserialize(nan).unwrap_err().to_string(),
            "NaN is not a finite number of pixels from 0"
        );
    }

    #[test]
    fn a_crop_has_an_area() {
        assert_eq!(
            Crop::new(1.0, 1.0, 0.0, 5.0).unwrap_err().to_string(),
            "a crop of 0 by 5 pixels has no area"
        );
    }

    #[test]
    fn what_was_made_is_what_it_was_made_of() {
        let crop = Crop::new(0.5, 2.0, 10.0, 11.25).unwrap();
        let parts = [crop.x, crop.y, crop.w, crop.h].map(|pixels| pixels.get().to_string());
        assert_eq!(parts, ["0.5", "2", "10", "11.25"]);
        assert!(!crop.is_full());
        assert!(Rotation::ZERO.is_zero());
        let turned = Rotation::new(-90).unwrap();
        assert!(!turned.is_zero());
        assert_eq!(
            (turned.degrees(), turned.to_string()),
            (-90, "-90".to_owned())
        );
        assert!(Rotation::new(-361).is_err());
    }

    #[test]
    fn a_zero_of_either_sign_is_no_crop() {
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
    fn more_than_a_turn_is_refused_where_it_is_made_and_kept_where_it_is_read() {
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
