//! Rotation and rounded corners.

use super::macros::{constants, from_numbers, open_set, value_impls, value_type};
use super::value::Value;

open_set! {
    /// A rotation or a flip: degrees clockwise, or a mode.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::Angle;
    ///
    /// assert_eq!(Angle::from(-90).as_str(), "-90");
    /// assert_eq!(Angle::HORIZONTAL_FLIP.and(20).as_str(), "hflip.20");
    /// ```
    Angle {
        AUTO_RIGHT = "auto_right", "Rotates by 90 degrees if the image is landscape and the requested size is portrait, or vice versa";
        AUTO_LEFT = "auto_left", "Rotates by -90 degrees if the image is landscape and the requested size is portrait, or vice versa";
        IGNORE = "ignore", "Ignores the orientation in the metadata of the file";
        VERTICAL_FLIP = "vflip", "Mirrors top and bottom";
        HORIZONTAL_FLIP = "hflip", "Mirrors left and right";
    }
}

impl Angle {
    /// Appends another rotation or flip.
    #[must_use]
    pub fn and(self, other: impl Into<Self>) -> Self {
        Self(Value::from_valid(format!("{self}.{}", other.into())))
    }
}

from_numbers! { Angle }

value_type! {
    /// The radius of the corners: one radius for all corners, or an array of one to
    /// four radii.
    ///
    /// The array is in the order of CSS `border-radius`: clockwise from the upper left
    /// corner.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::Radius;
    ///
    /// assert_eq!(Radius::from(20).as_str(), "20");
    /// assert_eq!(Radius::from([20, 0, 40]).as_str(), "20:0:40");
    /// assert_eq!(Radius::MAX.as_str(), "max");
    /// ```
    Radius
}

constants! {
    Radius {
        MAX = "max", "Rounds the image to an ellipse";
    }
}

value_impls! { Radius }

from_numbers! { Radius }

/// Implements conversions from arrays with the allowed numbers of corners.
macro_rules! from_corners {
    ($($count:literal)*) => {$(
        impl<T: Into<Value>> From<[T; $count]> for Radius {
            fn from(corners: [T; $count]) -> Self {
                let texts = corners.map(|corner| corner.into().to_string());
                Self(Value::from_valid(texts.join(":")))
            }
        }
    )*};
}

from_corners! { 1 2 3 4 }
