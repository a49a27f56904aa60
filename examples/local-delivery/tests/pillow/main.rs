//! Images compared with those of Pillow, pixel by pixel.
//!
//! `PYTHON` names a Python interpreter with Pillow; the default is `python3`. The tests are
//! ignored if there is none.

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
use serde_json::{Value, json};
use url_signer::cloudinary::Transformation;

/// A transformation, and the operations of Pillow that give the same image.
struct Case {
    input: String,
    transformation: &'static str,
    operations: Value,
    /// The greatest mean and single difference per channel, of 255.
    mean: f64,
    maximum: u8,
}

fn case(
    input: &str,
    transformation: &'static str,
    operations: Value,
    (mean, maximum): (f64, u8),
) -> Case {
    Case {
        input: input.to_owned(),
        transformation,
        operations,
        mean,
        maximum,
    }
}

const EXACT: (f64, u8) = (0.0, 0);
/// At sharp edges, the filter exceeds the range of the colours, and the result of the first
/// pass is cut. Pillow begins with the rows, `fast_image_resize` with the columns.
const RESIZED: (f64, u8) = (0.2, 14);
const ENLARGED: (f64, u8) = (0.2, 24);
/// Pixels at the edge of a rotated image or a mask are mixed with transparency. Pillow does
/// not do this for rotations, and uses more samples for masks (of the test).
const ROTATED: (f64, u8) = (0.4, 255);
const MASKED: (f64, u8) = (0.15, 40);
/// Colours are rounded when they are premultiplied, and divided again.
const RESIZED_ALPHA: (f64, u8) = (0.5, 4);

fn cases() -> Vec<Case> {
    let mut cases = vec![
        // Resizing. The boxes are those of section "Rules" in tests/geometry/README.md.
        case(
            "photo.png",
            "c_scale,h_40,w_77",
            json!([["resize", [77, 40], [0, 0, 101, 67]]]),
            RESIZED,
        ),
        case(
            "large.png",
            "c_fit,h_100,w_100",
            json!([["resize", [100, 67], [0, 0, 640, 427]]]),
            RESIZED,
        ),
        case(
            "large.png",
            "c_fill,h_100,w_100",
            json!([["resize", [100, 100], [106.5, 0, 533.5, 427]]]),
            RESIZED,
        ),
        case(
            "large.png",
            "c_fill,g_north_west,h_99,w_200",
            json!([["resize", [200, 99], [0, 0, 640, 316.8]]]),
            RESIZED,
        ),
        case(
            "photo.png",
            "c_fill,g_south_east,h_67,w_50",
            json!([["resize", [50, 67], [51, 0, 101, 67]]]),
            RESIZED,
        ),
        case(
            "photo.png",
            "c_scale,w_404",
            json!([["resize", [404, 268], [0, 0, 101, 67]]]),
            ENLARGED,
        ),
        case(
            "photo.png",
            "c_crop,h_30,w_40,x_11,y_7",
            json!([["resize", [40, 30], [11, 7, 51, 37]]]),
            EXACT,
        ),
        case(
            "gray.png",
            "c_scale,w_80",
            json!([["resize", [80, 54], [0, 0, 160, 107]]]),
            RESIZED,
        ),
        case(
            "palette.png",
            "c_scale,w_50",
            json!([["resize", [50, 33], [0, 0, 101, 67]]]),
            RESIZED,
        ),
        case(
            "alpha.png",
            "c_scale,h_33,w_50",
            json!([["resize", [50, 33], [0, 0, 101, 67]]]),
            RESIZED_ALPHA,
        ),
        case(
            "large.png",
            "c_fit,h_1920,w_1920/c_fill,h_100,w_100",
            json!([
                ["resize", [1920, 1281], [0, 0, 640, 427]],
                ["resize", [100, 100], [319.5, 0, 1600.5, 1281]],
            ]),
            RESIZED,
        ),
        case(
            "photo.jpg",
            "c_scale,w_100",
            json!([["resize", [100, 67], [0, 0, 320, 214]]]),
            (0.2, 12),
        ),
        // Padding.
        case(
            "photo.png",
            "b_rgb:336699,c_lpad,h_100,w_150",
            json!([["pad", [150, 100], [24, 16], [0x33, 0x66, 0x99, 255]],]),
            EXACT,
        ),
        case(
            "photo.png",
            "c_pad,g_south_west,h_100,w_60",
            json!([
                ["resize", [60, 40], [0, 0, 101, 67]],
                ["pad", [60, 100], [0, 60], [0, 0, 0, 0]],
            ]),
            RESIZED,
        ),
        case(
            "alpha.png",
            "b_rgb:336699",
            json!([["flatten", [0x33, 0x66, 0x99, 255]]]),
            (0.5, 1),
        ),
        // Effects.
        case("photo.png", "e_grayscale", json!([["grayscale"]]), (0.1, 1)),
        case("photo.png", "e_sepia:60", json!([["sepia", 0.6]]), (0.5, 1)),
        case("photo.png", "e_sepia", json!([["sepia", 0.8]]), (0.5, 1)),
        case("large.png", "e_blur:100", json!([["blur", 5.0]]), (0.15, 2)),
        case("large.png", "e_blur:13", json!([["blur", 0.65]]), (0.4, 3)),
        // Masks.
        case("photo.png", "r_20", json!([["corners", 20]]), MASKED),
        case("large.png", "r_max", json!([["corners", "max"]]), MASKED),
        // Rotations.
        case("photo.png", "a_90", json!([["transpose", 90]]), EXACT),
        case("photo.png", "a_180", json!([["transpose", 180]]), EXACT),
        case("photo.png", "a_-90", json!([["transpose", 270]]), EXACT),
        case("alpha.png", "a_90", json!([["transpose", 90]]), EXACT),
        case(
            "photo.png",
            "a_hflip",
            json!([["transpose", "hflip"]]),
            EXACT,
        ),
        case(
            "photo.png",
            "a_vflip.90",
            json!([["transpose", "vflip"], ["transpose", 90]]),
            EXACT,
        ),
        case("large.png", "a_20", json!([["rotate", 20]]), ROTATED),
        case("large.png", "a_-135", json!([["rotate", -135]]), ROTATED),
        case(
            "large.png",
            "a_20/c_crop,g_center,h_250,w_350",
            json!([["rotate", 20], ["resize", [350, 250], [199, 185, 549, 435]]]),
            (0.3, 2),
        ),
        // The crop and the rotation of an image of the example host.
        case(
            "large.png",
            "c_crop,h_300,w_400,x_100,y_50/a_90/c_fit,h_200,w_200",
            json!([
                ["resize", [400, 300], [100, 50, 500, 350]],
                ["transpose", 90],
                ["resize", [150, 200], [0, 0, 300, 400]],
            ]),
            RESIZED,
        ),
    ];
    for orientation in 1..=8 {
        for (extension, tolerance) in [("png", EXACT), ("webp", EXACT), ("jpg", (0.05, 4))] {
            let input = format!("exif{orientation}.{extension}");
            cases.push(case(&input, "q_100", json!([["upright"]]), tolerance));
        }
    }
    cases
}

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
    let jobs: String = cases
        .iter()
        .enumerate()
        .map(|(index, case)| {
            let job = json!({
                "input": case.input,
                "operations": case.operations,
                "output": format!("{index}.png"),
            });
            format!("{job}\n")
        })
        .collect();
    std::fs::write(folder.path().join("jobs.jsonl"), jobs).unwrap();
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
        Instant::now() + Duration::from_secs(600),
        &limits,
    )?;
    let actual = image::load_from_memory(&rendered.bytes)?.into_rgba8();
    let (mean, maximum) = difference(&actual, &expected)?;
    if std::env::var_os("SHOW_DIFFERENCES").is_some() {
        eprintln!("{mean:.3} {maximum:3}  {}", name(case));
    }
    if mean > case.mean || maximum > case.maximum {
        return Err(format!("mean difference {mean:.3}, maximum {maximum}").into());
    }
    Ok(())
}

/// Returns the mean and the greatest difference per channel. Colours are premultiplied, so
/// that the colour of transparent pixels does not count.
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
