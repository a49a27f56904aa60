//! Builds a payload from a database record.
//!
//! ```sh
//! cargo run --example host_payload
//! ```

mod output;

use std::io::{self, Write};

use anyhow::Result;
use image_model::{Crop, Image, Infos, Rotation, Timestamp, Unsigned};
use sync_payload::{ImageSigner, PayloadEncoder, WireStyle};
use url_signer::cloudinary::Asset;
use url_signer::{ProxySigner, Secret, ThumbnailSigner};
use uuid::Uuid;

/// Returns the image of a database row. The image is cropped and rotated.
fn image(id: Uuid, name: &str) -> Result<Image<Unsigned>> {
    let created_at = Timestamp::from_unix_millis(1_700_000_000_123)?;
    let mut image = Image {
        infos: Infos::new().with_bytes(4_194_304).with_format("heic"),
        width: Some(600),
        height: Some(800),
        rotation: Rotation::new(90)?,
        original_width: Some(1024),
        original_height: Some(768),
        filename: Some(name.to_owned()),
        format: Some("heic".to_owned()),
        processed: true,
        tag_names: vec!["beach".to_owned()],
        ..Image::new(id, created_at)
    };
    image.set_crop(Crop::new(0.0, 0.0, 800.0, 600.0)?);
    Ok(image)
}

fn main() -> Result<()> {
    output::unless_closed(run(), ())
}

fn run() -> Result<()> {
    let proxy = Secret::new("proxy key")?;
    let proxy = ProxySigner::new("proxy.example.org".parse()?, "localhost".parse()?, proxy);
    let thumbnails = ThumbnailSigner::new(Secret::new("thumbnail key")?);
    let signer = ImageSigner::new("cloudinary://key:abcd@demo".parse()?, proxy, thumbnails);

    let image = image(Uuid::from_u128(7), "Été")?;
    let asset = Asset::authenticated("0b7e148bbd7c")?;
    let mut payload = PayloadEncoder::new(WireStyle::Rails);
    payload.push_signed(&signer, &image, &asset);
    Ok(io::stdout().write_all(&payload.finish())?)
}
