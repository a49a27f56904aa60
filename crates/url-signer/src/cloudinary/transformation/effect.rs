use super::macros::newtype;
use super::{TransformationError, Value};

newtype! {
    /// A filter or another change of an image's pixels, with its arguments.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::Effect;
    ///
    /// assert_eq!(Effect::SEPIA.as_str(), "sepia");
    /// assert_eq!(Effect::OUTLINE.args([15, 200]).as_str(), "outline:15:200");
    /// assert_eq!(Effect::named("zoompan")?.as_str(), "zoompan");
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    Effect
}

impl Effect {
    /// An effect by its name.
    ///
    /// # Errors
    ///
    /// - Nothing, or other characters than ASCII letters, digits, `_` and `-`.
    pub fn named(name: &str) -> Result<Self, TransformationError> {
        let stands = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-');
        TransformationError::check("effect name", name, stands)?;
        Ok(Self(Value::from_valid(name.to_owned())))
    }

    /// The same with one more argument.
    #[must_use]
    pub fn arg(self, argument: impl Into<Value>) -> Self {
        let argument = argument.into();
        Self(Value::from_valid(format!("{self}:{argument}")))
    }

    /// The same with more arguments.
    #[must_use]
    pub fn args<T: Into<Value>>(self, arguments: impl IntoIterator<Item = T>) -> Self {
        arguments.into_iter().fold(self, Self::arg)
    }
}

/// The effects that have a name here.
macro_rules! effects {
    ($($name:ident = $text:literal, $doc:literal;)+) => {
        impl Effect {
            $(
                #[doc = concat!("`", $text, "`: ", $doc, ".")]
                pub const $name: Self = Self(Value::from_static($text));
            )+
        }
    };
}

effects! {
    ART = "art", "in the manner of a painting or a film";
    ASSIST_COLORBLIND = "assist_colorblind", "told apart by stripes or other colours";
    AUTO_BRIGHTNESS = "auto_brightness", "brightness as suits the image";
    AUTO_COLOR = "auto_color", "colours as suit the image";
    AUTO_CONTRAST = "auto_contrast", "contrast as suits the image";
    BACKGROUND_REMOVAL = "background_removal", "with nothing behind the subject";
    BGREMOVAL = "bgremoval", "without its background, which is taken to be of one colour";
    BLACKWHITE = "blackwhite", "of black and white alone";
    BLUE = "blue", "more or less blue";
    BLUR = "blur", "out of focus";
    BLUR_FACES = "blur_faces", "faces out of focus";
    BLUR_REGION = "blur_region", "a part out of focus";
    BRIGHTNESS = "brightness", "brighter or darker";
    BRIGHTNESS_HSB = "brightness_hsb", "brighter or darker, as hue, saturation and brightness";
    CARTOONIFY = "cartoonify", "as a cartoon";
    COLORIZE = "colorize", "in the step's colour";
    CONTRAST = "contrast", "of more or less contrast";
    CUT_OUT = "cut_out", "without what the layer covers";
    DISPLACE = "displace", "shifted by the colours of the layer";
    DISTORT = "distort", "with its corners elsewhere, or bent";
    DROPSHADOW = "dropshadow", "with a soft shadow, by a model";
    ENHANCE = "enhance", "better, by a model";
    FADE = "fade", "fading in or out";
    FILL_LIGHT = "fill_light", "with light in the shadows";
    GAMMA = "gamma", "of another gamma";
    GEN_BACKGROUND_REPLACE = "gen_background_replace", "before another background, by a model";
    GEN_RECOLOR = "gen_recolor", "with things in another colour, by a model";
    GEN_REMOVE = "gen_remove", "without some things, by a model";
    GEN_REPLACE = "gen_replace", "with things in the place of others, by a model";
    GEN_RESTORE = "gen_restore", "restored, by a model";
    GRADIENT_FADE = "gradient_fade", "fading towards its edges";
    GRAYSCALE = "grayscale", "without colours";
    GREEN = "green", "more or less green";
    HUE = "hue", "of another hue";
    IMPROVE = "improve", "colours, contrast and brightness as suit the image";
    MAKE_TRANSPARENT = "make_transparent", "with the background to be seen through";
    MASK = "mask", "to be seen only where the layer is light";
    MULTIPLY = "multiply", "the layer's colours times the image's";
    NEGATE = "negate", "as a negative";
    OIL_PAINT = "oil_paint", "as a painting";
    OPACITY_THRESHOLD = "opacity_threshold", "without what is hardly to be seen";
    ORDERED = "ordered", "of fewer colours, in a pattern";
    OUTLINE = "outline", "with a line around what is to be seen";
    OVERLAY = "overlay", "the layer's colours over the image's";
    PIXELATE = "pixelate", "of large pixels";
    PIXELATE_FACES = "pixelate_faces", "faces of large pixels";
    PIXELATE_REGION = "pixelate_region", "a part of large pixels";
    RECOLOR = "recolor", "with its colours mixed by a matrix";
    RED = "red", "more or less red";
    REDEYE = "redeye", "without red eyes";
    REPLACE_COLOR = "replace_color", "with a colour in the place of another";
    SATURATION = "saturation", "more or less coloured";
    SCREEN = "screen", "the layer blended by `screen`";
    SEPIA = "sepia", "as an old photograph";
    SHADOW = "shadow", "with a shadow in the step's colour";
    SHARPEN = "sharpen", "sharper";
    SHEAR = "shear", "slanted";
    SIMULATE_COLORBLIND = "simulate_colorblind", "as who can't tell colours apart sees it";
    STYLE_TRANSFER = "style_transfer", "in the style of the layer";
    SWAP_IMAGE = "swap_image", "with another image in the place of a layer";
    THEME = "theme", "in the colours of a theme";
    TINT = "tint", "mixed with colours";
    TRIM = "trim", "without edges of one colour";
    UNSHARP_MASK = "unsharp_mask", "sharper, by a mask";
    UPSCALE = "upscale", "larger, by a model";
    VECTORIZE = "vectorize", "as shapes";
    VIBRANCE = "vibrance", "more coloured where it is least";
    VIESUS_CORRECT = "viesus_correct", "better, by the add-on of that name";
    VIGNETTE = "vignette", "darker towards its edges";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloudinary::Number;

    #[test]
    fn arguments_follow_the_name() {
        let effect = Effect::named("a-new_one")
            .unwrap()
            .arg(Number::clamped(0.5))
            .arg(Value::verbatim("x;y").unwrap());
        assert_eq!(effect.as_str(), "a-new_one:0.5:x;y");
    }

    #[test]
    fn a_name_is_of_letters_digits_and_few_marks() {
        for (name, error) in [
            ("", "effect name is empty"),
            (
                "sepia:5",
                "effect name has ':' at byte 5, which cannot stand in it",
            ),
            (
                "a b",
                "effect name has ' ' at byte 1, which cannot stand in it",
            ),
            (
                "a/b",
                "effect name has '/' at byte 1, which cannot stand in it",
            ),
        ] {
            assert_eq!(Effect::named(name).unwrap_err().to_string(), error);
        }
    }
}
