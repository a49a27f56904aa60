//! How the text of a layer looks.

use std::fmt;

use super::macros::keywords;
use super::{TransformationError, Value, encoding};

/// Font, size and further properties of the text of a layer.
///
/// ```
/// use url_signer::cloudinary::Number;
/// use url_signer::cloudinary::transformation::{FontWeight, TextAlign, TextStyle};
///
/// let style = TextStyle::new("Open Sans", 40)?
///     .line_spacing(Number::clamped(-1.5))
///     .align(TextAlign::Center)
///     .weight(FontWeight::Bold);
/// assert_eq!(style.to_string(), "Open%20Sans_40_bold_center_line_spacing_-1.5");
/// # Ok::<(), url_signer::cloudinary::TransformationError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TextStyle {
    font: Value,
    size: Value,
    keywords: [Option<Value>; Keyword::COUNT],
}

/// What follows font and size, in the order of the official SDKs.
#[derive(Clone, Copy)]
enum Keyword {
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

impl Keyword {
    const COUNT: usize = 9;
}

impl TextStyle {
    /// A font by its name, and the size of its letters in pixels.
    ///
    /// A font of one's own goes by its public id: `authenticated:brand.ttf`.
    ///
    /// # Errors
    ///
    /// - A font that [`PublicId::new`](super::PublicId::new) refuses.
    pub fn new(font: &str, size: impl Into<Value>) -> Result<Self, TransformationError> {
        encoding::public_id("font", font).map(|font| Self {
            font: Value::from_valid(font),
            size: size.into(),
            keywords: Default::default(),
        })
    }

    /// How strong its lines are.
    #[must_use]
    pub fn weight(self, weight: impl Into<FontWeight>) -> Self {
        let weight = weight.into();
        let set = (weight.as_str() != FontWeight::Normal.as_str()).then_some(weight);
        self.with(Keyword::Weight, set)
    }

    /// Whether it leans.
    #[must_use]
    pub fn style(self, style: impl Into<FontStyle>) -> Self {
        let style = style.into();
        let set = (style.as_str() != FontStyle::Normal.as_str()).then_some(style);
        self.with(Keyword::Style, set)
    }

    /// Lines under it or through it.
    #[must_use]
    pub fn decoration(self, decoration: impl Into<TextDecoration>) -> Self {
        let decoration = decoration.into();
        let is_none = decoration.as_str() == TextDecoration::None.as_str();
        let set = (!is_none).then_some(decoration);
        self.with(Keyword::Decoration, set)
    }

    /// To which side its lines are moved.
    #[must_use]
    pub fn align(self, align: impl Into<TextAlign>) -> Self {
        self.with(Keyword::Align, Some(align.into()))
    }

    /// With an outline, which the step's border describes.
    #[must_use]
    pub fn stroke(self) -> Self {
        self.with(Keyword::Stroke, Some(Value::from_static("stroke")))
    }

    /// Pixels between letters, more or fewer than usual.
    #[must_use]
    pub fn letter_spacing(self, pixels: impl Into<Value>) -> Self {
        let value = Value::from_static("letter_spacing_").concat(&pixels.into());
        self.with(Keyword::LetterSpacing, Some(value))
    }

    /// Pixels between lines, more or fewer than usual.
    #[must_use]
    pub fn line_spacing(self, pixels: impl Into<Value>) -> Self {
        let value = Value::from_static("line_spacing_").concat(&pixels.into());
        self.with(Keyword::LineSpacing, Some(value))
    }

    /// How its edges are smoothed.
    #[must_use]
    pub fn antialiasing(self, antialiasing: impl Into<FontAntialiasing>) -> Self {
        let value = Value::from_static("antialias_").concat(&antialiasing.into().into());
        self.with(Keyword::Antialiasing, Some(value))
    }

    /// How its lines are moved onto pixels.
    #[must_use]
    pub fn hinting(self, hinting: impl Into<FontHinting>) -> Self {
        let value = Value::from_static("hinting_").concat(&hinting.into().into());
        self.with(Keyword::Hinting, Some(value))
    }

    fn with(mut self, keyword: Keyword, value: Option<impl Into<Value>>) -> Self {
        if let Some(place) = self.keywords.get_mut(keyword as usize) {
            *place = value.map(Into::into);
        }
        self
    }
}

impl fmt::Display for TextStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.font, self.size)?;
        self.keywords
            .iter()
            .flatten()
            .try_for_each(|keyword| write!(f, "_{keyword}"))
    }
}

impl From<TextStyle> for Value {
    fn from(style: TextStyle) -> Self {
        Self::from_valid(style.to_string())
    }
}

keywords! {
    /// How strong the lines of a font are.
    FontWeight {
        Normal = "normal", "as usual";
        Thin = "thin", "thinnest";
        Light = "light", "thinner";
        Medium = "medium", "a little stronger";
        Bold = "bold", "stronger";
    }
}

keywords! {
    /// Whether letters lean.
    FontStyle {
        Normal = "normal", "upright";
        Italic = "italic", "leaning";
    }
}

keywords! {
    /// Lines under a text or through it.
    TextDecoration {
        None = "none", "no lines";
        Underline = "underline", "under it";
        Strikethrough = "strikethrough", "through it";
    }
}

keywords! {
    /// To which side the lines of a text are moved.
    TextAlign {
        Left = "left", "to the left";
        Center = "center", "to the middle";
        Right = "right", "to the right";
        Start = "start", "to the side where reading begins";
        End = "end", "to the side where reading ends";
        Justify = "justify", "to both sides";
    }
}

keywords! {
    /// How the edges of letters are smoothed.
    FontAntialiasing {
        None = "none", "not at all";
        Gray = "gray", "with greys";
        Subpixel = "subpixel", "with the colours within a pixel";
        Fast = "fast", "rather fast";
        Good = "good", "between the two";
        Best = "best", "rather well";
    }
}

keywords! {
    /// How the lines of letters are moved onto pixels.
    FontHinting {
        None = "none", "not at all";
        Slight = "slight", "a little";
        Medium = "medium", "between the two";
        Full = "full", "all the way";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_stand_in_the_order_of_the_sdks_and_usual_ones_not_at_all() {
        let style = TextStyle::new("Arial", 20)
            .unwrap()
            .hinting(FontHinting::Full)
            .antialiasing(FontAntialiasing::Best)
            .line_spacing(3)
            .letter_spacing(-2)
            .stroke()
            .align(TextAlign::Justify)
            .decoration(TextDecoration::Underline)
            .style(FontStyle::Italic)
            .weight(FontWeight::Light);
        assert_eq!(
            style.to_string(),
            "Arial_20_light_italic_underline_justify_stroke_letter_spacing_-2_line_spacing_3\
             _antialias_best_hinting_full"
        );
        let usual = style
            .weight(FontWeight::Normal)
            .style(FontStyle::Normal)
            .decoration(TextDecoration::None);
        assert!(usual.to_string().starts_with("Arial_20_justify_stroke_"));
    }

    #[test]
    fn a_font_that_would_end_its_parameter_is_refused() {
        for (font, error) in [
            ("", "font is empty"),
            ("a,b", "font has ',' at byte 1, which cannot stand in it"),
        ] {
            assert_eq!(TextStyle::new(font, 1).unwrap_err().to_string(), error);
        }
    }
}
