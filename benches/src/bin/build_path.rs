//! Builds a payload from a number of records. `check_instructions` counts the
//! instructions of this program.

#![forbid(unsafe_code)]

use std::error::Error;
use std::{env, hint};

use sync_payload::{PayloadEncoder, WireStyle};

/// The number of distinct images, which are built in turn.
const RECORDS: usize = 200;

const CHUNK: usize = 64 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let images: usize = env::args()
        .nth(1)
        .ok_or("expected the number of images")?
        .parse()?;
    let signer = benches::signer()?;
    let records = benches::records(RECORDS)?;
    let mut encoder = PayloadEncoder::new(WireStyle::Rails);
    for (image, asset) in records.iter().cycle().take(images) {
        encoder.push_signed(&signer, image, asset);
        if encoder.as_bytes().len() >= CHUNK {
            hint::black_box(encoder.as_bytes());
            encoder.clear();
        }
    }
    hint::black_box(encoder.finish());
    Ok(())
}
