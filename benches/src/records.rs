//! The records and the signer of the benchmarks.

use image_model::{DecodeError, Image, Unsigned};
use sync_payload::{ImageSigner, PayloadEncoder, UrlPrefix, WireStyle};
use url_signer::cloudinary::{Asset, AssetError, Cloud};
use url_signer::{Authority, ProxySigner, Secret, ThumbnailSigner};
use uuid::Uuid;

const RECORDED: &str = include_str!("../../examples/data/response_body.wire.json");

/// An API secret with the length of a Cloudinary secret.
pub const API_SECRET: &str = "abcdefghijklmnopqrstuvwxyz0";

/// The host of the proxy URLs.
pub const PROXY_HOST: &str = "sharinpix-proxy-dev.herokuapp.com";

/// The host from which the proxy fetches thumbnails.
pub const APP_HOST: &str = "localhost";

/// An image and its asset.
pub type Record = (Image<Unsigned>, Asset);

/// Returns `count` images and their assets.
///
/// # Errors
///
/// Never fails, as [`images`] and [`asset`].
pub fn records(count: usize) -> Result<Vec<Record>, Box<dyn std::error::Error>> {
    let assets = (0..count).map(asset);
    images(count)?
        .into_iter()
        .zip(assets)
        .map(|(image, asset)| Ok((image, asset?)))
        .collect()
}

/// Returns the payload of `count` images that a client receives.
///
/// # Errors
///
/// Never fails, as [`records`] and [`signer`].
pub fn payload(count: usize) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let signer = signer()?;
    let mut encoder = PayloadEncoder::new(WireStyle::Rails);
    for (image, asset) in &records(count)? {
        encoder.push_signed(&signer, image, asset);
    }
    Ok(encoder.finish())
}

/// Returns a signer with the recorded settings.
///
/// # Errors
///
/// Never fails, because the settings are valid.
pub fn signer() -> Result<ImageSigner, Box<dyn std::error::Error>> {
    let cloud = Cloud::new("sadaasdasd", Secret::new(API_SECRET)?)?;
    let (proxy, app) = (Authority::new(PROXY_HOST)?, Authority::new(APP_HOST)?);
    let proxy = ProxySigner::new(proxy, app, Secret::new("proxy key")?);
    let thumbnails = ThumbnailSigner::new(Secret::new("thumbnail key")?);
    let prefix = UrlPrefix::new("/assets/blank.jpg#")?;
    Ok(ImageSigner::new(cloud, proxy, thumbnails).with_prefix(prefix))
}

/// Returns the asset with an index, similar to the recorded assets.
///
/// # Errors
///
/// Never fails, because the public id has only hexadecimal digits.
pub fn asset(index: usize) -> Result<Asset, AssetError> {
    let public_id = format!(
        "{:012x}",
        index.wrapping_mul(0x9e37_79b9_7f4a_7c15) & 0xffff_ffff_ffff
    );
    Asset::authenticated(&public_id)?
        .with_version(123_123)
        .with_extension("jpg")
}

/// Returns `count` distinct images, similar to the recorded images. Every eighth
/// image is cropped, and every sixteenth image is also rotated.
///
/// # Errors
///
/// Never fails, because the recorded payload is valid.
pub fn images(count: usize) -> Result<Vec<Image<Unsigned>>, DecodeError> {
    let recorded = image_model::from_str(RECORDED)?;
    let edited = RECORDED.replace(
        "\"crop_w\":0.0,\"crop_h\":0.0",
        "\"crop_w\":10.0,\"crop_h\":11.0",
    );
    let cropped = image_model::from_str(&edited)?;
    let rotated = image_model::from_str(&edited.replace("\"rotation\":0", "\"rotation\":90"))?;
    let images = (0..count).zip(
        recorded
            .iter()
            .cycle()
            .zip(cropped.iter().zip(&rotated).cycle()),
    );
    Ok(images
        .map(|(index, (recorded, (cropped, rotated)))| {
            let image: &Image<Unsigned> = match index % 16 {
                0 => rotated,
                8 => cropped,
                _ => recorded,
            };
            let id = Uuid::from_u128(
                (index as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835),
            );
            Image {
                id,
                public_id: id.to_string(),
                filename: Some(format!("Super Image {index}")),
                ..image.clone()
            }
        })
        .collect())
}
