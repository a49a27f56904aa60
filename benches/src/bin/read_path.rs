//! Reads a payload with `PayloadDecoder` or with `from_slice`, a number of times.
//! `check_instructions` compares the instructions of the two.

#![forbid(unsafe_code)]

use std::error::Error;
use std::{env, hint};

use image_model::PayloadDecoder;

/// The number of distinct images in the payload.
const IMAGES: usize = 200;

/// The number of bytes that arrive at once.
const CHUNK: usize = 64 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let way = arguments.next().ok_or("expected decoder or from_slice")?;
    let times: usize = arguments.next().ok_or("expected a number")?.parse()?;
    let payload = benches::payload(IMAGES)?;
    for _ in 0..times {
        match &*way {
            "decoder" => decode(&payload)?,
            _ => {
                hint::black_box(image_model::from_slice::<String>(&payload)?);
            }
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
