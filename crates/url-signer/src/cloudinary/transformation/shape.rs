//! How an image is turned, and its corners rounded.

use super::Value;
use super::macros::{keywords, newtype, numeric};

keywords! {
    /// How an image is turned: degrees, clockwise, or a mode.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::Angle;
    ///
    /// assert_eq!(Angle::from(-90).as_str(), "-90");
    /// assert_eq!(Angle::HorizontalFlip.and(20).as_str(), "hflip.20");
    /// ```
    Angle {
        AutoRight = "auto_right", "by 90 degrees, if what is asked for is of the other orientation";
        AutoLeft = "auto_left", "by -90 degrees, if what is asked for is of the other orientation";
        Ignore = "ignore", "not by the orientation that the file itself says";
        VerticalFlip = "vflip", "mirrored top to bottom";
        HorizontalFlip = "hflip", "mirrored left to right";
    }
}

impl Angle {
    /// Both, one after the other.
    #[must_use]
    pub fn and(self, other: impl Into<Self>) -> Self {
        Self::Other(Value::from_valid(format!("{self}.{}", other.into())))
    }
}

numeric! { Angle }

newtype! {
    /// How far corners are rounded: all alike, or 2 to 4 of them clockwise
    /// from the upper left one.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::Radius;
    ///
    /// assert_eq!(Radius::from(20).as_str(), "20");
    /// assert_eq!(Radius::from([20, 0, 40]).as_str(), "20:0:40");
    /// ```
    Radius
}

impl Radius {
    /// `max`: to an ellipse.
    pub const MAX: Self = Self(Value::from_static("max"));
}

numeric! { Radius }

/// Corners, in the numbers in which they may be given.
macro_rules! corners {
    ($($count:literal)*) => {$(
        impl<T: Into<Value>> From<[T; $count]> for Radius {
            fn from(corners: [T; $count]) -> Self {
                let texts = corners.map(|corner| corner.into().to_string());
                Self(Value::from_valid(texts.join(":")))
            }
        }
    )*};
}

corners! { 1 2 3 4 }
