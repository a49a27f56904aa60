//! Errors of plans and of rendering.

use std::fmt;

/// An error creating a [`Plan`](super::Plan). The response to the request is 400.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// A parameter with a value that it does not accept.
    #[error("Invalid {parameter} in transformation: {value}")]
    Invalid {
        /// The long name of the parameter, for example `width`.
        parameter: &'static str,
        /// The value, as in the transformation.
        value: String,
    },
    /// An effect with an argument that is out of range.
    #[error("Invalid value {value} for {effect}")]
    InvalidArgument {
        /// The name of the effect.
        effect: &'static str,
        /// The argument, as in the transformation.
        value: String,
    },
    /// An automatic gravity with a crop mode that does not crop.
    #[error("Use auto gravity only with crop, fill, lfill, fill_pad or thumb")]
    AutoGravity,
    /// The crop mode `fill_pad` with another gravity than an automatic one.
    #[error("fill_pad supports only auto gravity")]
    FillPadGravity,
    /// A crop mode without a size.
    #[error("Crop mode {0} requires a width, a height or an aspect ratio")]
    MissingSize(&'static str),
    /// A named transformation that does not exist.
    #[error("Unknown transformation {0}")]
    UnknownNamed(String),
    /// More steps, parameters or nested named transformations than allowed.
    #[error("Too many steps or parameters in transformation")]
    TooManySteps,
    /// A width or a height that exceeds the limit.
    #[error("A side of {side} pixels exceeds the limit of {limit}")]
    SideTooLong {
        /// The requested length in pixels.
        side: u64,
        /// The limit.
        limit: u64,
    },
    /// A size that exceeds the limits of the output.
    #[error("{}", TooLarge(.width, .height))]
    TooLarge {
        /// The requested width in pixels.
        width: u64,
        /// The requested height in pixels.
        height: u64,
    },
}

/// An error rendering an image.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The stored file is not a JPEG, PNG or WebP image, or is damaged.
    #[error("Invalid image file")]
    NotAnImage,
    /// The stored file has more bytes than allowed.
    #[error("File of {bytes} bytes exceeds the limit of {limit}")]
    FileTooLarge {
        /// The number of bytes.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A progressive JPEG file has more scans than allowed.
    #[error("JPEG file of {scans} scans exceeds the limit of {limit}")]
    TooManyScans {
        /// The number of scans.
        scans: usize,
        /// The limit.
        limit: usize,
    },
    /// The stored image or a result exceeds the limits.
    #[error("{}", TooLarge(.width, .height))]
    TooLarge {
        /// The width in pixels.
        width: u64,
        /// The height in pixels.
        height: u64,
    },
    /// The deadline is over.
    #[error("The transformation took too long")]
    TimedOut,
    /// The requested rectangle is outside of the image.
    #[error("The requested area is outside of the image")]
    Empty,
    /// The result cannot be written in the requested format.
    #[error("The image cannot be written as {0}")]
    Encode(&'static str),
}

struct TooLarge<'a>(&'a u64, &'a u64);

impl fmt::Display for TooLarge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(width, height) = self;
        write!(f, "Image size {width}x{height} exceeds the limits")
    }
}
