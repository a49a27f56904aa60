//! The renditions of the recorded payload for a photo of 12 megapixels, compared with Pillow
//! and `sharp`.
//!
//! ```console
//! $ PYTHON=python3 SHARP=FOLDER cargo bench -p local-delivery --bench pictures
//! ```
//!
//! `FOLDER` contains `node_modules/sharp`. Each program works on one thread, and begins with
//! the bytes of the file. Times are processor times of the thread. A missing program is
//! skipped. The figures are those of the fastest round.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::io::Cursor;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context;
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use local_delivery::named::NamedTransformations;
use local_delivery::render::{
    Choice, FileIdentity, Hints, Limits, Memo, OutputFormat, Plan, render,
};
use serde_json::Value;
use url_signer::cloudinary::Transformation;

/// The transformations of the delivery URLs of the first image in the recorded payload. The
/// eighth one is `fl_attachment`: the stored bytes are sent. `full` and `full_no_sharinpix`
/// are equal.
const TRANSFORMATIONS: [&str; 7] = [
    "c_fit,w_300",
    "c_fit,h_2000,w_2000",
    "fl_attachment/dpr_auto,q_auto,f_auto",
    "c_fit,h_1920,w_1920/fl_attachment/dpr_auto,q_auto,f_auto",
    "c_fit,h_1920,w_1920/fl_attachment/dpr_auto,q_auto,f_auto",
    "c_fit,h_1920,w_1920/c_fill,h_200,w_200/fl_attachment/dpr_auto,q_auto,f_auto",
    "c_fit,h_1920,w_1920/c_fill,h_100,w_100/fl_attachment/dpr_auto,q_auto,f_auto",
];

const ROUNDS: usize = 7;

fn main() -> anyhow::Result<()> {
    let file = tempfile::Builder::new().suffix(".jpg").tempfile()?;
    let photo = photo()?;
    std::fs::write(file.path(), &photo)?;
    println!(
        "{} renditions of a photo of {} bytes",
        TRANSFORMATIONS.len(),
        photo.len()
    );

    let ours = fastest(rounds(&photo)?);
    println!("local-delivery    {ours:.3} s");
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/pictures");
    let run = |program: &str, script: &str, folder: &Path| {
        Command::new(program)
            .arg(scripts.join(script))
            .arg(file.path())
            .arg(ROUNDS.to_string())
            .current_dir(folder)
            .output()
            .ok()
            .filter(|output| output.status.success())
            .and_then(|output| serde_json::from_slice::<Value>(&output.stdout).ok())
    };
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let sharp = std::env::var("SHARP").unwrap_or_else(|_| ".".to_owned());
    for (name, results) in [
        ("Pillow", run(&python, "pillow.py", &scripts)),
        ("sharp", run("node", "sharp.mjs", Path::new(&sharp))),
    ] {
        let Some(Value::Object(results)) = results else {
            println!("missing program: {name}");
            continue;
        };
        for (variant, times) in results {
            let time = fastest(serde_json::from_value(times)?);
            println!(
                "{name:8} {variant:10} {time:.3} s, {:.2} times ours",
                time / ours
            );
        }
    }
    Ok(())
}

/// Times all renditions. Each round decodes the photo once.
fn rounds(photo: &[u8]) -> anyhow::Result<Vec<f64>> {
    let limits = Limits::default();
    let named = NamedTransformations::default();
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let memo = Memo::new(128 << 20);
        let start = processor_seconds()?;
        for transformation in TRANSFORMATIONS {
            let transformation = Transformation::verbatim(transformation)?;
            let plan = Plan::new(&transformation, &named, &Hints::default(), &limits)?;
            render(
                photo,
                &FileIdentity::new("photo"),
                &plan,
                Choice::Fixed(OutputFormat::Jpeg),
                &memo,
                Instant::now() + Duration::from_mins(10),
                &limits,
            )?;
        }
        times.push(processor_seconds()? - start);
        anyhow::ensure!(memo.decodes() == 1, "{} decodes", memo.decodes());
    }
    Ok(times)
}

/// Returns the time that this thread has used.
fn processor_seconds() -> anyhow::Result<f64> {
    let path = "/proc/thread-self/schedstat";
    let text = std::fs::read_to_string(path).with_context(|| format!("{path} requires Linux"))?;
    let nanoseconds = text.split(' ').next().context("an empty file")?;
    Ok(nanoseconds.parse::<f64>()? / 1e9)
}

fn fastest(times: Vec<f64>) -> f64 {
    times.into_iter().fold(f64::INFINITY, f64::min)
}

/// Returns a photo of 4000 × 3000 pixels: gradients, shapes with edges, and noise.
fn photo() -> anyhow::Result<Vec<u8>> {
    let mut state = 1_u32;
    let image = RgbImage::from_fn(4000, 3000, |x, y| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let noise = u32::midpoint(state % 17, state / 64 % 17);
        let wave = (x / 8 * 7 + y / 5 * 3) % 97;
        let is_inside = (x % 500).abs_diff(250) + (y % 400).abs_diff(200) < 150;
        let base = if is_inside { 130 } else { 40 };
        let channel = |value: u32| u8::try_from((value + noise).min(255)).unwrap_or(u8::MAX);
        Rgb([
            channel(base + x * 90 / 4000),
            channel(base / 2 + y * 90 / 3000 + wave / 4),
            channel(wave + base / 3),
        ])
    });
    let mut bytes = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(&image)?;
    Ok(bytes.into_inner())
}
