//! Reads a payload as a client.
//!
//! ```sh
//! cargo run --example read_payload [FILE]
//! ```

mod output;

use std::io::{self, Write};
use std::{env, fs};

use anyhow::{Context, Result};
use image_model::{Count, Image};

fn main() -> Result<()> {
    output::unless_closed(run(), ())
}

fn run() -> Result<()> {
    let json = match env::args_os().nth(1) {
        Some(file) => fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?,
        None => include_bytes!("data/response_body.wire.json").to_vec(),
    };
    // An error names the image and the key: `failed to decode images[2].gps[0]`.
    let images: Vec<Image> = image_model::from_slice(&json)?;

    let mut output = io::stdout().lock();
    for image in images {
        let name = image.filename.as_deref().unwrap_or("unnamed");
        let bytes = image.size.map_or(0, Count::get);
        writeln!(output, "{} {name:?}, {bytes} bytes", image.id)?;
        if let Some(gps) = image.gps {
            writeln!(output, "  taken at {}, {}", gps.latitude(), gps.longitude())?;
        }
        // `infos` keeps keys that the recorded payload does not have.
        let keys = image
            .infos
            .as_object()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
            .join(" ");
        writeln!(output, "  infos: {keys}")?;
        writeln!(output, "  thumbnail: {}", image.thumbnails.mini)?;
    }
    Ok(())
}
