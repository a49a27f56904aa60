//! Reads payloads in one of three ways: with `PayloadDecoder`, with `from_slice`, or with
//! `serde_json` and plain structs. `check_instructions` compares their instructions.

#![forbid(unsafe_code)]

use std::error::Error;
use std::{env, hint};

use benches::plain_model::PlainImage;
use image_model::PayloadDecoder;

/// The number of images in a payload.
const IMAGES: usize = 200;

/// The number of bytes that arrive at once.
const CHUNK: usize = 64 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let way = arguments
        .next()
        .ok_or("expected decoder, from_slice or serde_json")?;
    let images: usize = arguments
        .next()
        .ok_or("expected the number of images")?
        .parse()?;
    let payload = benches::payload(IMAGES)?;
    for _ in 0..images / IMAGES {
        match &*way {
            "decoder" => decode(&payload)?,
            "from_slice" => {
                hint::black_box(image_model::from_slice::<String>(&payload)?);
            }
            "serde_json" => {
                hint::black_box(serde_json::from_slice::<Vec<PlainImage>>(&payload)?);
            }
            _ => return Err("expected decoder, from_slice or serde_json".into()),
        }
    }
    Ok(())
}

fn decode(payload: &[u8]) -> Result<(), Box<dyn Error>> {
    let mut decoder = PayloadDecoder::<String>::new();
    for chunk in payload.chunks(CHUNK) {
        decoder.push(chunk);
        while let Some(image) = decoder.next_image() {
            hint::black_box(image?);
        }
    }
    Ok(decoder.finish()?)
}
