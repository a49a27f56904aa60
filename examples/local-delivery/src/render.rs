//! Images from stored files and transformations.
//!
//! A [`Plan`] is a transformation whose parameters are checked. [`render`] applies it to a
//! stored file. The results of the first steps are kept in a [`Memo`], so that several
//! transformations of an image need one decode.

mod blur;
mod chain;
mod component;
mod deadline;
mod decode;
mod effects;
mod encode;
mod error;
mod format;
pub mod geometry;
mod key;
mod limits;
mod mask;
mod memo;
mod pixels;
mod plan;
mod resample;
mod rotate;
mod rounding;
mod target;

use std::time::Instant;

use self::chain::Chain;
use self::deadline::Deadline;
use self::decode::Source;
pub(crate) use self::decode::{decoder_limits, dimensions, exchanges_sides};
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
/// A file that is not an image, limits that are exceeded, or a rectangle outside of the image.
pub fn render(
    source: &[u8],
    identity: &FileIdentity,
    plan: &Plan,
    choice: Choice,
    memo: &Memo,
    deadline: Instant,
    limits: &Limits,
) -> Result<Rendered, RenderError> {
    let deadline = Deadline::new(deadline);
    let source = Source::new(source, plan.ignores_orientation());
    let original = source.size(deadline, limits)?;
    // Before anything is decoded: a result that is too large.
    plan.layouts(original, limits)?;
    let chain = Chain {
        source,
        identity,
        memo,
        original,
        deadline,
        limits,
    };
    let pixels = chain.image(plan.components())?;
    let format = match choice {
        Choice::Fixed(format) => format,
        Choice::Auto { accepts_webp: true } => OutputFormat::WebP,
        Choice::Auto { .. } if pixels.is_transparent() => OutputFormat::Png,
        Choice::Auto { .. } => OutputFormat::Jpeg,
    };
    deadline.check()?;
    let size = pixels.size();
    Ok(Rendered {
        bytes: encode::encode(&pixels, format, plan.quality())?,
        format,
        width: size.width,
        height: size.height,
    })
}
