use std::borrow::Cow;
use std::fmt::{self, Write};
use std::mem;
use std::str::FromStr;

use super::empty_parameter::empty_parameter;
use super::encoding;
use super::error::TransformationError;
use super::flag::Flag;
use super::number::Number;
use super::order;
use super::size::Size;
use super::step::Step;
use super::steps::Steps;
use crate::cloudinary::path::grammar::{is_path_char, is_version};
use crate::cloudinary::path::segments::{collapse_slashes, misleading_segment};
use crate::format;

/// A transformation: steps that Cloudinary applies to an asset on delivery.
///
/// The steps are joined with `/`. The transformation is signed exactly as it is
/// written. Only [`sorted`](Self::sorted) changes the order of parameters.
///
/// ```
/// use url_signer::cloudinary::{Flag, Size, Transformation};
///
/// let transformation = Transformation::new()
///     .crop(3, 2, 10, 11)
///     .fit(Size::new(1920, 1920))
///     .angle(90)
///     .flags(&[Flag::ATTACHMENT])
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
    /// No steps: the asset is delivered as stored.
    pub const NONE: Self = Self::new();

    /// Creates a transformation without steps.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            text: String::new(),
        }
    }

    /// Creates a transformation from steps in Cloudinary's notation.
    ///
    /// A space is written `%20`, as in most SDKs. Nothing else is encoded, and nothing is
    /// sorted. A run of `/` is shortened to one `/`, as in all
    /// delivery URLs. Directly after `:`, it is shortened to `//`, as in `http://`. An
    /// empty text creates a transformation without steps.
    ///
    /// # Errors
    ///
    /// - Another character that needs percent-encoding in a path: other white space, control
    ///   characters, non-ASCII characters, and ``" # < > ? \ ` { | }``.
    /// - A `/` at the beginning or end.
    /// - A dot segment: a step `.` or `..`.
    /// - A step such as `v12`, which is parsed as a version.
    /// - A step `http:` or `https:`, which is parsed as the beginning of a URL.
    /// - An empty parameter, as in `w_1,,h_2` or `w_1,/a_90`. A percent-encoded `,` also
    ///   ends a parameter.
    pub fn verbatim(steps: &str) -> Result<Self, TransformationError> {
        let transformation = Self::with_empty_parameters(steps)?;
        match empty_parameter(steps) {
            Some(position) => Err(TransformationError::EmptyParameter { position }),
            None => Ok(transformation),
        }
    }

    /// [`verbatim`](Self::verbatim), but accepts empty parameters, as the SDKs do.
    pub(crate) fn with_empty_parameters(steps: &str) -> Result<Self, TransformationError> {
        TransformationError::check_characters("transformation", steps, |char| {
            char == ' ' || is_path_char(char)
        })?;
        let text = encoding::encode_spaces(collapse_slashes(steps));
        if let Some(problem) = misleading_segment(&text) {
            return Err(TransformationError::InvalidSteps(problem));
        }
        let invalid_step = text.split('/').find_map(|step| {
            let reason = match step {
                "http:" | "https:" => "it is parsed as the beginning of a URL",
                _ if is_version(step) => "it is parsed as a version",
                _ => return None,
            };
            Some(TransformationError::invalid("step", step, reason))
        });
        match invalid_step {
            Some(error) => Err(error),
            None => Ok(Self {
                text: text.into_owned(),
            }),
        }
    }

    /// Extracts a rectangle, given by its upper left corner, width and height in
    /// pixels.
    ///
    /// For other ways to crop, see [`Step::crop`].
    #[must_use]
    pub fn crop(
        self,
        x: impl Into<Number>,
        y: impl Into<Number>,
        w: impl Into<Number>,
        h: impl Into<Number>,
    ) -> Self {
        let (x, y, w, h) = (x.into(), y.into(), w.into(), h.into());
        self.push(|text| write!(text, "c_crop,h_{h},w_{w},x_{x},y_{y}"))
    }

    /// Resizes to the largest image that fits into the size. The aspect ratio stays
    /// unchanged.
    #[must_use]
    pub fn fit(self, size: Size) -> Self {
        self.resize("c_fit", size)
    }

    /// Resizes to fill the size and cuts off the parts of the image outside it.
    #[must_use]
    pub fn fill(self, size: Size) -> Self {
        self.resize("c_fill", size)
    }

    /// Rotates clockwise by an angle in degrees.
    #[must_use]
    pub fn angle(self, degrees: i32) -> Self {
        self.push(|text| write!(text, "a_{degrees}"))
    }

    /// Adds a step with flags. An empty list adds nothing.
    #[must_use]
    pub fn flags(self, flags: &[Flag]) -> Self {
        self.step(Step::new().flags(flags))
    }

    /// Lets Cloudinary choose the device pixel ratio, the quality and the format:
    /// `dpr_auto,q_auto,f_auto`.
    #[must_use]
    pub fn automatic(self) -> Self {
        self.push(|text| text.write_str("dpr_auto,q_auto,f_auto"))
    }

    /// Adds a step with any parameters. A step without parameters adds nothing.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a step is built in the argument"
    )]
    pub fn step(self, step: Step) -> Self {
        if step.is_empty() {
            self
        } else {
            self.push(|text| write!(text, "{step}"))
        }
    }

    /// Appends all steps of another transformation.
    #[must_use]
    pub fn then(mut self, other: &Self) -> Self {
        if !self.is_empty() && !other.is_empty() {
            self.text.push('/');
        }
        self.text.push_str(&other.text);
        self
    }

    /// Sorts the parameters of each step in the order of the official SDKs.
    ///
    /// The order is: the condition, the variables by name, the other parameters
    /// by name and value. Parameters that are not of the form `name_value` come last,
    /// in their original order.
    ///
    /// A verbatim transformation can contain the URL of a fetched layer. Therefore, a step
    /// with `//` stays unchanged.
    ///
    /// Sorting can move a variable before another variable that it refers to. To
    /// keep their order, set the two variables in separate steps.
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

    /// Returns the steps as signed and written in a URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the steps, in the order in which they are applied.
    ///
    /// Nothing is lost: joined with `/`, the texts of the steps are the text of the
    /// transformation. Texts that are not steps of Cloudinary stay as they are. A `//`
    /// belongs to a URL and does not separate steps.
    ///
    /// ```
    /// use url_signer::cloudinary::Transformation;
    /// use url_signer::cloudinary::transformation::{CropMode, Length, ParsedValue, AngleMode};
    ///
    /// let transformation = Transformation::verbatim("c_fill,w_200,h_0.5/a_90")?;
    /// let mut steps = transformation.steps();
    ///
    /// let resize = steps.next().unwrap();
    /// let values: Vec<_> = resize.parameters().map(|parameter| parameter.value()).collect();
    /// assert_eq!(
    ///     values,
    ///     [
    ///         ParsedValue::Crop(CropMode::FILL),
    ///         ParsedValue::Width(Length::Pixels(200)),
    ///         ParsedValue::Height(Length::Fraction(0.5)),
    ///     ],
    /// );
    /// let rotation = steps.next().and_then(|step| step.get("a")).unwrap();
    /// assert_eq!(rotation.value(), ParsedValue::Angle(vec![AngleMode::Degrees(90.0)]));
    /// assert!(steps.next().is_none());
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    #[must_use]
    pub fn steps(&self) -> Steps<'_> {
        Steps::new(&self.text)
    }

    /// Removes all steps and keeps the allocated memory.
    pub fn clear(&mut self) {
        self.text.clear();
    }

    /// Returns whether there are no steps.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    fn resize(self, mode: &str, size: Size) -> Self {
        self.push(|text| {
            text.write_str(mode)?;
            if let Some(height) = size.height {
                write!(text, ",h_{height}")?;
            }
            if let Some(width) = size.width {
                write!(text, ",w_{width}")?;
            }
            Ok(())
        })
    }

    fn push(mut self, write_step: impl FnOnce(&mut String) -> fmt::Result) -> Self {
        if !self.text.is_empty() {
            self.text.push('/');
        }
        format::append(&mut self.text, write_step);
        self
    }
}

impl AsRef<str> for Transformation {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl FromStr for Transformation {
    type Err = TransformationError;

    /// Equivalent to [`Transformation::verbatim`].
    fn from_str(steps: &str) -> Result<Self, TransformationError> {
        Self::verbatim(steps)
    }
}

impl fmt::Display for Transformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// Adds the steps in order, as [`Transformation::step`] does.
impl Extend<Step> for Transformation {
    fn extend<I: IntoIterator<Item = Step>>(&mut self, steps: I) {
        *self = steps.into_iter().fold(mem::take(self), Self::step);
    }
}

impl FromIterator<Step> for Transformation {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        steps.into_iter().fold(Self::new(), Self::step)
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
    fn methods_write_the_reference_parameter_order() {
        let transformation = Transformation::new()
            .crop(Number::clamped(0.5), -1, 10_u32, 11_u32)
            .fit(Size::width(300))
            .fill(Size::new(100, 200))
            .fit(Size::height(5))
            .angle(-90)
            .flags(&[])
            .flags(&[Flag::ATTACHMENT, Flag::KEEP_IPTC])
            .then(&Transformation::NONE)
            .automatic();
        assert_eq!(
            transformation.to_string(),
            "c_crop,h_11,w_10,x_0.5,y_-1/c_fit,w_300/c_fill,h_200,w_100/c_fit,h_5/a_-90\
             /fl_attachment.keep_iptc/dpr_auto,q_auto,f_auto"
        );
    }

    #[test]
    fn steps_can_be_collected_and_extended() {
        let steps = || [Step::new().width(1), Step::new(), Step::new().height(2)];
        let mut collected: Transformation = steps().into_iter().collect();
        assert_eq!(collected.as_str(), "w_1/h_2");
        collected.extend(steps());
        assert_eq!(collected.as_str(), "w_1/h_2/w_1/h_2");
    }

    #[test]
    fn verbatim_text_stays_unchanged() {
        for text in [
            "",
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
    fn spaces_are_percent_encoded() {
        for (text, expected) in [
            ("t_primary@2x jpg", "t_primary@2x%20jpg"),
            ("l_text:Arial_1:a%20b c", "l_text:Arial_1:a%20b%20c"),
        ] {
            let transformation = Transformation::verbatim(text).unwrap();
            assert_eq!(transformation.as_str(), expected);
        }
    }

    #[test]
    fn verbatim_text_that_breaks_the_url_is_rejected() {
        for (text, error) in [
            (
                "w_1\th_2",
                "unexpected '\\t' at byte 3 of the transformation",
            ),
            ("a b?", "unexpected '?' at byte 3 of the transformation"),
            ("w_1?", "unexpected '?' at byte 3 of the transformation"),
            ("w_1#x", "unexpected '#' at byte 3 of the transformation"),
            ("\n", "unexpected '\\n' at byte 0 of the transformation"),
            ("l_text:é", "unexpected 'é' at byte 7 of the transformation"),
            (
                "/w_1",
                "invalid transformation: unexpected `/` at the start",
            ),
            ("w_1//", "invalid transformation: unexpected `/` at the end"),
            (
                "w_1/../x",
                "invalid transformation: unexpected dot segment (`.` or `..`)",
            ),
            (
                "w_1/https://a",
                "invalid step `https:`: it is parsed as the beginning of a URL",
            ),
            ("w_1/v12", "invalid step `v12`: it is parsed as a version"),
            (
                "l_banana,/fl_layer_apply",
                "empty parameter at byte 9 of the transformation; remove a `,`",
            ),
            (
                "a_1//w_1,,h_2",
                "empty parameter at byte 9 of the transformation; remove a `,`",
            ),
        ] {
            assert_eq!(
                Transformation::verbatim(text).unwrap_err().to_string(),
                error
            );
        }
    }
}
