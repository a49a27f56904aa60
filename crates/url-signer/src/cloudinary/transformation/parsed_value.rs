//! The typed value of a parameter.

use percent_encoding::percent_decode_str;

use super::color::Background;
use super::gravity::Gravity;
use super::quality::Format;
use super::size::CropMode;

/// The value of a [`Parameter`](super::Parameter), with its meaning.
///
/// The text of the value remains available as
/// [`Parameter::raw_value`](super::Parameter::raw_value).
///
/// ```
/// use url_signer::cloudinary::Transformation;
/// use url_signer::cloudinary::transformation::{CropMode, Length, ParsedValue};
///
/// let transformation = Transformation::verbatim("c_fill,w_200,co_red,new_1,h_0")?;
/// let values: Vec<_> = transformation
///     .steps()
///     .flat_map(|step| step.parameters())
///     .map(|parameter| parameter.value())
///     .collect();
/// assert_eq!(
///     values,
///     [
///         ParsedValue::Crop(CropMode::FILL),
///         ParsedValue::Width(Length::Pixels(200)),
///         ParsedValue::Other,
///         ParsedValue::Unknown,
///         ParsedValue::Invalid,
///     ],
/// );
/// # Ok::<(), url_signer::cloudinary::TransformationError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ParsedValue<'a> {
    /// The crop mode: `c`.
    Crop(CropMode),
    /// The width, which is positive: `w`.
    Width(Length<'a>),
    /// The height, which is positive: `h`.
    Height(Length<'a>),
    /// The aspect ratio: `ar`.
    AspectRatio(Ratio<'a>),
    /// The horizontal offset, which may be negative: `x`.
    X(Length<'a>),
    /// The vertical offset, which may be negative: `y`.
    Y(Length<'a>),
    /// The zoom level: `z`.
    Zoom(Scalar<'a>),
    /// The gravity: `g`.
    Gravity(Gravity),
    /// Rotations and flips, in the order in which they are written: `a`.
    Angle(Vec<AngleMode<'a>>),
    /// The radius of the corners: `r`.
    Radius(Corners<'a>),
    /// The background: `b`.
    Background(Background),
    /// The quality: `q`.
    Quality(QualityMode<'a>),
    /// The format of the delivered file: `f`.
    Format(Format),
    /// The device pixel ratio: `dpr`.
    Dpr(DprMode<'a>),
    /// An effect and its arguments, which are separated by `:`: `e`.
    Effect {
        /// The name, such as `sepia`.
        name: &'a str,
        /// The arguments, in their order.
        arguments: Vec<&'a str>,
    },
    /// The opacity in percent: `o`.
    Opacity(Scalar<'a>),
    /// Flags: `fl`.
    Flags(Vec<FlagValue<'a>>),
    /// The names of named transformations: `t`.
    Named(Vec<&'a str>),
    /// The start, the alternative (`else`) or the end (`end`) of a conditional block: `if`.
    Condition(&'a str),
    /// The value of a variable: `$name`.
    Variable(&'a str),
    /// A border: `bo`.
    Border(&'a str),
    /// A layer over the image: `l`.
    Overlay(&'a str),
    /// A layer under the image: `u`.
    Underlay(&'a str),
    /// The image that is delivered if the asset does not exist: `d`.
    DefaultImage(&'a str),
    /// A parameter of Cloudinary that has no variant here, such as `co`, `dn` or `vc`.
    Other,
    /// A parameter of Cloudinary with a value that is not valid: `w_abc`, `w_0`, `ar_0:1`.
    Invalid,
    /// A text that is not a parameter of Cloudinary: an unknown name, an empty value, or a
    /// percent-encoded `,` or `/`, which would end the parameter.
    Unknown,
}

/// A width, a height or an offset.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Length<'a> {
    /// An integer: a number of pixels.
    Pixels(i32),
    /// A number with a decimal point, also `1.0`: a multiple of the width or the height of
    /// the image.
    Fraction(f64),
    /// Automatic: `auto`, with or without options, as in `auto:breakpoints`.
    Auto,
    /// The width of the original file: `iw`.
    InitialWidth,
    /// The height of the original file: `ih`.
    InitialHeight,
    /// An expression, such as `iw_div_2` or `$size`.
    Expression(&'a str),
}

/// A number or an expression.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Scalar<'a> {
    /// A number.
    Number(f64),
    /// An expression, such as `$opacity`.
    Expression(&'a str),
}

/// An aspect ratio.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Ratio<'a> {
    /// A width to a height, both positive: `16:9`. A number such as `1.5` has the height 1.
    Fixed {
        /// The width.
        width: f64,
        /// The height.
        height: f64,
    },
    /// Automatic: `auto`.
    Auto,
    /// An expression, such as `iar`.
    Expression(&'a str),
}

/// A rotation or a flip. [`ParsedValue::Angle`] lists them.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum AngleMode<'a> {
    /// Rotates clockwise by an angle in degrees. Cloudinary documents only integers. Because
    /// `.` also separates values, `90.20` is read as one number.
    Degrees(f64),
    /// Rotates by 90 degrees if the image is landscape and the requested size is portrait,
    /// or vice versa: `auto_right`.
    AutoRight,
    /// Rotates by -90 degrees if the image is landscape and the requested size is portrait,
    /// or vice versa: `auto_left`.
    AutoLeft,
    /// Ignores the orientation in the metadata of the file: `ignore`.
    Ignore,
    /// Mirrors top and bottom: `vflip`.
    FlipVertically,
    /// Mirrors left and right: `hflip`.
    FlipHorizontally,
    /// An expression, such as `$angle`.
    Expression(&'a str),
    /// A text without a known meaning.
    Unknown(&'a str),
}

/// The radius of the corners.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Corners<'a> {
    /// The image is an ellipse: `max`.
    Max,
    /// The radii in pixels, clockwise from the upper left corner. One to four radii are
    /// written, and expanded as in CSS `border-radius`.
    Pixels([f64; 4]),
    /// An expression, such as `$radius`.
    Expression(&'a str),
}

/// The quality of lossy compression.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum QualityMode<'a> {
    /// A number, in percent: `80`, `80:420`.
    Percent {
        /// The quality. Cloudinary accepts 1 to 100; the range is not checked.
        quality: f64,
        /// The chroma subsampling: `420` or `444`.
        chroma: Option<&'a str>,
    },
    /// Automatic: `auto`, `auto:good`.
    Auto {
        /// The text after `auto:`, such as `good`.
        level: Option<&'a str>,
    },
    /// Any other text, such as `jpegmini:1` or an expression.
    Other(&'a str),
}

/// A device pixel ratio.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum DprMode<'a> {
    /// A positive number.
    Number(f64),
    /// The device pixel ratio of the client: `auto`.
    Auto,
    /// An expression.
    Expression(&'a str),
}

/// A flag with an optional argument. [`ParsedValue::Flags`] lists them.
///
/// Flags are separated by `.`, so an argument cannot contain one.
///
/// ```
/// use url_signer::cloudinary::Transformation;
/// use url_signer::cloudinary::transformation::ParsedValue;
///
/// let transformation = Transformation::verbatim("fl_attachment:My%20photo.lossy")?;
/// let parameter = transformation.steps().next().and_then(|step| step.get("fl")).unwrap();
/// let ParsedValue::Flags(flags) = parameter.value() else { panic!("{parameter}") };
/// assert_eq!(flags[0].name, "attachment");
/// assert_eq!(flags[0].argument, Some("My%20photo"));
/// assert_eq!(flags[0].decoded_argument().as_deref(), Some("My photo"));
/// assert_eq!((flags[1].name, flags[1].argument), ("lossy", None));
/// # Ok::<(), url_signer::cloudinary::TransformationError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct FlagValue<'a> {
    /// The name, such as `attachment`.
    pub name: &'a str,
    /// The text after the first `:`, which is percent-encoded.
    pub argument: Option<&'a str>,
}

impl FlagValue<'_> {
    /// Decodes the argument, such as the file name of the flag `attachment`.
    ///
    /// The argument is percent-decoded twice, because `,` and `/` are encoded twice in a
    /// parameter. The result can contain any character, also control characters and `/`.
    ///
    /// Returns `None` if there is no argument, or if the decoded argument is not UTF-8.
    #[must_use]
    pub fn decoded_argument(&self) -> Option<String> {
        let decode = |text: &str| {
            let decoded = percent_decode_str(text).decode_utf8().ok()?;
            Some(decoded.into_owned())
        };
        decode(&decode(self.argument?)?)
    }
}
