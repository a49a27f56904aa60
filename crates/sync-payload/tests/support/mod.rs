//! Shared by the tests: the recorded payload, its settings, and images to sign.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "tests; not every file uses every item"
)]

use image_model::{Image, Unsigned};
use regex::Regex;
use sync_payload::{ImageSigner, UrlPrefix};
use url_signer::cloudinary::{Asset, Cloud, DeliveryUrl};
use url_signer::{Authority, ProxySigner, Secret, ThumbnailSigner};

pub(crate) const RECORDED: &str = include_str!("../data/response_body.wire.json");

pub(crate) fn secret(key: &str) -> Secret {
    Secret::new(key).unwrap()
}

pub(crate) fn reference_cloud() -> Cloud {
    Cloud::new("sadaasdasd", secret("abcd")).unwrap()
}

pub(crate) fn reference_proxy() -> ProxySigner {
    ProxySigner::new(
        Authority::new("sharinpix-proxy-dev.herokuapp.com").unwrap(),
        Authority::new("localhost").unwrap(),
        secret("proxy key"),
    )
}

/// A signer with the settings of the recorded host and with test keys.
pub(crate) fn reference_signer() -> ImageSigner {
    let thumbnails = ThumbnailSigner::new(secret("thumbnail key"));
    ImageSigner::new(reference_cloud(), reference_proxy(), thumbnails)
        .with_prefix(UrlPrefix::new("/assets/blank.jpg#").unwrap())
}

/// The recorded images without URLs, each with its asset.
pub(crate) fn recorded_images() -> Vec<(Image<Unsigned>, Asset)> {
    let facts = image_model::from_str::<Unsigned>(RECORDED).unwrap();
    let urls = image_model::from_str::<String>(RECORDED).unwrap();
    facts
        .into_iter()
        .zip(urls)
        .map(|(image, signed)| {
            let asset = DeliveryUrl::parse(&signed.original_url)
                .unwrap()
                .to_asset()
                .unwrap();
            (image, asset)
        })
        .collect()
}

/// Replaces every signature in a text with `***`.
pub(crate) fn masked(text: &str) -> String {
    [
        (r"/s--[A-Za-z0-9_-]{8}--/", "/s--***--/"),
        (r"\?s=[0-9a-f]{7}\b", "?s=***"),
        (r"-[0-9a-f]{11}\.jpg", "-***.jpg"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (signature, mask)| {
        let signature = Regex::new(signature).unwrap();
        signature.replace_all(&text, mask).into_owned()
    })
}
