use super::error::TransformationError;
use super::macros::{constants, value_impls, value_type};
use super::value::Value;

value_type! {
    /// An effect: a filter or another change of the pixels, with its arguments.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::Effect;
    ///
    /// assert_eq!(Effect::SEPIA.as_str(), "sepia");
    /// assert_eq!(Effect::SEPIA.arg(50).as_str(), "sepia:50");
    /// assert_eq!(Effect::OUTLINE.args([15, 200]).as_str(), "outline:15:200");
    /// assert_eq!(Effect::named("zoompan")?.as_str(), "zoompan");
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    Effect
}

impl Effect {
    /// Creates an effect from its name.
    ///
    /// # Errors
    ///
    /// - An empty name.
    /// - A character that is not an ASCII letter, a digit, `_` or `-`.
    pub fn named(name: &str) -> Result<Self, TransformationError> {
        let is_allowed = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-');
        TransformationError::check("effect name", name, is_allowed)?;
        Ok(Self(Value::from_valid(name.to_owned())))
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(self, argument: impl Into<Value>) -> Self {
        let argument = argument.into();
        Self(Value::from_valid(format!("{self}:{argument}")))
    }

    /// Adds several arguments.
    #[must_use]
    pub fn args<T: Into<Value>>(self, arguments: impl IntoIterator<Item = T>) -> Self {
        arguments.into_iter().fold(self, Self::arg)
    }
}

constants! {
    Effect {
        ART = "art", "Applies an artistic filter";
        ASSIST_COLORBLIND = "assist_colorblind", "Adds stripes or shifts colors for color blind viewers";
        AUTO_BRIGHTNESS = "auto_brightness", "Adjusts the brightness automatically";
        AUTO_COLOR = "auto_color", "Adjusts the color balance automatically";
        AUTO_CONTRAST = "auto_contrast", "Adjusts the contrast automatically";
        BACKGROUND_REMOVAL = "background_removal", "Removes the background with AI";
        BGREMOVAL = "bgremoval", "Removes a background of one color";
        BLACKWHITE = "blackwhite", "Converts to black and white without grays";
        BLUE = "blue", "Adjusts the blue channel";
        BLUR = "blur", "Blurs the image";
        BLUR_FACES = "blur_faces", "Blurs faces";
        BLUR_REGION = "blur_region", "Blurs a region";
        BRIGHTNESS = "brightness", "Adjusts the brightness";
        BRIGHTNESS_HSB = "brightness_hsb", "Adjusts the brightness in the HSB color model";
        CARTOONIFY = "cartoonify", "Applies a cartoon effect";
        COLORIZE = "colorize", "Colorizes with the color that `Step::color` sets";
        CONTRAST = "contrast", "Adjusts the contrast";
        CUT_OUT = "cut_out", "Removes the part of the image under the shape of the layer";
        DISPLACE = "displace", "Displaces pixels by the colors of the layer";
        DISTORT = "distort", "Moves the corners of the image, or bends it into an arc";
        DROPSHADOW = "dropshadow", "Adds a soft drop shadow with AI";
        ENHANCE = "enhance", "Improves the quality with AI";
        FADE = "fade", "Fades in or out";
        FILL_LIGHT = "fill_light", "Lightens the shadows";
        GAMMA = "gamma", "Adjusts the gamma level";
        GEN_BACKGROUND_REPLACE = "gen_background_replace", "Replaces the background with generative AI";
        GEN_RECOLOR = "gen_recolor", "Recolors objects with generative AI";
        GEN_REMOVE = "gen_remove", "Removes objects with generative AI";
        GEN_REPLACE = "gen_replace", "Replaces objects with generative AI";
        GEN_RESTORE = "gen_restore", "Restores a degraded image with generative AI";
        GRADIENT_FADE = "gradient_fade", "Fades out towards the edges";
        GRAYSCALE = "grayscale", "Converts to grayscale";
        GREEN = "green", "Adjusts the green channel";
        HUE = "hue", "Adjusts the hue";
        IMPROVE = "improve", "Adjusts colors, contrast and brightness automatically";
        MAKE_TRANSPARENT = "make_transparent", "Makes the background transparent";
        MASK = "mask", "Shows the image only where the layer is light";
        MULTIPLY = "multiply", "Multiplies the colors of the layer and the image";
        NEGATE = "negate", "Inverts the colors";
        OIL_PAINT = "oil_paint", "Applies an oil painting effect";
        OPACITY_THRESHOLD = "opacity_threshold", "Makes nearly transparent pixels fully transparent";
        ORDERED = "ordered", "Reduces the colors with an ordered dither pattern";
        OUTLINE = "outline", "Adds an outline";
        OVERLAY = "overlay", "Blends the layer in the blend mode `overlay`";
        PIXELATE = "pixelate", "Pixelates the image";
        PIXELATE_FACES = "pixelate_faces", "Pixelates faces";
        PIXELATE_REGION = "pixelate_region", "Pixelates a region";
        RECOLOR = "recolor", "Mixes the color channels by a matrix";
        RED = "red", "Adjusts the red channel";
        REDEYE = "redeye", "Removes red eyes";
        REPLACE_COLOR = "replace_color", "Replaces a color by another color";
        SATURATION = "saturation", "Adjusts the color saturation";
        SCREEN = "screen", "Blends the layer in the blend mode `screen`";
        SEPIA = "sepia", "Applies a sepia tone";
        SHADOW = "shadow", "Adds a shadow in the color that `Step::color` sets";
        SHARPEN = "sharpen", "Sharpens the image";
        SHEAR = "shear", "Skews the image";
        SIMULATE_COLORBLIND = "simulate_colorblind", "Simulates how a color blind person sees the image";
        STYLE_TRANSFER = "style_transfer", "Applies the artistic style of the layer";
        SWAP_IMAGE = "swap_image", "Replaces the image of a layer";
        THEME = "theme", "Changes the image to the colors of a theme";
        TINT = "tint", "Tints with one or more colors";
        TRIM = "trim", "Removes edges of one color";
        UNSHARP_MASK = "unsharp_mask", "Sharpens with an unsharp mask";
        UPSCALE = "upscale", "Enlarges the image with AI";
        VECTORIZE = "vectorize", "Converts to vector graphics";
        VIBRANCE = "vibrance", "Increases the saturation of less saturated colors";
        VIESUS_CORRECT = "viesus_correct", "Enhances the image with the Viesus add-on";
        VIGNETTE = "vignette", "Darkens the edges";
    }
}

value_impls! { Effect }

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloudinary::transformation::number::Number;

    #[test]
    fn arguments_follow_the_name() {
        let effect = Effect::named("a-new_one")
            .unwrap()
            .arg(Number::clamped(0.5))
            .arg(Value::verbatim("x;y").unwrap());
        assert_eq!(effect.as_str(), "a-new_one:0.5:x;y");
    }

    #[test]
    fn names_with_separators_are_rejected() {
        for (name, error) in [
            ("", "effect name is empty"),
            ("sepia:5", "unexpected ':' at byte 5 of the effect name"),
            ("a b", "unexpected ' ' at byte 1 of the effect name"),
            ("a/b", "unexpected '/' at byte 1 of the effect name"),
        ] {
            assert_eq!(Effect::named(name).unwrap_err().to_string(), error);
        }
    }
}
