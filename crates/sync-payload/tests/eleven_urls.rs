//! The eleven URLs of edited images and of images whose file is pending.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use std::collections::BTreeMap;

use image_model::{Crop, Image, Rotation, Unsigned, Urls};
use serde::Deserialize;
use support::{masked, recorded_images, reference_cloud, reference_signer, secret};
use sync_payload::{
    ImageSigner, PayloadEncoder, Rendition, StoredImage, UrlPrefix, WireStyle, reference_renditions,
};
use url_signer::cloudinary::{Asset, SignatureAlgorithm};
use url_signer::{Authority, ProxySigner, ThumbnailName, ThumbnailSigner};

fn edited(crop: Option<Crop>, rotation: i32) -> (Image<Unsigned>, Asset) {
    let (image, asset) = recorded_images().remove(0);
    let crop = crop.unwrap_or(Crop::FULL);
    let image = Image {
        rotation: Rotation::new(rotation).unwrap(),
        crop_x: crop.x,
        crop_y: crop.y,
        crop_w: crop.w,
        crop_h: crop.h,
        ..image
    };
    (image, asset)
}

fn texts<U: ToString>(image: &Image<U>) -> Urls {
    image.urls().map(ToString::to_string)
}

/// The URLs by the reference signer, with masked signatures.
fn signed(image: Image<Unsigned>, asset: Option<&Asset>) -> Urls {
    texts(&reference_signer().sign(image, asset)).map(|url| masked(&url))
}

const BASE: &str = "https://res.cloudinary.com/sadaasdasd/image/authenticated/s--***--/";
const PREFIXED: &str =
    "/assets/blank.jpg#https://res.cloudinary.com/sadaasdasd/image/authenticated/s--***--/";
const FILE: &str = "v123123/0b7e148bbd7c.jpg";

/// Checks the URLs that edits do not change.
fn assert_unedited(urls: &Urls) {
    assert_eq!(urls.original_url, format!("{BASE}fl_attachment/{FILE}"));
    assert_eq!(
        urls.thumbnails.original,
        format!("{PREFIXED}fl_attachment/dpr_auto,q_auto,f_auto/{FILE}")
    );
    assert_eq!(
        urls.thumbnails.full_no_sharinpix,
        format!("{PREFIXED}c_fit,h_1920,w_1920/fl_attachment/dpr_auto,q_auto,f_auto/{FILE}")
    );
    let proxy = "https://sharinpix-proxy-dev.herokuapp.com/super-image.png?s=***&url=localhost/images/14364f29-c30d-4bbb-992c-19e6031244f7/thumbnails/";
    assert_eq!(urls.external_urls.mini, format!("{proxy}mini-***.jpg"));
    assert_eq!(
        urls.external_urls.large,
        format!("{proxy}thumbnail-***.jpg")
    );
    assert_eq!(urls.external_urls.full, format!("{proxy}full-***.jpg"));
}

/// Checks the transformations of the URLs that edits change, in payload order.
fn assert_edited(urls: &Urls, steps: [&str; 5]) {
    let edited = [
        &urls.external_urls.fill100,
        &urls.external_urls.fit2000,
        &urls.thumbnails.full,
        &urls.thumbnails.large,
        &urls.thumbnails.mini,
    ];
    assert_eq!(
        edited,
        steps
            .map(|steps| format!("{PREFIXED}{steps}{FILE}"))
            .each_ref()
    );
}

#[test]
fn a_crop_precedes_all_steps() {
    let (image, asset) = edited(Some(Crop::new(3.0, 2.0, 10.0, 11.0).unwrap()), 0);
    let urls = signed(image, Some(&asset));
    assert_unedited(&urls);
    assert_edited(
        &urls,
        [
            "c_crop,h_11,w_10,x_3,y_2/c_fit,w_300/",
            "c_crop,h_11,w_10,x_3,y_2/c_fit,h_2000,w_2000/",
            "c_crop,h_11,w_10,x_3,y_2/c_fit,h_1920,w_1920/fl_attachment/dpr_auto,q_auto,f_auto/",
            "c_crop,h_11,w_10,x_3,y_2/c_fit,h_1920,w_1920/c_fill,h_200,w_200/fl_attachment/dpr_auto,q_auto,f_auto/",
            "c_crop,h_11,w_10,x_3,y_2/c_fit,h_1920,w_1920/c_fill,h_100,w_100/fl_attachment/dpr_auto,q_auto,f_auto/",
        ],
    );
}

#[test]
fn a_rotation_follows_the_fit_of_thumbnails() {
    let (image, asset) = edited(None, 90);
    let urls = signed(image, Some(&asset));
    assert_unedited(&urls);
    assert_edited(
        &urls,
        [
            "a_90/c_fit,w_300/",
            "a_90/c_fit,h_2000,w_2000/",
            "c_fit,h_1920,w_1920/a_90/fl_attachment/dpr_auto,q_auto,f_auto/",
            "c_fit,h_1920,w_1920/a_90/c_fill,h_200,w_200/fl_attachment/dpr_auto,q_auto,f_auto/",
            "c_fit,h_1920,w_1920/a_90/c_fill,h_100,w_100/fl_attachment/dpr_auto,q_auto,f_auto/",
        ],
    );
}

#[test]
fn a_crop_precedes_a_rotation() {
    let (image, asset) = edited(Some(Crop::new(0.5, 0.0, 10.25, 11.0).unwrap()), -90);
    let urls = signed(image, Some(&asset));
    assert_unedited(&urls);
    assert_edited(
        &urls,
        [
            "c_crop,h_11,w_10.25,x_0.5,y_0/a_-90/c_fit,w_300/",
            "c_crop,h_11,w_10.25,x_0.5,y_0/a_-90/c_fit,h_2000,w_2000/",
            "c_crop,h_11,w_10.25,x_0.5,y_0/c_fit,h_1920,w_1920/a_-90/fl_attachment/dpr_auto,q_auto,f_auto/",
            "c_crop,h_11,w_10.25,x_0.5,y_0/c_fit,h_1920,w_1920/a_-90/c_fill,h_200,w_200/fl_attachment/dpr_auto,q_auto,f_auto/",
            "c_crop,h_11,w_10.25,x_0.5,y_0/c_fit,h_1920,w_1920/a_-90/c_fill,h_100,w_100/fl_attachment/dpr_auto,q_auto,f_auto/",
        ],
    );
}

#[test]
fn a_pending_image_shows_the_placeholder() {
    let (image, _) = edited(None, 0);
    let urls = signed(image, None);
    let proxy = "https://sharinpix-proxy-dev.herokuapp.com/super-image.png?s=***&url=localhost/images/14364f29-c30d-4bbb-992c-19e6031244f7/thumbnails/";
    assert_eq!(urls.original_url, format!("{proxy}original-***.jpg"));
    assert_eq!(urls.external_urls.mini, format!("{proxy}mini-***.jpg"));
    let [fill100, fit2000, original, full, large, mini] = [
        "c_fit,w_300/raw_placeholder.jpg",
        "c_fit,h_2000,w_2000/raw_placeholder.jpg",
        "fl_attachment/dpr_auto,q_auto,f_auto/raw_placeholder.jpg",
        "c_fit,h_1920,w_1920/fl_attachment/dpr_auto,q_auto,f_auto/raw_placeholder.jpg",
        "c_fit,h_1920,w_1920/c_fill,h_200,w_200/fl_attachment/dpr_auto,q_auto,f_auto/raw_placeholder.jpg",
        "c_fit,h_1920,w_1920/c_fill,h_100,w_100/fl_attachment/dpr_auto,q_auto,f_auto/raw_placeholder.jpg",
    ]
    .map(|path| format!("{BASE}{path}"));
    assert_eq!(urls.external_urls.fill100, fill100);
    assert_eq!(urls.external_urls.fit2000, fit2000);
    assert_eq!(urls.thumbnails.original, original);
    assert_eq!(urls.thumbnails.full_no_sharinpix, full);
    assert_eq!(urls.thumbnails.full, full);
    assert_eq!(urls.thumbnails.large, large);
    assert_eq!(urls.thumbnails.mini, mini);
}

#[derive(Deserialize)]
struct Case {
    crop: Option<[f64; 4]>,
    rotation: i32,
    asset: Option<(Option<u64>, String, String)>,
    form: String,
    prefix: String,
    urls: BTreeMap<String, String>,
}

#[test]
fn every_url_equals_the_python_vectors() {
    let jsonl = include_str!("data/signed_urls.jsonl");
    assert_eq!(jsonl.lines().count(), 288);
    for line in jsonl.lines() {
        let case: Case = serde_json::from_str(line).unwrap();
        let cloud = reference_cloud();
        let cloud = match case.form.as_str() {
            "sha1" => cloud,
            "sha256" => cloud.with_signature_algorithm(SignatureAlgorithm::Sha256),
            _ => cloud.with_long_signatures(),
        };
        let signer = ImageSigner::new(
            cloud,
            ProxySigner::new(
                Authority::new("proxy.example.org").unwrap(),
                Authority::new("app.example.org:3000").unwrap(),
                secret("proxy key"),
            ),
            ThumbnailSigner::new(secret("thumbnail key")),
        )
        .with_prefix(UrlPrefix::new(&case.prefix).unwrap());
        let asset = case.asset.as_ref().map(|(version, public_id, extension)| {
            let asset = Asset::authenticated(public_id)
                .unwrap()
                .with_extension(extension)
                .unwrap();
            version.map_or(asset.clone(), |version| asset.with_version(version))
        });
        let (mut image, _) = edited(None, case.rotation);
        if let Some(crop) = case.crop {
            // Deserialized, because one crop has no width, which `Crop::new` rejects.
            let pixels = |pixels: f64| serde_json::from_value(pixels.into()).unwrap();
            [image.crop_x, image.crop_y, image.crop_w, image.crop_h] = crop.map(pixels);
        }
        let stored = StoredImage::parse(StoredImage::new(&image).into_string()).unwrap();
        let urls = texts(&signer.sign(image, asset.as_ref()));
        for style in [WireStyle::Rails, WireStyle::Plain] {
            let mut encoder = PayloadEncoder::new(style);
            encoder.push_stored(&signer, &stored, asset.as_ref());
            let payload = image_model::from_slice::<String>(&encoder.finish()).unwrap();
            assert_eq!(texts(&payload[0]), urls);
        }
        let mut count = 0;
        let keyed = Urls::paths();
        for (key, url) in [
            (keyed.original_url, &urls.original_url),
            (keyed.external_urls.fill100, &urls.external_urls.fill100),
            (keyed.external_urls.fit2000, &urls.external_urls.fit2000),
            (keyed.external_urls.mini, &urls.external_urls.mini),
            (keyed.external_urls.large, &urls.external_urls.large),
            (keyed.external_urls.full, &urls.external_urls.full),
            (keyed.thumbnails.original, &urls.thumbnails.original),
            (
                keyed.thumbnails.full_no_sharinpix,
                &urls.thumbnails.full_no_sharinpix,
            ),
            (keyed.thumbnails.full, &urls.thumbnails.full),
            (keyed.thumbnails.large, &urls.thumbnails.large),
            (keyed.thumbnails.mini, &urls.thumbnails.mini),
        ] {
            assert_eq!(*url, case.urls[key], "{key} of {line}");
            count += 1;
        }
        assert_eq!(count, case.urls.len());
    }
}

#[test]
fn proxy_urls_have_a_default_name_and_format() {
    for (filename, format, expected) in [
        (None, None, "/image.jpg?"),
        (Some("日本語"), Some("png"), "/image.png?"),
        (Some("Ä/b?c&d"), Some(""), "/a-b-c-d.jpg?"),
        (Some("a"), Some("p&g?/#\n"), "/a.p%26g%3F%2F%23%0A?"),
    ] {
        let (image, asset) = edited(None, 0);
        let image = Image {
            filename: filename.map(str::to_owned),
            format: format.map(str::to_owned),
            ..image
        };
        let urls = signed(image, Some(&asset));
        assert!(
            urls.external_urls.mini.contains(expected),
            "{}",
            urls.external_urls.mini
        );
    }
}

#[test]
fn renditions_and_placeholder_can_be_replaced() {
    let mut renditions = reference_renditions();
    renditions.external_urls.mini = renditions.external_urls.fill100.clone();
    renditions.thumbnails.mini = Rendition::Proxy(ThumbnailName::Mini);
    if let Rendition::Delivery(delivery) = &mut renditions.original_url {
        delivery.prefixed = true;
        delivery.pending_thumbnail = None;
    }
    let placeholder = Asset::new("wait").unwrap().with_extension("png").unwrap();
    let signer = reference_signer()
        .with_renditions(renditions)
        .with_placeholder(placeholder);
    let (image, asset) = edited(None, 0);

    let urls = texts(&signer.sign(image.clone(), &asset));
    assert_eq!(urls.external_urls.mini, urls.external_urls.fill100);
    assert!(
        urls.thumbnails
            .mini
            .starts_with("https://sharinpix-proxy-dev")
    );
    assert!(urls.original_url.starts_with("/assets/blank.jpg#https://"));
    let urls = texts(&signer.sign(image, None));
    let expected =
        "https://res.cloudinary.com/sadaasdasd/image/upload/s--***--/fl_attachment/wait.png";
    assert_eq!(masked(&urls.original_url), expected);
}
