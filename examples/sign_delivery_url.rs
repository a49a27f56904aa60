//! Signs one delivery URL.
//!
//! ```sh
//! cargo run --example sign_delivery_url
//! ```

use std::io::{self, Write};

use anyhow::Result;
use url_signer::Secret;
use url_signer::cloudinary::{Asset, Cloud, DeliveryType, Flag, Size, Transformation};

fn main() -> Result<()> {
    // A service has one of these, from `Cloud::from_env()`.
    let cloud = Cloud::new("demo", Secret::new("abcd")?)?;

    let photo = Asset::new("holidays/beach at noon")?
        .with_delivery_type(DeliveryType::Authenticated)?
        .with_version(1_700_000_000)
        .with_extension("jpg")?;
    let card = Transformation::new()
        .fill(Size::new(400, 300))
        .flags(&[Flag::PROGRESSIVE])
        .automatic();

    let url = cloud.sign(&photo, &card).to_string();
    let mut output = io::stdout().lock();
    writeln!(output, "{url}")?;

    // Who holds the key can tell that it signed this, and what exactly.
    let verified = cloud.verify(&url)?;
    writeln!(output, "signed: {}", verified.signed_path())?;
    writeln!(
        output,
        "the photo as a card: {}",
        verified.delivers(&photo, &card)
    )?;
    Ok(())
}
