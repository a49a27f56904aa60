//! Builds a payload from a database record.
//!
//! ```sh
//! cargo run --example host_payload
//! ```

use std::io::{self, Write};

use anyhow::Result;
use chrono::DateTime;
use image_model::{
    Count, Crop, ExternalUrls, Image, Object, Rotation, Thumbnails, Timestamp, Unsigned,
};
use sync_payload::{ImageSigner, WireStyle, to_vec};
use url_signer::cloudinary::{Asset, DeliveryType};
use url_signer::{ProxySigner, Secret, ThumbnailSigner};
use uuid::Uuid;

/// Returns the image of a database row. The image is cropped and rotated.
fn image(id: Uuid, name: &str, upload: &str) -> Result<Image<Unsigned>> {
    let stored_at = Timestamp::new(DateTime::from_timestamp_nanos(1_700_000_000_123_456_789))?;
    let crop = Crop::new(0.0, 0.0, 800.0, 600.0)?;
    Ok(Image {
        id,
        public_id: id.to_string(),
        infos: serde_json::from_str(upload)?,
        exifs: Object::new(),
        gps: None,
        gps_ip: None,
        gps_exifs: None,
        gps_html: None,
        created_at: stored_at,
        updated_at: stored_at,
        taken_at: None,
        width: Some(600),
        height: Some(800),
        rotation: Rotation::new(90)?,
        crop_x: crop.x,
        crop_y: crop.y,
        crop_w: crop.w,
        crop_h: crop.h,
        metadatas: Object::new(),
        original_url: Unsigned,
        original_width: Some(1024),
        original_height: Some(768),
        external_urls: ExternalUrls::default(),
        filename: Some(name.to_owned()),
        format: Some("heic".to_owned()),
        title: None,
        description: None,
        page: Some(1),
        group_id: None,
        color: Some("#7D7D7D".to_owned()),
        size: Some(Count::from(4_194_304)),
        processed: true,
        processing_error: None,
        album_id: None,
        tag_names: vec!["beach".to_owned()],
        user_sfid: None,
        thumbnails: Thumbnails::default(),
    })
}

fn main() -> Result<()> {
    let proxy = Secret::new("proxy key")?;
    let proxy = ProxySigner::new("proxy.example.org".parse()?, "localhost".parse()?, proxy);
    let thumbnails = ThumbnailSigner::new(Secret::new("thumbnail key")?);
    let signer = ImageSigner::new("cloudinary://key:abcd@demo".parse()?, proxy, thumbnails);

    let image = image(
        Uuid::from_u128(7),
        "Été",
        r#"{"bytes":3604,"format":"jpg"}"#,
    )?;
    let asset = Asset::new("0b7e148bbd7c")?.with_delivery_type(DeliveryType::Authenticated)?;
    let body = to_vec([signer.sign(image, &asset)], WireStyle::Rails)?;
    Ok(io::stdout().write_all(&body)?)
}
