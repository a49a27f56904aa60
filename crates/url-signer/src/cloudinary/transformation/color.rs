use std::str::FromStr;

use super::error::TransformationError;
use super::expression::{Expression, Operand};
use super::macros::{from_numbers, open_set, value_impls, value_type};
use super::references::PublicId;
use super::value::Value;

value_type! {
    /// A color, given by its hexadecimal digits or its name.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::Color;
    ///
    /// assert_eq!(Color::rgb(255, 128, 0).as_str(), "rgb:ff8000");
    /// assert_eq!("#ff80".parse::<Color>()?.as_str(), "rgb:ff80");
    /// assert_eq!(Color::named("red")?.as_str(), "red");
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    Color
}

impl Color {
    /// Creates a color from red, green and blue.
    #[must_use]
    pub fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self(Value::from_valid(format!(
            "rgb:{red:02x}{green:02x}{blue:02x}"
        )))
    }

    /// Creates a color from red, green, blue and alpha, where 0 is transparent
    /// and 255 is opaque.
    #[must_use]
    pub fn rgba(red: u8, green: u8, blue: u8, alpha: u8) -> Self {
        let Self(rgb) = Self::rgb(red, green, blue);
        Self(Value::from_valid(format!("{rgb}{alpha:02x}")))
    }

    /// Creates a color from hexadecimal digits, with or without `#`.
    ///
    /// # Errors
    ///
    /// - A text that is not 3, 4, 6 or 8 hexadecimal digits.
    pub fn hex(digits: &str) -> Result<Self, TransformationError> {
        let hex = digits.strip_prefix('#').unwrap_or(digits);
        let all_hex = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !all_hex || !matches!(hex.len(), 3 | 4 | 6 | 8) {
            return Err(TransformationError::invalid(
                "color",
                digits,
                "expected 3, 4, 6 or 8 hexadecimal digits",
            ));
        }
        Ok(Self(Value::from_valid(format!("rgb:{hex}"))))
    }

    /// Creates a color from its name.
    ///
    /// # Errors
    ///
    /// - An empty name.
    /// - A character that is not an ASCII letter or digit.
    pub fn named(name: &str) -> Result<Self, TransformationError> {
        TransformationError::check("color", name, |char| char.is_ascii_alphanumeric())?;
        Ok(Self(Value::from_valid(name.to_owned())))
    }
}

value_impls! { Color }

from_numbers! { Color: Expression Operand }

impl FromStr for Color {
    type Err = TransformationError;

    /// Parses a text that begins with `#` as [`Color::hex`] does, and any other
    /// text as [`Color::named`] does.
    fn from_str(color: &str) -> Result<Self, TransformationError> {
        if color.starts_with('#') {
            Self::hex(color)
        } else {
            Self::named(color)
        }
    }
}

open_set! {
    /// The background of an image, which fills the padding and the transparent parts.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::{Background, Color};
    ///
    /// assert_eq!(Background::blurred(400, 15).as_str(), "blurred:400:15");
    /// assert_eq!(Background::from(Color::hex("#fff")?).as_str(), "rgb:fff");
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    Background {
        AUTO = "auto", "Uses the predominant color of the edges, like `auto:border`";
        AUTO_BORDER = "auto:border", "Uses the predominant color of the edges";
        AUTO_PREDOMINANT = "auto:predominant", "Uses the predominant color of the image";
        AUTO_BORDER_CONTRAST = "auto:border_contrast", "Uses a color that contrasts with the predominant color of the edges";
        AUTO_PREDOMINANT_CONTRAST = "auto:predominant_contrast", "Uses a color that contrasts with the predominant color of the image";
        AUTO_BORDER_GRADIENT = "auto:border_gradient", "Uses a gradient of the predominant colors of the edges";
        AUTO_PREDOMINANT_GRADIENT = "auto:predominant_gradient", "Uses a gradient of the predominant colors of the image";
        BLURRED = "blurred", "Uses a blurred copy of the image";
        GEN_FILL = "gen_fill", "Extends the image with generative AI";
    }
}

impl Background {
    /// Creates a background of a blurred copy of the image. The brightness is
    /// positive for a lighter and negative for a darker background.
    #[must_use]
    pub fn blurred(intensity: u32, brightness: i32) -> Self {
        Self(Value::from_valid(format!(
            "blurred:{intensity}:{brightness}"
        )))
    }
}

impl From<Color> for Background {
    fn from(Color(color): Color) -> Self {
        Self(color)
    }
}

from_numbers! { Background: Expression Operand }

value_type! {
    /// A border around an image.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::{Border, Color};
    ///
    /// let border = Border::solid(4, Color::hex("#00390b")?);
    /// assert_eq!(border.as_str(), "4px_solid_rgb:00390b");
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    Border
}

impl Border {
    /// Creates a border with a width in pixels.
    #[must_use]
    pub fn new(
        width: impl Into<Value>,
        style: impl Into<BorderStyle>,
        color: impl Into<Color>,
    ) -> Self {
        let (width, style, color) = (width.into(), style.into(), color.into());
        Self(Value::from_valid(format!("{width}px_{style}_{color}")))
    }

    /// Creates a solid border with a width in pixels.
    #[must_use]
    pub fn solid(width: impl Into<Value>, color: impl Into<Color>) -> Self {
        Self::new(width, BorderStyle::SOLID, color)
    }
}

value_impls! { Border }

open_set! {
    /// The line style of a border.
    BorderStyle {
        SOLID = "solid", "Draws an unbroken line";
    }
}

open_set! {
    /// The color space of the delivered image.
    ColorSpace {
        SRGB = "srgb", "Converts to sRGB";
        SRGB_TRUE_COLOR = "srgb:truecolor", "Converts to sRGB without a palette";
        TINY_SRGB = "tinysrgb", "Converts to sRGB with a small color profile";
        CMYK = "cmyk", "Converts to CMYK";
        NO_CMYK = "no_cmyk", "Converts CMYK images to RGB";
        KEEP_CMYK = "keep_cmyk", "Keeps the CMYK color space of CMYK images";
        COPY = "copy", "Keeps the color space and the color profile of the image";
    }
}

impl ColorSpace {
    /// Creates a color space from an ICC profile that is stored at Cloudinary.
    #[must_use]
    pub fn icc(profile: PublicId) -> Self {
        Self(Value::from_static("icc:").concat(&profile.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_are_written_by_digits_or_name() {
        for (color, text) in [
            (Color::rgba(1, 2, 3, 255), "rgb:010203ff"),
            (Color::hex("AbC").unwrap(), "rgb:AbC"),
            (Color::hex("#12345678").unwrap(), "rgb:12345678"),
            ("gray20".parse().unwrap(), "gray20"),
        ] {
            assert_eq!(color.to_string(), text);
        }
    }

    #[test]
    fn invalid_colors_are_rejected() {
        for (color, error) in [
            (
                "#",
                "invalid color `#`: expected 3, 4, 6 or 8 hexadecimal digits",
            ),
            (
                "#12345",
                "invalid color `#12345`: expected 3, 4, 6 or 8 hexadecimal digits",
            ),
            (
                "#ggg",
                "invalid color `#ggg`: expected 3, 4, 6 or 8 hexadecimal digits",
            ),
            ("", "color is empty"),
            ("a_b", "unexpected '_' at byte 1 of the color"),
            ("rot,", "unexpected ',' at byte 3 of the color"),
        ] {
            assert_eq!(color.parse::<Color>().unwrap_err().to_string(), error);
        }
    }
}
