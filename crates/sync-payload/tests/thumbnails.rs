//! The delivery URL of a thumbnail, and the asset of an `original_url`.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::error::Error;

use image_model::{Image, Rotation};
use support::{RECORDED, masked, recorded_images, reference_signer};
use sync_payload::{Rendition, parse_original_url, reference_renditions};
use url_signer::ThumbnailName;
use url_signer::cloudinary::AssetError;

#[test]
fn a_thumbnail_url_is_that_of_the_payload() {
    let signer = reference_signer();
    for (image, asset) in recorded_images() {
        let image = Image {
            rotation: Rotation::new(90).unwrap(),
            ..image
        };
        let delivered =
            ThumbnailName::ALL.map(|name| signer.thumbnail(&image, &asset, name).unwrap());
        let image = signer.sign(image, &asset);
        let thumbnails = &image.thumbnails;
        let in_payload = [
            &thumbnails.mini,
            &thumbnails.large,
            &thumbnails.full,
            &thumbnails.original,
        ];
        for (delivered, expected) in delivered.iter().zip(in_payload) {
            assert_eq!(format!("/assets/blank.jpg#{delivered}"), *expected);
        }
    }
}

#[test]
fn a_pending_thumbnail_delivers_the_placeholder() {
    let (image, _) = recorded_images().remove(0);
    let signer = reference_signer();
    let url = signer.thumbnail(&image, None, ThumbnailName::Mini).unwrap();
    assert_eq!(
        masked(&url.to_string()),
        "https://res.cloudinary.com/sadaasdasd/image/authenticated/s--***--/c_fit,h_1920,w_1920/c_fill,h_100,w_100/fl_attachment/dpr_auto,q_auto,f_auto/raw_placeholder.jpg"
    );
}

#[test]
fn a_proxied_thumbnail_has_no_delivery_url() {
    let mut renditions = reference_renditions();
    renditions.thumbnails.mini = Rendition::Proxy(ThumbnailName::Mini);
    let signer = reference_signer().with_renditions(renditions);
    let (image, asset) = recorded_images().remove(0);
    assert!(
        signer
            .thumbnail(&image, &asset, ThumbnailName::Mini)
            .is_none()
    );
    assert!(
        signer
            .thumbnail(&image, &asset, ThumbnailName::Full)
            .is_some()
    );
}

#[test]
fn original_url_parses_to_the_signed_asset() {
    let urls = image_model::from_str::<String>(RECORDED).unwrap();
    for (image, (_, asset)) in urls.iter().zip(recorded_images()) {
        assert_eq!(parse_original_url(&image.original_url), Ok(Some(asset)));
        // A proxy URL, as in `original_url` while the file is pending.
        assert_eq!(parse_original_url(&image.external_urls.full), Ok(None));
    }
}

#[test]
fn an_error_has_the_reasons_of_both_url_types() {
    for (url, text) in [
        (
            "https://proxy.example.org/a.jpg",
            "invalid delivery url: missing resource type and delivery type; invalid proxy url: missing query",
        ),
        (
            "/a.jpg?s=1234567&url=localhost/images/14364f29-c30d-4bbb-992c-19e6031244f7/thumbnails/mini-0123456789a.jpg",
            "invalid delivery url: expected `https://` or `http://`; invalid proxy url: missing host",
        ),
    ] {
        let error = parse_original_url(url).unwrap_err();
        assert_eq!(error.to_string(), text);
        assert!(error.source().is_none());
    }
}

#[test]
fn the_source_of_an_error_is_that_of_the_asset() {
    let url = "https://res.cloudinary.com/c/image/upload/v1/a%00%2F..%2Fb";
    let error = parse_original_url(url).unwrap_err();
    assert_eq!(error.to_string(), "the delivery url has no valid asset");
    let source = error.source().unwrap().downcast_ref::<AssetError>();
    assert!(source.is_some());
}
