//! The typed parts of a [`Transformation`], each with an escape for what has no
//! type here.
//!
//! - [`Step`]: the parameters of one step.
//! - [`Value`]: what any parameter can take; it is checked, not changed.
//! - [`Layer`], [`TextStyle`]: what is put over or under an image.
//! - [`Expression`], [`Operand`], [`VariableName`], [`Condition`]: what is
//!   compared and calculated.
//! - [`Effect`], [`Color`], [`Border`], [`Radius`], [`PublicId`], [`NamedTransformation`],
//!   [`Page`]: values of many forms.
//! - [`CropMode`], [`Gravity`], [`Quality`] and the like: known values, and
//!   `Other`.

mod color;
mod effect;
mod encoding;
mod error;
mod expression;
mod flag;
mod gravity;
mod layer;
mod macros;
mod normalize;
mod number;
mod order;
mod quality;
mod references;
mod shape;
mod size;
mod step;
mod text_style;
mod value;
mod variable;

use std::borrow::Cow;
use std::fmt::{self, Write};
use std::str::FromStr;

use crate::cloudinary::path::grammar::{is_path_char, is_version};
use crate::cloudinary::path::segments::{collapsed, misleading_segment};

pub use self::color::{Background, Border, BorderStyle, Color, ColorSpace};
pub use self::effect::Effect;
pub use self::error::TransformationError;
pub use self::expression::{Condition, Expression, Operand};
pub use self::flag::Flag;
pub use self::gravity::{Focus, Gravity};
pub use self::layer::Layer;
pub use self::number::Number;
pub use self::quality::{Chroma, Format, Quality};
pub use self::references::{NamedTransformation, Page, PublicId};
pub use self::shape::{Angle, Radius};
pub use self::size::{AspectRatio, CropMode, Dpr, Size};
pub use self::step::Step;
pub use self::text_style::{
    FontAntialiasing, FontHinting, FontStyle, FontWeight, TextAlign, TextDecoration, TextStyle,
};
pub use self::value::Value;
pub use self::variable::VariableName;

/// What is done to an asset on delivery: steps, joined with `/`.
///
/// Parameters stand in the order in which each step writes them, and a
/// verbatim text as it was given, because the text is signed as written.
///
/// ```
/// use url_signer::cloudinary::{Flag, Size, Transformation};
///
/// let transformation = Transformation::new()
///     .crop(3, 2, 10, 11)
///     .fit(Size::new(1920, 1920))
///     .angle(90)
///     .flags(&[Flag::Attachment])
///     .then(&Transformation::verbatim("dpr_auto,q_auto,f_auto")?);
/// assert_eq!(
///     transformation.as_str(),
///     "c_crop,h_11,w_10,x_3,y_2/c_fit,h_1920,w_1920/a_90/fl_attachment/dpr_auto,q_auto,f_auto",
/// );
/// # Ok::<(), url_signer::cloudinary::TransformationError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Transformation {
    text: String,
}

impl Transformation {
    /// No step: the asset as it is stored.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            text: String::new(),
        }
    }

    /// Steps as the provider writes them, of any kind and in any order.
    ///
    /// Nothing is escaped or sorted; only runs of `/` become one, as in all
    /// delivery URLs.
    ///
    /// # Errors
    ///
    /// - A character that can't stand in the path of a URL as it is: white
    ///   space, control characters, what is not ASCII, and ``" # < > ? \ ` { | }``.
    /// - A `/` at the beginning or end, or a step `.` or `..`.
    /// - A step of `v` and digits, which would be read as a version.
    /// - A step `http:` or `https:`, which would be read as what is fetched.
    pub fn verbatim(steps: &str) -> Result<Self, TransformationError> {
        let mut chars = steps.char_indices();
        if let Some((at, char)) = chars.find(|(_, char)| !is_path_char(*char)) {
            return Err(TransformationError::Character(char, at));
        }
        let text = collapsed(steps);
        if let Some(problem) = misleading_segment(&text) {
            return Err(TransformationError::Steps(problem));
        }
        if let Some(step) = text.split('/').find(|step| is_version(step)) {
            return Err(TransformationError::Version(step.to_owned()));
        }
        if let Some(step) = text
            .split('/')
            .find(|step| matches!(*step, "http:" | "https:"))
        {
            return Err(TransformationError::Remote(step.to_owned()));
        }
        Ok(Self {
            text: text.into_owned(),
        })
    }

    /// Cuts out a part, by its upper left corner, width and height, in pixels.
    #[must_use]
    pub fn crop(
        self,
        x: impl Into<Number>,
        y: impl Into<Number>,
        w: impl Into<Number>,
        h: impl Into<Number>,
    ) -> Self {
        let (x, y, w, h) = (x.into(), y.into(), w.into(), h.into());
        self.push(format_args!("c_crop,h_{h},w_{w},x_{x},y_{y}"))
    }

    /// Scales to the largest size that fits into the given one.
    #[must_use]
    pub fn fit(self, size: Size) -> Self {
        self.push(format_args!("c_fit{size}"))
    }

    /// Scales and cuts so that the given size is filled.
    #[must_use]
    pub fn fill(self, size: Size) -> Self {
        self.push(format_args!("c_fill{size}"))
    }

    /// Turns clockwise by so many degrees.
    #[must_use]
    pub fn angle(self, degrees: i32) -> Self {
        self.push(format_args!("a_{degrees}"))
    }

    /// Sets flags; none is no step.
    #[must_use]
    pub fn flags(self, flags: &[Flag]) -> Self {
        self.step(Step::new().flags(flags))
    }

    /// Density, quality and format as suits the client: `dpr_auto,q_auto,f_auto`.
    #[must_use]
    pub fn automatic(self) -> Self {
        self.push(format_args!("dpr_auto,q_auto,f_auto"))
    }

    /// A step of any parameters; one without parameters adds nothing.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a step is built where it is given"
    )]
    pub fn step(self, step: Step) -> Self {
        if step.is_empty() {
            self
        } else {
            self.push(format_args!("{step}"))
        }
    }

    /// All steps of another transformation after those of this one.
    #[must_use]
    pub fn then(mut self, other: &Self) -> Self {
        if !self.is_empty() && !other.is_empty() {
            self.text.push('/');
        }
        self.text.push_str(&other.text);
        self
    }

    /// The same steps with their parameters in the order of the official SDKs.
    ///
    /// Within each step, also a verbatim one: its condition, its variables by
    /// name, the other parameters by name and value, and at last what is not a
    /// name and a value, such as empty parameters, in the order given. A
    /// segment next to `//` stays as it is.
    ///
    /// A variable that is made of others in the same step may come to stand
    /// before them; a step of its own keeps it after them.
    ///
    /// ```
    /// use url_signer::cloudinary::Transformation;
    ///
    /// let transformation = Transformation::verbatim("w_$size,h_2,$size_5,if_w_gt_1/y_1,x_1")?;
    /// assert_eq!(transformation.sorted().as_str(), "if_w_gt_1,$size_5,h_2,w_$size/x_1,y_1");
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    #[must_use]
    pub fn sorted(self) -> Self {
        Self {
            text: order::sorted(&self.text),
        }
    }

    /// The steps as they are signed and printed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Drops all steps, and keeps their memory for others.
    pub fn clear(&mut self) {
        self.text.clear();
    }

    /// Whether there is no step.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    fn push(mut self, step: fmt::Arguments<'_>) -> Self {
        if !self.text.is_empty() {
            self.text.push('/');
        }
        // A `String` takes anything; the result is for other writers.
        let _ = self.text.write_fmt(step);
        self
    }
}

impl FromStr for Transformation {
    type Err = TransformationError;

    /// The same as [`Transformation::verbatim`].
    fn from_str(steps: &str) -> Result<Self, TransformationError> {
        Self::verbatim(steps)
    }
}

impl fmt::Display for Transformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl From<Step> for Transformation {
    fn from(step: Step) -> Self {
        Self::new().step(step)
    }
}

impl From<Step> for Cow<'_, Transformation> {
    fn from(step: Step) -> Self {
        Cow::Owned(step.into())
    }
}

impl From<Transformation> for Cow<'_, Transformation> {
    fn from(transformation: Transformation) -> Self {
        Cow::Owned(transformation)
    }
}

impl<'a> From<&'a Transformation> for Cow<'a, Transformation> {
    fn from(transformation: &'a Transformation) -> Self {
        Cow::Borrowed(transformation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_joined_and_parameters_stand_in_documented_order() {
        let transformation = Transformation::new()
            .crop(Number::clamped(0.5), -1, 10_u32, 11_u32)
            .fit(Size::width(300))
            .fill(Size::new(100, 200))
            .fit(Size::height(5))
            .angle(-90)
            .flags(&[])
            .flags(&[Flag::Attachment, Flag::KeepIptc])
            .then(&Transformation::new())
            .automatic();
        assert_eq!(
            transformation.to_string(),
            "c_crop,h_11,w_10,x_0.5,y_-1/c_fit,w_300/c_fill,h_200,w_100/c_fit,h_5/a_-90\
             /fl_attachment.keep_iptc/dpr_auto,q_auto,f_auto"
        );
    }

    #[test]
    fn a_verbatim_text_stays_as_it_is() {
        for text in [
            "",
            "w_1,,h_2",
            "dpr_auto,q_auto,f_auto",
            "$x_!a%20b!/l_text:Arial_20:a%252Cb,co_rgb:fff/e_gen_fill;prompt_(x)",
            "if_a^b_pow_2,c_scale,w_5",
        ] {
            assert_eq!(Transformation::verbatim(text).unwrap().as_str(), text);
        }
        assert_eq!(
            Transformation::verbatim("a_1//b_2").unwrap().as_str(),
            "a_1/b_2"
        );
    }

    #[test]
    fn a_verbatim_text_that_would_break_the_url_is_refused() {
        for (text, error) in [
            (
                "w_1 h_2",
                "transformation has ' ' at byte 3, which cannot stand in a url as it is",
            ),
            (
                "w_1?",
                "transformation has '?' at byte 3, which cannot stand in a url as it is",
            ),
            (
                "w_1#x",
                "transformation has '#' at byte 3, which cannot stand in a url as it is",
            ),
            (
                "\n",
                "transformation has '\\n' at byte 0, which cannot stand in a url as it is",
            ),
            (
                "l_text:é",
                "transformation has 'é' at byte 7, which cannot stand in a url as it is",
            ),
            ("/w_1", "transformation is misleading: it begins with `/`"),
            ("w_1//", "transformation is misleading: it ends with `/`"),
            (
                "w_1/../x",
                "transformation is misleading: it has a segment `.` or `..`",
            ),
            (
                "w_1/https://a",
                "transformation has a step `https:`, which would be read as a url to fetch",
            ),
            (
                "w_1/v12",
                "transformation has a step `v12`, which would be read as a version",
            ),
        ] {
            assert_eq!(
                Transformation::verbatim(text).unwrap_err().to_string(),
                error
            );
        }
    }
}
