use super::macros::{from_numbers, open_set};
use super::number::Number;
use super::value::Value;

/// A width, a height or both, in pixels.
///
/// ```
/// use url_signer::cloudinary::{Size, Transformation};
///
/// let fit = |size| Transformation::new().fit(size).to_string();
/// assert_eq!(fit(Size::new(300, 200)), "c_fit,h_200,w_300");
/// assert_eq!(fit(Size::width(300)), "c_fit,w_300");
/// assert_eq!(fit(Size::height(200)), "c_fit,h_200");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Size {
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
}

impl Size {
    /// Creates a size with a width and a height.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self {
            width: Some(width),
            height: Some(height),
        }
    }

    /// Creates a size with only a width.
    #[must_use]
    pub const fn width(width: u32) -> Self {
        Self {
            width: Some(width),
            height: None,
        }
    }

    /// Creates a size with only a height.
    #[must_use]
    pub const fn height(height: u32) -> Self {
        Self {
            width: None,
            height: Some(height),
        }
    }
}

open_set! {
    /// The way an image is resized or cropped to the requested size.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::CropMode;
    ///
    /// assert_eq!("fit".parse(), Ok(CropMode::FIT));
    /// // A crop mode of the Imagga add-on, for which there is no constant.
    /// assert_eq!("imagga_scale".parse::<CropMode>()?.as_str(), "imagga_scale");
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    CropMode {
        SCALE = "scale", "Resizes to exactly the requested size and may distort the image";
        FIT = "fit", "Resizes to the largest image that fits into the requested size";
        LIMIT = "limit", "Resizes like `fit`, but never enlarges";
        MINIMUM_FIT = "mfit", "Resizes like `fit`, but never shrinks";
        FILL = "fill", "Resizes to fill the requested size and cuts off the parts outside it";
        LIMIT_FILL = "lfill", "Resizes like `fill`, but never enlarges";
        FILL_PAD = "fill_pad", "Resizes like `fill`, but pads if it would cut off too much of the image";
        PAD = "pad", "Resizes like `fit` and pads with the background";
        LIMIT_PAD = "lpad", "Resizes and pads like `pad`, but never enlarges the image itself";
        MINIMUM_PAD = "mpad", "Resizes and pads like `pad`, but never shrinks the image itself";
        CROP = "crop", "Extracts a part of exactly the requested size";
        THUMB = "thumb", "Extracts a thumbnail around the part that the gravity selects, such as a face";
        AUTO = "auto", "Extracts the part that Cloudinary finds most interesting";
        AUTO_PAD = "auto_pad", "Extracts a part like `auto`, but pads if it would cut off too much of the image";
    }
}

open_set! {
    /// An aspect ratio, width to height: `16:9`, or a number.
    ///
    /// ```
    /// use url_signer::cloudinary::Number;
    /// use url_signer::cloudinary::transformation::AspectRatio;
    ///
    /// assert_eq!(AspectRatio::ratio(16, 9).as_str(), "16:9");
    /// assert_eq!(AspectRatio::from(Number::clamped(1.5)).as_str(), "1.5");
    /// ```
    AspectRatio {
        AUTO = "auto", "Lets Cloudinary choose the aspect ratio that suits the image and the client";
    }
}

impl AspectRatio {
    /// Creates a ratio of a width to a height.
    #[must_use]
    pub fn ratio(width: impl Into<Number>, height: impl Into<Number>) -> Self {
        let (width, height) = (width.into(), height.into());
        Self(Value::from_valid(format!("{width}:{height}")))
    }
}

from_numbers! { AspectRatio }

open_set! {
    /// A device pixel ratio: image pixels per CSS pixel.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::Dpr;
    ///
    /// assert_eq!(Dpr::from(2).as_str(), "2");
    /// ```
    Dpr {
        AUTO = "auto", "Uses the device pixel ratio of the client";
    }
}

from_numbers! { Dpr }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parsed_values_equal_their_constants() {
        assert_eq!("fit".parse(), Ok(CropMode::FIT));
        let value = Value::verbatim("lpad").unwrap();
        assert_eq!(CropMode::from(value.clone()), CropMode::LIMIT_PAD);
        assert_eq!(Value::from(CropMode::LIMIT_PAD), value);
        assert_ne!("Fit".parse(), Ok(CropMode::FIT));
    }
}
