//! The delivery URL behind a thumbnail, and the asset behind an `original_url`.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use image_model::{Image, Rotation};
use support::{RECORDED, documented_signer, masked, recorded_images};
use sync_payload::{Rendition, parse_original_url, reference_renditions};
use url_signer::ThumbnailName;

#[test]
fn a_thumbnail_is_delivered_as_the_payload_says_but_without_a_prefix() {
    let signer = documented_signer();
    for (image, asset) in recorded_images() {
        let image = Image {
            rotation: Rotation::new(90).unwrap(),
            ..image
        };
        let delivered =
            ThumbnailName::ALL.map(|name| signer.thumbnail(&image, &asset, name).unwrap());
        let image = signer.sign(image, &asset);
        let thumbnails = &image.thumbnails;
        let said = [
            &thumbnails.mini,
            &thumbnails.large,
            &thumbnails.full,
            &thumbnails.original,
        ];
        for (delivered, said) in delivered.iter().zip(said) {
            assert_eq!(format!("/assets/blank.jpg#{delivered}"), said.to_string());
        }
    }
}

#[test]
fn while_the_file_is_not_at_the_provider_the_placeholder_is_delivered() {
    let (image, _) = recorded_images().remove(0);
    let signer = documented_signer();
    let url = signer.thumbnail(&image, None, ThumbnailName::Mini).unwrap();
    assert_eq!(
        masked(&url.to_string()),
        "https://res.cloudinary.com/sadaasdasd/image/authenticated/s--***--/c_fit,h_1920,w_1920/c_fill,h_100,w_100/fl_attachment/dpr_auto,q_auto,f_auto/raw_placeholder.jpg"
    );
}

#[test]
fn a_table_without_a_delivery_url_for_a_thumbnail_has_nowhere_to_lead() {
    let mut renditions = reference_renditions();
    renditions.thumbnails.mini = Rendition::Proxy(ThumbnailName::Mini);
    let signer = documented_signer().with_renditions(renditions);
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
fn the_asset_of_a_payload_is_the_one_it_was_signed_for() {
    let urls = image_model::from_str::<String>(RECORDED).unwrap();
    for (image, (_, asset)) in urls.iter().zip(recorded_images()) {
        assert_eq!(parse_original_url(&image.original_url), Ok(Some(asset)));
        // Where it stands while there is no asset.
        assert_eq!(parse_original_url(&image.external_urls.full), Ok(None));
    }
}

#[test]
fn what_names_no_asset_is_refused_with_both_reasons() {
    for (url, text) in [
        (
            "https://proxy.example.org/a.jpg",
            "not a delivery url: its path has no types; not a proxy url: it has no query",
        ),
        (
            "/a.jpg?s=1234567&url=localhost/images/14364f29-c30d-4bbb-992c-19e6031244f7/thumbnails/mini-0123456789a.jpg",
            "not a delivery url: it begins with neither `https://` nor `http://`; not a proxy url: it has no host",
        ),
    ] {
        assert_eq!(parse_original_url(url).unwrap_err().to_string(), text);
    }
}
