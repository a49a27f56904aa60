//! Verifies a thumbnail path after a key rotation, as a host does before it
//! redirects.
//!
//! ```sh
//! cargo run --example verify_thumbnail [PATH]
//! ```

mod output;

use std::env;
use std::io::{self, Write};

use anyhow::Result;
use url_signer::{KeyRing, Secret, ThumbnailName, ThumbnailSigner};
use uuid::Uuid;

fn main() -> Result<()> {
    output::unless_closed(run(), ())
}

fn run() -> Result<()> {
    // The new key signs. The retired key still verifies.
    let old_signer = ThumbnailSigner::new(Secret::new("old key")?);
    let ring = KeyRing::new(Secret::new("new key")?).with_retired(Secret::new("old key")?);
    let thumbnails = ThumbnailSigner::new(ring);

    let path = match env::args().nth(1) {
        Some(path) => path,
        None => old_signer
            .sign(Uuid::from_u128(7), ThumbnailName::Mini)
            .to_string(),
    };
    let mut output = io::stdout().lock();
    match thumbnails.verify(&path) {
        Ok(thumbnail) => {
            writeln!(
                output,
                "302: {} of image {}",
                thumbnail.name, thumbnail.image_id
            )?;
            writeln!(
                output,
                "path with the new key: {}",
                thumbnails.sign(thumbnail.image_id, thumbnail.name)
            )?;
        }
        // The response does not reveal the reason.
        Err(_) => writeln!(output, "400: Invalid url")?,
    }
    Ok(())
}
