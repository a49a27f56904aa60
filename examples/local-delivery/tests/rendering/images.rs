//! Small images, and the calls of all tests.

use std::io::Cursor;
use std::time::{Duration, Instant};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use local_delivery::named::NamedTransformations;
use local_delivery::render::{
    Choice, FileIdentity, Hints, Limits, Memo, Plan, PlanError, RenderError, Rendered, render,
};
use url_signer::cloudinary::Transformation;

pub(crate) fn plan(transformation: &str) -> Result<Plan, PlanError> {
    plan_with(transformation, "", &Hints::default())
}

pub(crate) fn plan_with(
    transformation: &str,
    named: &str,
    hints: &Hints,
) -> Result<Plan, PlanError> {
    Plan::new(
        &Transformation::verbatim(transformation).unwrap(),
        &NamedTransformations::parse(named).unwrap(),
        hints,
        &Limits::default(),
    )
}

pub(crate) fn later() -> Instant {
    Instant::now() + Duration::from_mins(10)
}

pub(crate) fn rendered(
    source: &[u8],
    transformation: &str,
    choice: Choice,
) -> Result<Rendered, RenderError> {
    rendered_within(source, transformation, choice, &Limits::default())
}

pub(crate) fn rendered_within(
    source: &[u8],
    transformation: &str,
    choice: Choice,
    limits: &Limits,
) -> Result<Rendered, RenderError> {
    render(
        source,
        &FileIdentity::new("file"),
        &plan(transformation).unwrap(),
        choice,
        &Memo::new(1 << 20),
        later(),
        limits,
    )
}

pub(crate) fn file(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Gradients with an edge.
pub(crate) fn photo(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let part = |value: u32, of: u32| u8::try_from(255 * value / of).unwrap();
        let edge = if x * 3 > width && y * 3 > height {
            200
        } else {
            20
        };
        Rgb([part(x, width), part(y, height), edge])
    })
}

/// The left half is transparent.
pub(crate) fn half_transparent(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, _| {
        if x * 2 < width {
            Rgba([0; 4])
        } else {
            Rgba([200, 100, 50, 255])
        }
    })
}
