//! Builds the payload that the peers build. Prints the median time per image in
//! microseconds.

#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a program that prints figures"
)]

use std::env;
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use sync_payload::{PayloadEncoder, WireStyle};

fn main() -> Result<(), Box<dyn Error>> {
    let images: usize = env::args()
        .nth(1)
        .ok_or("expected the number of images")?
        .parse()?;
    let rounds: usize = env::args()
        .nth(2)
        .ok_or("expected the number of rounds")?
        .parse()?;
    let signer = benches::signer()?;
    let records = benches::records(images)?;
    let mut times = Vec::new();
    for _ in 0..rounds {
        let start = Instant::now();
        let mut encoder = PayloadEncoder::new(WireStyle::Rails);
        for (image, asset) in &records {
            encoder.push_signed(&signer, image, asset);
        }
        black_box(encoder.finish());
        times.push(start.elapsed().as_secs_f64() * 1e6 / images as f64);
    }
    times.sort_by(f64::total_cmp);
    println!("{:.2}", times.get(rounds / 2).copied().unwrap_or_default());
    Ok(())
}
