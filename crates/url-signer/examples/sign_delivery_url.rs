//! Signs one delivery URL and verifies it.
//!
//! ```sh
//! cargo run -p url-signer --example sign_delivery_url
//! ```

use std::error::Error;
use std::io::{self, Write};

use url_signer::Secret;
use url_signer::cloudinary::{Asset, Cloud, Flag, Size, Transformation};

fn main() -> Result<(), Box<dyn Error>> {
    // A service creates one `Cloud`, usually with `Cloud::from_env()`.
    let cloud = Cloud::new("demo", Secret::new("abcd")?)?;

    let photo = Asset::authenticated("holidays/beach at noon")?
        .with_version(1_700_000_000)
        .with_extension("jpg")?;
    let card = Transformation::new()
        .fill(Size::new(400, 300))
        .flags(&[Flag::PROGRESSIVE])
        .automatic();

    let url = cloud.sign(&photo, &card).to_string();
    let mut output = io::stdout().lock();
    writeln!(output, "{url}")?;

    // The signed path is the part of the URL that the signature protects.
    let verified = cloud.verify(&url)?;
    writeln!(output, "signed path: {}", verified.signed_path())?;
    writeln!(
        output,
        "delivers the photo as a card: {}",
        verified.delivers(&photo, &card)
    )?;
    Ok(())
}
