use std::borrow::Cow;
use std::fmt;

use super::audio::{AudioCodec, AudioFrequency};
use super::color::{Background, Border, Color, ColorSpace};
use super::effect::Effect;
use super::error::TransformationError;
use super::expression::Condition;
use super::flag::Flag;
use super::gravity::Gravity;
use super::layer::Layer;
use super::quality::{Format, Quality};
use super::references::{NamedTransformation, Page, PublicId};
use super::shape::{Angle, Radius};
use super::size::{AspectRatio, CropMode, Dpr, Size};
use super::value::Value;
use super::variable::VariableName;
use super::video::{BitRate, Fps, KeyframeInterval, StreamingProfile, VideoCodec, VideoTime};

/// A step of a transformation: parameters, joined with `,`.
///
/// The parameters are written in the order in which they are set. A parameter that is
/// set again keeps its position and gets the new value.
/// [`Transformation::sorted`](crate::cloudinary::Transformation::sorted) sorts the
/// parameters in the order of the official SDKs.
///
/// ```
/// use url_signer::cloudinary::Transformation;
/// use url_signer::cloudinary::transformation::{Color, CropMode, Effect, Gravity, Quality, Step};
///
/// let card = Step::new()
///     .crop(CropMode::FILL)
///     .gravity(Gravity::AUTO)
///     .width(400)
///     .height(300)
///     .background(Color::hex("#fff")?)
///     .effect(Effect::SEPIA.arg(50))
///     .quality(Quality::AUTO_ECO);
/// let transformation = Transformation::new().step(card);
/// assert_eq!(
///     transformation.as_str(),
///     "c_fill,g_auto,w_400,h_300,b_rgb:fff,e_sepia:50,q_auto:eco",
/// );
/// assert_eq!(
///     transformation.sorted().as_str(),
///     "b_rgb:fff,c_fill,e_sepia:50,g_auto,h_300,q_auto:eco,w_400",
/// );
/// # Ok::<(), url_signer::cloudinary::TransformationError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Step {
    parameters: Vec<(Cow<'static, str>, Value)>,
}

impl Step {
    /// Creates a step without parameters.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            parameters: Vec::new(),
        }
    }
}

/// Implements the setters that differ only in name, type and documentation.
macro_rules! setters {
    ($($setter:ident = $name:literal: $type:ty, $doc:literal;)+) => {
        impl Step {
            $(
                #[doc = concat!($doc, ": `", $name, "`.")]
                #[must_use]
                pub fn $setter(self, $setter: impl Into<$type>) -> Self {
                    let typed: $type = $setter.into();
                    self.set($name.into(), typed.into())
                }
            )+
        }
    };
}

setters! {
    condition = "if": Condition, "Adds the start, the alternative or the end of a conditional block";
    crop = "c": CropMode, "Sets the way the image is resized or cropped";
    width = "w": Value, "Sets the width: an integer in pixels, or a decimal number as a multiple of the original width";
    height = "h": Value, "Sets the height: an integer in pixels, or a decimal number as a multiple of the original height";
    aspect_ratio = "ar": AspectRatio, "Sets the aspect ratio";
    x = "x": Value, "Sets the horizontal offset from the left edge or from the position that the gravity selects, in pixels or as a fraction";
    y = "y": Value, "Sets the vertical offset from the upper edge or from the position that the gravity selects, in pixels or as a fraction";
    zoom = "z": Value, "Sets the zoom level for cropping to a face";
    gravity = "g": Gravity, "Sets the part of the image to keep, or the position of a layer";
    angle = "a": Angle, "Sets the rotation";
    radius = "r": Radius, "Rounds the corners";
    quality = "q": Quality, "Sets the quality of lossy compression";
    dpr = "dpr": Dpr, "Sets the device pixel ratio";
    fetch_format = "f": Format, "Sets the format of the delivered file";
    effect = "e": Effect, "Applies an effect";
    opacity = "o": Value, "Sets the opacity in percent, from 0 (transparent) to 100 (opaque)";
    border = "bo": Border, "Adds a border";
    background = "b": Background, "Sets the background";
    color = "co": Color, "Sets the color of a text or an effect";
    color_space = "cs": ColorSpace, "Sets the color space";
    overlay = "l": Layer, "Adds a layer over the image";
    underlay = "u": Layer, "Adds a layer under the image";
    named_transformation = "t": NamedTransformation, "Applies named transformations, which are stored at Cloudinary";
    page = "pg": Page, "Selects pages of a document, frames of an animation or layers of a file";
    density = "dn": Value, "Sets the resolution in dots per inch when vector graphics are rasterized";
    delay = "dl": Value, "Sets the delay between the frames of an animation, in milliseconds";
    video_codec = "vc": VideoCodec, "Sets the video codec";
    bit_rate = "br": BitRate, "Limits the bit rate of a video";
    start_offset = "so": VideoTime, "Sets the start of the part of a video to keep";
    end_offset = "eo": VideoTime, "Sets the end of the part of a video to keep";
    duration = "du": VideoTime, "Sets the duration of the part of a video to keep";
    fps = "fps": Fps, "Sets the number of frames per second";
    keyframe_interval = "ki": KeyframeInterval, "Sets the maximum time between keyframes";
    streaming_profile = "sp": StreamingProfile, "Sets the streaming profile of an adaptive stream";
    audio_codec = "ac": AudioCodec, "Sets the audio codec, or removes the sound";
    audio_frequency = "af": AudioFrequency, "Sets the sampling frequency of the sound";
    default_image = "d": PublicId, "Sets the image that is delivered if the asset does not exist";
}

impl Step {
    /// Sets the width, the height or both: `w`, `h`.
    #[must_use]
    pub fn size(self, size: Size) -> Self {
        let sides = [("h", size.height), ("w", size.width)];
        sides
            .into_iter()
            .fold(self, |step, (name, side)| match side {
                Some(pixels) => step.set(name.into(), pixels.into()),
                None => step,
            })
    }

    /// Sets flags: `fl`. An empty list adds nothing.
    #[must_use]
    pub fn flags(self, flags: &[Flag]) -> Self {
        match Value::join(".", flags.iter().map(Flag::as_str)) {
            Some(flags) => self.set("fl".into(), flags),
            None => self,
        }
    }

    /// Sets a variable: `$name`.
    #[must_use]
    pub fn variable(self, name: VariableName, value: impl Into<Value>) -> Self {
        self.set(String::from(name).into(), value.into())
    }

    /// Sets a parameter that has no setter in this type.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::{Step, Value};
    ///
    /// let sampling = Value::verbatim("2.3s")?;
    /// let step = Step::new().param("vs", sampling)?.param("dn", 150)?;
    /// assert_eq!(step.to_string(), "vs_2.3s,dn_150");
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - An empty name.
    /// - A character of the name that is not a lower-case ASCII letter.
    pub fn param(self, name: &str, value: impl Into<Value>) -> Result<Self, TransformationError> {
        TransformationError::check("parameter name", name, |char| char.is_ascii_lowercase())?;
        Ok(self.set(name.to_owned().into(), value.into()))
    }

    /// Returns whether there are no parameters.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty()
    }

    fn set(mut self, name: Cow<'static, str>, value: Value) -> Self {
        match self.parameters.iter_mut().find(|(other, _)| *other == name) {
            Some((_, current)) => *current = value,
            None => self.parameters.push((name, value)),
        }
        self
    }
}

/// Writes the parameters as in a URL.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.parameters.iter().enumerate() {
            let separator = if index == 0 { "" } else { "," };
            write!(f, "{separator}{name}_{value}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloudinary::transformation::number::Number;

    #[test]
    fn a_repeated_parameter_keeps_its_position() {
        let [a, b] = ["a", "b"].map(|name| VariableName::new(name).unwrap());
        let step = Step::new()
            .width(1)
            .variable(a.clone(), 2)
            .variable(b, 3)
            .size(Size::new(4, 5))
            .variable(a, Number::clamped(0.5))
            .flags(&[Flag::LOSSY, Flag::PROGRESSIVE])
            .flags(&[]);
        assert_eq!(step.to_string(), "w_4,$a_0.5,$b_3,h_5,fl_lossy.progressive");
    }

    #[test]
    fn parameter_names_are_lower_case_letters() {
        for (name, error) in [
            ("", "parameter name is empty"),
            ("W", "unexpected 'W' at byte 0 of the parameter name"),
            ("a_b", "unexpected '_' at byte 1 of the parameter name"),
            ("$a", "unexpected '$' at byte 0 of the parameter name"),
        ] {
            let rejected = Step::new().param(name, 1).unwrap_err();
            assert_eq!(rejected.to_string(), error);
        }
    }
}
