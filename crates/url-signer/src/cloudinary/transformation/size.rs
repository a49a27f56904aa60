use std::fmt;

use super::macros::{keywords, numeric};
use super::{Number, Value};

/// A width, a height or both, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Size {
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
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

keywords! {
    /// How an image gets to the size that is asked for.
    CropMode {
        Scale = "scale", "distorted to exactly this size";
        Fit = "fit", "the largest that fits into it";
        Limit = "limit", "as `fit`, but never enlarged";
        MinimumFit = "mfit", "as `fit`, but never made smaller";
        Fill = "fill", "filling it, with the rest cut off";
        LimitFill = "lfill", "as `fill`, but never enlarged";
        FillPad = "fill_pad", "filling it where that cuts off nothing of interest, else padded";
        Pad = "pad", "the largest that fits into it, with a background around";
        LimitPad = "lpad", "as `pad`, but never enlarged";
        MinimumPad = "mpad", "as `pad`, but never made smaller";
        Crop = "crop", "a part of exactly this size";
        Thumb = "thumb", "a thumbnail around a face or the like";
        Auto = "auto", "a part of interest";
        AutoPad = "auto_pad", "a part of interest, or padded";
    }
}

keywords! {
    /// Width to height: `16:9`, or a number.
    ///
    /// ```
    /// use url_signer::cloudinary::Number;
    /// use url_signer::cloudinary::transformation::AspectRatio;
    ///
    /// assert_eq!(AspectRatio::ratio(16, 9).as_str(), "16:9");
    /// assert_eq!(AspectRatio::from(Number::clamped(1.5)).as_str(), "1.5");
    /// ```
    AspectRatio {
        Auto = "auto", "as suits the image and the client";
    }
}

impl AspectRatio {
    /// Width and height as a ratio.
    #[must_use]
    pub fn ratio(width: impl Into<Number>, height: impl Into<Number>) -> Self {
        let (width, height) = (width.into(), height.into());
        Self::Other(Value::from_valid(format!("{width}:{height}")))
    }
}

numeric! { AspectRatio }

keywords! {
    /// Device pixel ratio: pixels of the image for each pixel of a page.
    Dpr {
        Auto = "auto", "as many as the client shows";
    }
}

numeric! { Dpr }
