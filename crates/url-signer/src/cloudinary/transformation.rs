//! The typed parts of a [`Transformation`].
//!
//! The module [`cloudinary`](super) exports [`Transformation`] and the argument types
//! of its methods: [`Size`](super::Size), [`Number`](super::Number) and
//! [`Flag`](super::Flag). This module exports the parts of a [`Step`]:
//!
//! - [`Step`]: one step with any parameters.
//! - [`Value`]: the value of any parameter. Every type below converts into a
//!   `Value`. [`Value::verbatim`] creates a value for which this module has no type.
//! - [`CropMode`], [`Gravity`], [`Quality`], [`Format`] and similar types: a constant
//!   for each known value. `parse` accepts any other value.
//! - [`Effect`], [`Color`], [`Background`], [`Border`], [`Angle`], [`Radius`]: the
//!   appearance of the image.
//! - [`Layer`], [`TextStyle`]: overlays and underlays.
//! - [`VideoCodec`], [`BitRate`], [`VideoTime`], [`Fps`], [`KeyframeInterval`],
//!   [`StreamingProfile`], [`AudioCodec`], [`AudioFrequency`]: video and sound.
//! - [`Expression`], [`Operand`], [`VariableName`], [`Condition`]: conditions and
//!   arithmetic.
//! - [`PublicId`], [`NamedTransformation`], [`Page`]: references to assets,
//!   named transformations and pages.
//!
//! [`Transformation::steps`] reads a transformation:
//!
//! - [`ParsedStep`] and [`Parameter`]: the texts of the steps and of their parameters.
//! - [`ParsedValue`]: the value of a parameter, with numbers, modes and flags. Its parts are
//!   [`Length`], [`Ratio`], [`Scalar`], [`AngleMode`], [`Corners`], [`QualityMode`], [`DprMode`]
//!   and [`FlagValue`].
//!
//! The description of a constant, a setter of `Step` or an operator ends with its text
//! in a URL. For example, [`CropMode::MINIMUM_FIT`] is written `mfit`.
//!
//! ```
//! use url_signer::cloudinary::Transformation;
//! use url_signer::cloudinary::transformation::{CropMode, Effect, Gravity, Step};
//!
//! let transformation = Transformation::new()
//!     .step(Step::new().crop(CropMode::THUMB).gravity(Gravity::FACE).width(200).height(200))
//!     .step(Step::new().effect(Effect::SEPIA.arg(50)));
//! assert_eq!(transformation.as_str(), "c_thumb,g_face,w_200,h_200/e_sepia:50");
//! ```

mod audio;
pub(super) mod chain;
mod color;
mod decimal;
mod effect;
pub(super) mod empty_parameter;
mod encoding;
pub(super) mod error;
mod expression;
pub(super) mod flag;
mod gravity;
mod layer;
mod macros;
mod normalize;
pub(super) mod number;
mod order;
mod parse_value;
mod parsed_value;
mod quality;
mod references;
mod shape;
pub(super) mod size;
mod step;
mod steps;
mod text_style;
mod value;
mod variable;
mod video;

pub use self::audio::{AudioCodec, AudioFrequency};
pub(crate) use self::chain::Transformation;
pub use self::color::{Background, Border, BorderStyle, Color, ColorSpace};
pub use self::effect::Effect;
pub use self::expression::{Condition, Expression, Operand};
pub use self::gravity::{Focus, Gravity};
pub use self::layer::Layer;
pub use self::parsed_value::{
    AngleMode, Corners, DprMode, FlagValue, Length, ParsedValue, QualityMode, Ratio, Scalar,
};
pub use self::quality::{ChromaSubsampling, Format, Quality};
pub use self::references::{NamedTransformation, Page, PublicId};
pub use self::shape::{Angle, Radius};
pub use self::size::{AspectRatio, CropMode, Dpr};
pub use self::step::Step;
pub use self::steps::{Parameter, Parameters, ParsedStep, Steps};
pub use self::text_style::{
    FontAntialiasing, FontHinting, FontStyle, FontWeight, TextAlign, TextDecoration, TextStyle,
};
pub use self::value::Value;
pub use self::variable::VariableName;
pub use self::video::{
    BitRate, Fps, KeyframeInterval, StreamingProfile, VideoCodec, VideoProfile, VideoTime,
};
