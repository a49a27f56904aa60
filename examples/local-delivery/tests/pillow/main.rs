//! Images compared with those of Pillow, pixel by pixel.
//!
//! `PYTHON` names a Python interpreter with Pillow; the default is `python3`. The tests are
//! ignored if there is none.

#![allow(clippy::unwrap_used, reason = "tests")]

mod cases;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

use image::RgbaImage;
use libtest_mimic::{Arguments, Completion, Failed, Trial};
use local_delivery::named::NamedTransformations;
use local_delivery::render::{
    Choice, FileIdentity, Hints, Limits, Memo, OutputFormat, Plan, render,
};
use serde_json::json;
use url_signer::cloudinary::Transformation;

use crate::cases::{Case, cases};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let has_pillow = Command::new(&python)
        .args(["-c", "import PIL"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !has_pillow {
        let trials = cases().into_iter().map(|case| {
            Trial::ignorable_test(name(&case), || {
                let reason = "missing program: Pillow; run `python3 -m pip install pillow`";
                Ok(Completion::ignored_with(reason))
            })
        });
        return libtest_mimic::run(&arguments, trials.collect()).exit_code();
    }

    let folder = tempfile::tempdir().unwrap();
    let cases = cases();
    let jobs: Vec<_> = cases
        .iter()
        .enumerate()
        .map(|(index, case)| {
            let job = json!({
                "input": case.input,
                "operations": case.operations,
                "output": format!("{index}.png"),
            });
            job.to_string()
        })
        .collect();
    std::fs::write(folder.path().join("jobs.jsonl"), jobs.join("\n")).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pillow/reference.py");
    let status = Command::new(&python)
        .arg(script)
        .arg(folder.path())
        .status()
        .unwrap();
    assert!(status.success(), "{script}: {status}");

    let folder = Arc::new(folder);
    let trials = cases.into_iter().enumerate().map(|(index, case)| {
        let folder = Arc::clone(&folder);
        Trial::test(name(&case), move || compare(folder.path(), index, &case))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

fn name(case: &Case) -> String {
    format!("{} of {}", case.transformation, case.input)
}

fn compare(folder: &Path, index: usize, case: &Case) -> Result<(), Failed> {
    let expected = image::open(folder.join(format!("{index}.png")))?.into_rgba8();
    let source = std::fs::read(folder.join(&case.input))?;
    let limits = Limits::default();
    let plan = Plan::new(
        &Transformation::verbatim(case.transformation)?,
        &NamedTransformations::default(),
        &Hints::default(),
        &limits,
    )?;
    let rendered = render(
        &source,
        &FileIdentity::new(&case.input),
        &plan,
        Choice::Fixed(OutputFormat::Png),
        &Memo::new(0),
        Instant::now() + Duration::from_mins(10),
        &limits,
    )?;
    let actual = image::load_from_memory(&rendered.bytes)?.into_rgba8();
    let (mean, maximum) = difference(&actual, &expected)?;
    if mean > case.mean || maximum > case.maximum {
        return Err(format!("mean difference {mean:.3}, maximum {maximum}").into());
    }
    Ok(())
}

/// Returns the mean and the greatest difference per channel. Colors are premultiplied, so
/// that the color of transparent pixels does not count.
fn difference(actual: &RgbaImage, expected: &RgbaImage) -> Result<(f64, u8), Failed> {
    if actual.dimensions() != expected.dimensions() {
        let sizes = (actual.dimensions(), expected.dimensions());
        return Err(format!("sizes differ: {sizes:?}").into());
    }
    let mut sum = 0.0;
    let mut maximum = 0;
    for (actual, expected) in actual.pixels().zip(expected.pixels()) {
        let channels = |pixel: &image::Rgba<u8>| {
            let [r, g, b, alpha] = pixel.0;
            let color = |value: u8| {
                let value = u16::from(value) * u16::from(alpha) / 255;
                u8::try_from(value).unwrap_or(u8::MAX)
            };
            [color(r), color(g), color(b), alpha]
        };
        for (actual, expected) in channels(actual).into_iter().zip(channels(expected)) {
            let difference = actual.abs_diff(expected);
            sum += f64::from(difference);
            maximum = maximum.max(difference);
        }
    }
    let samples = f64::from(actual.width()) * f64::from(actual.height()) * 4.0;
    Ok((sum / samples, maximum))
}
