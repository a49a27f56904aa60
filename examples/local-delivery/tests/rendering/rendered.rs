//! The calls of all tests.

use std::time::{Duration, Instant};

use local_delivery::named::NamedTransformations;
use local_delivery::render::{
    Choice, FileIdentity, Hints, Limits, Memo, OutputFormat, Plan, PlanError, RenderError,
    Rendered, render,
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

/// Returns the operations in the key of a plan, without the version of the renderer.
pub(crate) fn operations(plan: &Plan) -> &str {
    plan.key()
        .split_once('/')
        .map_or("", |(_, operations)| operations)
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

/// Renders a PNG with a memo.
pub(crate) fn rendered_with(
    source: &[u8],
    transformation: &str,
    memo: &Memo,
) -> Result<Rendered, RenderError> {
    render(
        source,
        &FileIdentity::new("file"),
        &plan(transformation).unwrap(),
        Choice::Fixed(OutputFormat::Png),
        memo,
        later(),
        &Limits::default(),
    )
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
