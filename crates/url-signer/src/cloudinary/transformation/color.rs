use std::str::FromStr;

use super::macros::{keywords, newtype, numeric};
use super::{Expression, Operand, PublicId, TransformationError, Value};

newtype! {
    /// A colour, by its digits or its name.
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
    /// A colour by red, green and blue.
    #[must_use]
    pub fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self(Value::from_valid(format!(
            "rgb:{red:02x}{green:02x}{blue:02x}"
        )))
    }

    /// A colour by red, green, blue, and how little can be seen through it.
    #[must_use]
    pub fn rgba(red: u8, green: u8, blue: u8, alpha: u8) -> Self {
        let Self(rgb) = Self::rgb(red, green, blue);
        Self(Value::from_valid(format!("{rgb}{alpha:02x}")))
    }

    /// A colour by its digits, with or without `#` before them.
    ///
    /// # Errors
    ///
    /// - Other than 3, 4, 6 or 8 hexadecimal digits.
    pub fn hex(digits: &str) -> Result<Self, TransformationError> {
        let hex = digits.strip_prefix('#').unwrap_or(digits);
        let all_hex = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !all_hex || !matches!(hex.len(), 3 | 4 | 6 | 8) {
            return Err(TransformationError::Part(
                "colour",
                digits.to_owned(),
                "3, 4, 6 or 8 hexadecimal digits",
            ));
        }
        Ok(Self(Value::from_valid(format!("rgb:{hex}"))))
    }

    /// A colour by its name.
    ///
    /// # Errors
    ///
    /// - Nothing, or other characters than ASCII letters and digits.
    pub fn named(name: &str) -> Result<Self, TransformationError> {
        let stands = |char: char| char.is_ascii_alphanumeric();
        TransformationError::check("colour", name, stands)?;
        Ok(Self(Value::from_valid(name.to_owned())))
    }
}

numeric! { Color: Expression Operand }

impl FromStr for Color {
    type Err = TransformationError;

    /// [`Color::hex`] of what begins with `#`, else [`Color::named`].
    fn from_str(color: &str) -> Result<Self, TransformationError> {
        if color.starts_with('#') {
            Self::hex(color)
        } else {
            Self::named(color)
        }
    }
}

keywords! {
    /// What is seen around an image, or through it.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::{Background, Color};
    ///
    /// assert_eq!(Background::blurred(400, 15).as_str(), "blurred:400:15");
    /// assert_eq!(Background::from(Color::hex("#fff")?).as_str(), "rgb:fff");
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    Background {
        Auto = "auto", "a colour of the edges";
        AutoBorder = "auto:border", "the commonest colour of the edges";
        AutoPredominant = "auto:predominant", "the commonest colour";
        AutoBorderContrast = "auto:border_contrast", "a colour that stands out against that of the edges";
        AutoPredominantContrast = "auto:predominant_contrast", "a colour that stands out against the commonest";
        AutoBorderGradient = "auto:border_gradient", "a gradient of colours of the edges";
        AutoPredominantGradient = "auto:predominant_gradient", "a gradient of the commonest colours";
        Blurred = "blurred", "the image, blurred";
        GenFill = "gen_fill", "what a model makes up";
    }
}

impl Background {
    /// The image, blurred and made lighter or darker.
    #[must_use]
    pub fn blurred(intensity: u32, brightness: i32) -> Self {
        Self::Other(Value::from_valid(format!(
            "blurred:{intensity}:{brightness}"
        )))
    }
}

impl From<Color> for Background {
    fn from(Color(color): Color) -> Self {
        Self::Other(color)
    }
}

numeric! { Background: Expression Operand }

newtype! {
    /// A line around an image.
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
    /// A line so many pixels wide.
    #[must_use]
    pub fn new(
        width: impl Into<Value>,
        style: impl Into<BorderStyle>,
        color: impl Into<Color>,
    ) -> Self {
        let (width, style, color) = (width.into(), style.into(), color.into());
        Self(Value::from_valid(format!("{width}px_{style}_{color}")))
    }

    /// A line without gaps so many pixels wide.
    #[must_use]
    pub fn solid(width: impl Into<Value>, color: impl Into<Color>) -> Self {
        Self::new(width, BorderStyle::Solid, color)
    }
}

keywords! {
    /// How a border is drawn.
    BorderStyle {
        Solid = "solid", "without gaps";
    }
}

keywords! {
    /// The colours that a file may have, and how it says which they are.
    ColorSpace {
        Srgb = "srgb", "those of the web";
        SrgbTrueColor = "srgb:truecolor", "those of the web, without a palette";
        TinySrgb = "tinysrgb", "those of the web, with a small profile";
        Cmyk = "cmyk", "CMYK, as in print";
        NoCmyk = "no_cmyk", "RGB, also of a file in CMYK";
        KeepCmyk = "keep_cmyk", "CMYK of a file in CMYK is kept";
        Copy = "copy", "those of the file, and its profile";
    }
}

impl ColorSpace {
    /// Those of a profile that is stored at the provider.
    #[must_use]
    pub fn icc(profile: PublicId) -> Self {
        let profile = Value::from(profile);
        Self::Other(Value::from_static("icc:").concat(&profile))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_written_by_digits_or_names() {
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
    fn what_is_no_colour_is_refused() {
        for (color, error) in [
            ("#", "colour \"#\" is not 3, 4, 6 or 8 hexadecimal digits"),
            (
                "#12345",
                "colour \"#12345\" is not 3, 4, 6 or 8 hexadecimal digits",
            ),
            (
                "#ggg",
                "colour \"#ggg\" is not 3, 4, 6 or 8 hexadecimal digits",
            ),
            ("", "colour is empty"),
            ("a_b", "colour has '_' at byte 1, which cannot stand in it"),
            ("rot,", "colour has ',' at byte 3, which cannot stand in it"),
        ] {
            assert_eq!(color.parse::<Color>().unwrap_err().to_string(), error);
        }
    }
}
