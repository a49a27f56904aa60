//! The style of a text layer.

use std::fmt;

use super::encoding;
use super::error::TransformationError;
use super::macros::open_set;
use super::value::Value;

/// The style of a text layer: font, size and further properties.
///
/// ```
/// use url_signer::cloudinary::Number;
/// use url_signer::cloudinary::transformation::{FontWeight, TextAlign, TextStyle};
///
/// let style = TextStyle::new("Open Sans", 40)?
///     .line_spacing(Number::clamped(-1.5))
///     .align(TextAlign::CENTER)
///     .weight(FontWeight::BOLD);
/// assert_eq!(style.to_string(), "Open%20Sans_40_bold_center_line_spacing_-1.5");
/// # Ok::<(), url_signer::cloudinary::TransformationError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TextStyle {
    font: Value,
    size: Value,
    properties: [Option<Value>; TextProperty::COUNT],
}

/// The properties after font and size, in the order of the official SDKs.
#[derive(Clone, Copy)]
enum TextProperty {
    Weight,
    Style,
    Decoration,
    Align,
    Stroke,
    LetterSpacing,
    LineSpacing,
    Antialiasing,
    Hinting,
}

impl TextProperty {
    const COUNT: usize = 9;
}

impl TextStyle {
    /// Creates a style from the name of a font and the font size in pixels.
    ///
    /// For a custom font, pass the delivery type and the public id of the font:
    /// `authenticated:brand.ttf`.
    ///
    /// # Errors
    ///
    /// - A font that is invalid for [`PublicId::new`](super::PublicId::new).
    pub fn new(font: &str, size: impl Into<Value>) -> Result<Self, TransformationError> {
        let font = encoding::encode_public_id("font", font)?;
        Ok(Self {
            font: Value::from_valid(font),
            size: size.into(),
            properties: Default::default(),
        })
    }

    /// Sets the font weight.
    #[must_use]
    pub fn weight(self, weight: impl Into<FontWeight>) -> Self {
        let weight = weight.into();
        let property = (weight != FontWeight::NORMAL).then_some(weight);
        self.set(TextProperty::Weight, property)
    }

    /// Sets the font style.
    #[must_use]
    pub fn style(self, style: impl Into<FontStyle>) -> Self {
        let style = style.into();
        let property = (style != FontStyle::NORMAL).then_some(style);
        self.set(TextProperty::Style, property)
    }

    /// Sets a line under or through the text.
    #[must_use]
    pub fn decoration(self, decoration: impl Into<TextDecoration>) -> Self {
        let decoration = decoration.into();
        let property = (decoration != TextDecoration::NONE).then_some(decoration);
        self.set(TextProperty::Decoration, property)
    }

    /// Sets the alignment of the lines.
    #[must_use]
    pub fn align(self, align: impl Into<TextAlign>) -> Self {
        self.set(TextProperty::Align, Some(align.into()))
    }

    /// Adds an outline to the letters. [`Step::border`](super::Step::border) sets the
    /// width and the color of the outline.
    #[must_use]
    pub fn stroke(self) -> Self {
        self.set(TextProperty::Stroke, Some(Value::from_static("stroke")))
    }

    /// Sets the additional space between letters, in pixels. It may be negative.
    #[must_use]
    pub fn letter_spacing(self, pixels: impl Into<Value>) -> Self {
        self.set_prefixed(TextProperty::LetterSpacing, "letter_spacing_", pixels)
    }

    /// Sets the additional space between lines, in pixels. It may be negative.
    #[must_use]
    pub fn line_spacing(self, pixels: impl Into<Value>) -> Self {
        self.set_prefixed(TextProperty::LineSpacing, "line_spacing_", pixels)
    }

    /// Sets the smoothing of edges.
    #[must_use]
    pub fn antialiasing(self, antialiasing: impl Into<FontAntialiasing>) -> Self {
        let antialiasing = antialiasing.into();
        self.set_prefixed(TextProperty::Antialiasing, "antialias_", antialiasing)
    }

    /// Sets the adjustment of outlines to the pixel grid.
    #[must_use]
    pub fn hinting(self, hinting: impl Into<FontHinting>) -> Self {
        self.set_prefixed(TextProperty::Hinting, "hinting_", hinting.into())
    }

    fn set_prefixed(
        self,
        property: TextProperty,
        prefix: &'static str,
        value: impl Into<Value>,
    ) -> Self {
        let value = Value::from_static(prefix).concat(&value.into());
        self.set(property, Some(value))
    }

    fn set(mut self, property: TextProperty, value: Option<impl Into<Value>>) -> Self {
        if let Some(current) = self.properties.get_mut(property as usize) {
            *current = value.map(Into::into);
        }
        self
    }
}

/// Writes the style as in a URL.
impl fmt::Display for TextStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.font, self.size)?;
        self.properties
            .iter()
            .flatten()
            .try_for_each(|property| write!(f, "_{property}"))
    }
}

impl From<TextStyle> for Value {
    fn from(style: TextStyle) -> Self {
        Self::from_valid(style.to_string())
    }
}

open_set! {
    /// The weight of a font.
    FontWeight {
        NORMAL = "normal", "Uses the regular weight";
        THIN = "thin", "Uses the thinnest weight";
        LIGHT = "light", "Uses a light weight";
        MEDIUM = "medium", "Uses a weight between regular and bold";
        BOLD = "bold", "Uses a bold weight";
    }
}

open_set! {
    /// The style of a font.
    FontStyle {
        NORMAL = "normal", "Uses upright letters";
        ITALIC = "italic", "Uses italic letters";
    }
}

open_set! {
    /// A line under or through a text.
    TextDecoration {
        NONE = "none", "Draws no line";
        UNDERLINE = "underline", "Underlines the text";
        STRIKETHROUGH = "strikethrough", "Strikes through the text";
    }
}

open_set! {
    /// The alignment of the lines of a text.
    TextAlign {
        LEFT = "left", "Aligns to the left";
        CENTER = "center", "Centers the lines";
        RIGHT = "right", "Aligns to the right";
        START = "start", "Aligns to the side where reading begins";
        END = "end", "Aligns to the side where reading ends";
        JUSTIFY = "justify", "Aligns to both sides";
    }
}

open_set! {
    /// The smoothing of the edges of letters.
    FontAntialiasing {
        NONE = "none", "Does not smooth edges";
        GRAY = "gray", "Smooths with shades of gray";
        SUBPIXEL = "subpixel", "Smooths with the subpixels of a display";
        FAST = "fast", "Prefers speed to quality";
        GOOD = "good", "Balances speed and quality";
        BEST = "best", "Prefers quality to speed";
    }
}

open_set! {
    /// The adjustment of the outlines of letters to the pixel grid.
    FontHinting {
        NONE = "none", "Does not adjust outlines";
        SLIGHT = "slight", "Adjusts slightly";
        MEDIUM = "medium", "Adjusts moderately";
        FULL = "full", "Adjusts fully";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_follow_the_sdk_order_without_defaults() {
        let style = TextStyle::new("Arial", 20)
            .unwrap()
            .hinting(FontHinting::FULL)
            .antialiasing(FontAntialiasing::BEST)
            .line_spacing(3)
            .letter_spacing(-2)
            .stroke()
            .align(TextAlign::JUSTIFY)
            .decoration(TextDecoration::UNDERLINE)
            .style(FontStyle::ITALIC)
            .weight(FontWeight::LIGHT);
        assert_eq!(
            style.to_string(),
            "Arial_20_light_italic_underline_justify_stroke_letter_spacing_-2_line_spacing_3\
             _antialias_best_hinting_full"
        );
        let defaults = style
            .weight(FontWeight::NORMAL)
            .style(FontStyle::NORMAL)
            .decoration(TextDecoration::NONE);
        assert!(defaults.to_string().starts_with("Arial_20_justify_stroke_"));
    }

    #[test]
    fn fonts_that_end_their_parameter_are_rejected() {
        for (font, error) in [
            ("", "font is empty"),
            ("a,b", "unexpected ',' at byte 1 of the font"),
        ] {
            assert_eq!(TextStyle::new(font, 1).unwrap_err().to_string(), error);
        }
    }
}
