//! The recorded exchange, read, signed afresh and written again.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use image_model::Image;
use support::{RECORDED, documented_signer, masked, recorded_images};
use sync_payload::{PayloadEncoder, WireStyle, to_vec, to_writer};

fn signed() -> String {
    let signer = documented_signer();
    let images = recorded_images();
    let images = images
        .iter()
        .map(|(image, asset)| signer.sign(image.clone(), asset));
    String::from_utf8(to_vec(images, WireStyle::Rails).unwrap()).unwrap()
}

#[test]
fn signed_afresh_it_has_the_documented_length_and_only_signatures_differ() {
    let body = signed();
    assert_eq!(body.len(), 11775);
    assert_ne!(body, RECORDED);
    assert_eq!(masked(&body), masked(RECORDED));
    // Of four images: eight delivery URLs, three proxy URLs and as many paths.
    assert_eq!(masked(RECORDED).matches("/s--***--/").count(), 4 * 8);
    assert_eq!(masked(RECORDED).matches("?s=***\\u0026").count(), 4 * 3);
    assert_eq!(masked(RECORDED).matches("-***.jpg").count(), 4 * 3);
}

#[test]
fn read_and_written_again_it_is_the_same_bytes_with_nothing_masked() {
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
fn in_plain_style_it_is_shorter_by_its_ampersands() {
    let images: Vec<Image> = image_model::from_str(RECORDED).unwrap();
    let plain = to_vec(&images, WireStyle::Plain).unwrap();
    assert_eq!(plain.len(), 11715);
    assert_eq!(plain, RECORDED.replace("\\u0026", "&").as_bytes());
}

#[test]
fn pretty_it_reads_back_equal() {
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
fn no_images_are_an_empty_list() {
    let none: [Image; 0] = [];
    for style in [WireStyle::Rails, WireStyle::Plain] {
        assert_eq!(to_vec(&none, style).unwrap(), b"[]");
        assert_eq!(PayloadEncoder::pretty(style).finish(), b"[]");
        let mut written = Vec::new();
        to_writer(&mut written, &none, style).unwrap();
        assert_eq!(written, b"[]");
    }
}

#[test]
fn no_debug_shows_a_key() {
    let signer = documented_signer();
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
