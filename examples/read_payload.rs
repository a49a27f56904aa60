//! Reads a payload as a client.
//!
//! ```sh
//! cargo run --example read_payload [FILE]
//! ```

mod output;

use std::env;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};

use anyhow::{Context, Result};
use image_model::Count;

fn main() -> Result<()> {
    output::unless_closed(run(), ())
}

fn run() -> Result<()> {
    let payload: Box<dyn BufRead> = match env::args_os().nth(1) {
        Some(file) => {
            let opened = File::open(&file);
            let file = opened.with_context(|| format!("cannot read {}", file.display()))?;
            Box::new(BufReader::new(file))
        }
        None => Box::new(&include_bytes!("data/response_body.wire.json")[..]),
    };

    let mut output = io::stdout().lock();
    // A `BufReader` reads 8 KiB at a time, so the whole file is never in memory.
    for image in image_model::read_images::<String>(payload) {
        // An error names the image and the key: `failed to decode images[2].gps[0]`.
        let image = image?;
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
