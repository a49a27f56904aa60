//! `Debug` shows no key, no token and no bytes of a payload. Signatures are shown.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use support::{recorded_images, reference_signer};
use sync_payload::{PayloadEncoder, StoredImage, WireStyle};

#[test]
fn debug_of_signers_and_urls_shows_no_key() {
    let signer = reference_signer();
    let (image, asset) = recorded_images().remove(0);
    let image = signer.sign(image, &asset);
    for debug in [format!("{signer:?}"), format!("{image:#?}")] {
        assert!(debug.contains("super-image") || debug.contains("sadaasdasd"));
        for key in ["abcd", "proxy key", "thumbnail key"] {
            assert!(!debug.contains(key), "{debug}");
            assert!(!debug.contains(&format!("{:?}", key.as_bytes())), "{debug}");
        }
    }
}

#[test]
fn debug_of_a_url_shows_prefix_and_signature() {
    let signer = reference_signer();
    let (image, asset) = recorded_images().remove(0);
    let image = signer.sign(image, &asset);
    let debug = format!("{:?}", image.thumbnails.mini);
    assert!(debug.contains("/assets/blank.jpg#"), "{debug}");
    assert!(debug.contains("/s--"), "{debug}");
    let debug = format!("{:?}", image.external_urls.mini);
    assert!(debug.contains("?s="), "{debug}");
}

#[test]
fn debug_of_an_encoder_shows_no_payload() {
    let signer = reference_signer();
    let mut encoder = PayloadEncoder::new(WireStyle::Plain);
    for (image, asset) in recorded_images() {
        encoder.push_signed(&signer, &image, &asset);
    }
    assert_eq!(
        format!("{encoder:?}"),
        "PayloadEncoder { style: Plain, pretty: false, images: 4, buffered_bytes: 11714, .. }"
    );
}

#[test]
fn debug_of_a_stored_image_shows_no_facts() {
    let (image, _) = recorded_images().remove(0);
    // The recorded image without its URLs has 1039 bytes, and the mark has 46.
    assert_eq!(
        format!("{:?}", StoredImage::new(&image)),
        "StoredImage { id: 14364f29-c30d-4bbb-992c-19e6031244f7, bytes: 1085, .. }"
    );
}
