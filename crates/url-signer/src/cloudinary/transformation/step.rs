use std::borrow::Cow;
use std::fmt;

use super::{
    Angle, AspectRatio, Background, Border, Color, ColorSpace, Condition, CropMode, Dpr, Effect,
    Flag, Format, Gravity, Layer, NamedTransformation, Page, PublicId, Quality, Radius, Size,
    TransformationError, Value, VariableName,
};

/// One step of a transformation: parameters, joined with `,`.
///
/// They stand in the order in which they are set;
/// [`Transformation::sorted`](super::Transformation::sorted) gives that of the
/// official SDKs. One that is set again keeps its place, with the new value.
///
/// ```
/// use url_signer::cloudinary::Transformation;
/// use url_signer::cloudinary::transformation::{Color, CropMode, Effect, Gravity, Quality, Step};
///
/// let card = Step::new()
///     .crop(CropMode::Fill)
///     .gravity(Gravity::Auto)
///     .width(400)
///     .height(300)
///     .background(Color::hex("#fff")?)
///     .effect(Effect::SEPIA.arg(50))
///     .quality(Quality::AutoEco);
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

/// The setters that differ in name, type and documentation alone.
macro_rules! setters {
    ($($setter:ident = $name:literal: $type:ty, $doc:literal;)+) => {
        impl Step {
            $(
                #[doc = concat!($doc, ": `", $name, "`.")]
                #[must_use]
                pub fn $setter(self, $setter: impl Into<$type>) -> Self {
                    let typed: $type = $setter.into();
                    self.with($name.into(), typed.into())
                }
            )+
        }
    };
}

setters! {
    condition = "if": Condition, "A condition, or where it turns (`else`) or ends (`end`)";
    crop = "c": CropMode, "How the image gets to the size that is asked for";
    width = "w": Value, "Width in pixels, or if less than 1, as a share";
    height = "h": Value, "Height in pixels, or if less than 1, as a share";
    aspect_ratio = "ar": AspectRatio, "Width to height";
    x = "x": Value, "Pixels, or a share, from the left or from where gravity says";
    y = "y": Value, "Pixels, or a share, from above or from where gravity says";
    zoom = "z": Value, "How much of the surroundings of faces is shown";
    gravity = "g": Gravity, "What is kept in sight, or where a layer is placed";
    angle = "a": Angle, "How it is turned";
    radius = "r": Radius, "How far its corners are rounded";
    quality = "q": Quality, "How much is kept when it is compressed";
    dpr = "dpr": Dpr, "Device pixel ratio: pixels of the image for each pixel of a page";
    fetch_format = "f": Format, "The format of what is delivered";
    effect = "e": Effect, "A filter or another change of its pixels";
    opacity = "o": Value, "How little can be seen through it, of 100";
    border = "bo": Border, "A line around it";
    background = "b": Background, "What is seen around it, or through it";
    color = "co": Color, "The colour of a text or an effect";
    color_space = "cs": ColorSpace, "The colours that it may have";
    overlay = "l": Layer, "What is put over it";
    underlay = "u": Layer, "What is put under it";
    named = "t": NamedTransformation, "Transformations that are stored at the provider";
    page = "pg": Page, "A page of a document, or the like";
    density = "dn": Value, "Dots per inch when shapes are made pixels";
    delay = "dl": Value, "Milliseconds between the frames of an animation";
    default_image = "d": PublicId, "What is delivered if there is no such image";
}

impl Step {
    /// No parameter.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            parameters: Vec::new(),
        }
    }

    /// Width, height or both: `w`, `h`.
    #[must_use]
    pub fn size(self, size: Size) -> Self {
        let sides = [("h", size.height), ("w", size.width)];
        sides
            .into_iter()
            .fold(self, |step, (name, side)| match side {
                Some(pixels) => step.with(name.into(), pixels.into()),
                None => step,
            })
    }

    /// Flags: `fl`. None is no parameter.
    #[must_use]
    pub fn flags(self, flags: &[Flag]) -> Self {
        match Value::joined(".", flags.iter().map(Flag::as_str)) {
            Some(flags) => self.with("fl".into(), flags),
            None => self,
        }
    }

    /// The value of a variable: `$name`.
    #[must_use]
    pub fn variable(self, name: VariableName, value: impl Into<Value>) -> Self {
        self.with(String::from(name).into(), value.into())
    }

    /// A parameter that has no setter here.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::{Step, Value};
    ///
    /// let step = Step::new().param("so", 2)?.param("vc", Value::AUTO)?;
    /// assert_eq!(step.to_string(), "so_2,vc_auto");
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - A name that is empty, or of others than lower-case ASCII letters.
    pub fn param(self, name: &str, value: impl Into<Value>) -> Result<Self, TransformationError> {
        let stands = |char: char| char.is_ascii_lowercase();
        TransformationError::check("parameter name", name, stands)?;
        Ok(self.with(name.to_owned().into(), value.into()))
    }

    /// Whether there is no parameter.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty()
    }

    fn with(mut self, name: Cow<'static, str>, value: Value) -> Self {
        match self.parameters.iter_mut().find(|(set, _)| *set == name) {
            Some((_, set)) => *set = value,
            None => self.parameters.push((name, value)),
        }
        self
    }
}

/// Writes the parameters, joined with `,`.
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
    use crate::cloudinary::Number;

    #[test]
    fn a_parameter_that_is_set_again_keeps_its_place() {
        let [a, b] = ["a", "b"].map(|name| VariableName::new(name).unwrap());
        let step = Step::new()
            .width(1)
            .variable(a.clone(), 2)
            .variable(b, 3)
            .size(Size::new(4, 5))
            .variable(a, Number::clamped(0.5))
            .flags(&[Flag::Lossy, Flag::Progressive])
            .flags(&[]);
        assert_eq!(step.to_string(), "w_4,$a_0.5,$b_3,h_5,fl_lossy.progressive");
    }

    #[test]
    fn a_parameter_is_named_by_lower_case_letters() {
        for (name, error) in [
            ("", "parameter name is empty"),
            (
                "W",
                "parameter name has 'W' at byte 0, which cannot stand in it",
            ),
            (
                "a_b",
                "parameter name has '_' at byte 1, which cannot stand in it",
            ),
            (
                "$a",
                "parameter name has '$' at byte 0, which cannot stand in it",
            ),
        ] {
            let refused = Step::new().param(name, 1).unwrap_err();
            assert_eq!(refused.to_string(), error);
        }
    }
}
