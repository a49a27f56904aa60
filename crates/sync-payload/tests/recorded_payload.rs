//! The recorded payload: decoded, signed with test keys, and encoded again.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use image_model::Image;
use support::{RECORDED, masked, recorded_images, reference_signer};
use sync_payload::{PayloadEncoder, WireStyle, to_vec, to_writer};

fn signed() -> String {
    let signer = reference_signer();
    let images = recorded_images();
    let images = images
        .iter()
        .map(|(image, asset)| signer.sign(image.clone(), asset));
    String::from_utf8(to_vec(images, WireStyle::Rails).unwrap()).unwrap()
}

#[test]
fn signed_again_only_signatures_differ() {
    let body = signed();
    assert_eq!(body.len(), 11775);
    assert_ne!(body, RECORDED);
    assert_eq!(masked(&body), masked(RECORDED));
    // Each of the four images has eight delivery URLs and three proxy URLs.
    assert_eq!(masked(RECORDED).matches("/s--***--/").count(), 4 * 8);
    assert_eq!(masked(RECORDED).matches("?s=***\\u0026").count(), 4 * 3);
    assert_eq!(masked(RECORDED).matches("-***.jpg").count(), 4 * 3);
}

#[test]
fn decoded_and_encoded_it_has_equal_bytes() {
    let images: Vec<Image> = image_model::from_str(RECORDED).unwrap();
    assert_eq!(
        to_vec(&images, WireStyle::Rails).unwrap(),
        RECORDED.as_bytes()
    );

    let mut written = Vec::new();
    to_writer(&mut written, &images, WireStyle::Rails).unwrap();
    assert_eq!(written, RECORDED.as_bytes());
}

#[test]
fn plain_style_differs_in_ampersands_only() {
    let images: Vec<Image> = image_model::from_str(RECORDED).unwrap();
    let plain = to_vec(&images, WireStyle::Plain).unwrap();
    assert_eq!(plain.len(), 11715);
    assert_eq!(plain, RECORDED.replace("\\u0026", "&").as_bytes());
}

#[test]
fn a_pretty_payload_decodes_to_equal_images() {
    let images: Vec<Image> = image_model::from_str(RECORDED).unwrap();
    let mut encoder = PayloadEncoder::pretty(WireStyle::Rails);
    for image in &images {
        encoder.push(image).unwrap();
    }
    let pretty = String::from_utf8(encoder.finish()).unwrap();
    assert!(
        pretty.starts_with("[\n  {\n    \"id\": \"14364f29"),
        "{pretty}"
    );
    assert!(pretty.ends_with("\n    }\n  }\n]"), "{pretty}");
    assert_eq!(image_model::from_str::<String>(&pretty).unwrap(), images);
}

#[test]
fn a_payload_without_images_is_an_empty_list() {
    let none: [Image; 0] = [];
    for style in [WireStyle::Rails, WireStyle::Plain] {
        assert_eq!(to_vec(&none, style).unwrap(), b"[]");
        assert_eq!(PayloadEncoder::pretty(style).finish(), b"[]");
        let mut written = Vec::new();
        to_writer(&mut written, &none, style).unwrap();
        assert_eq!(written, b"[]");
    }
}
