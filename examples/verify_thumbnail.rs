//! Verifies the path of a thumbnail, as a host does before it redirects.
//!
//! ```sh
//! cargo run --example verify_thumbnail [PATH]
//! ```

use std::env;
use std::io::{self, Write};

use anyhow::Result;
use url_signer::{KeyRing, Secret, ThumbnailName, ThumbnailSigner};
use uuid::Uuid;

fn main() -> Result<()> {
    // The key was changed: the new one signs, the old one still verifies.
    let before = ThumbnailSigner::new(Secret::new("old key")?);
    let ring = KeyRing::new(Secret::new("new key")?).with_retired(Secret::new("old key")?);
    let thumbnails = ThumbnailSigner::new(ring);

    let path = match env::args().nth(1) {
        Some(path) => path,
        None => before
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
                "today's path: {}",
                thumbnails.sign(thumbnail.image_id, thumbnail.name)
            )?;
        }
        // The caller learns nothing of why.
        Err(_) => writeln!(output, "400: Invalid url")?,
    }
    Ok(())
}
