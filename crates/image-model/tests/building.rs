//! Images that a host creates, and the traits of the public types.

#![allow(clippy::unwrap_used, reason = "tests")]

use image_model::uuid::Uuid;
use image_model::{
    BorrowedUrl, Count, Crop, DecodeError, ExternalUrls, Gps, Image, Infos, Location, Object,
    Pixels, Rotation, Thumbnails, Timestamp, Unsigned, Urls, ValueError,
};
use serde_json::{Value, json};

const ID: &str = "14364f29-c30d-4bbb-992c-19e6031244f7";

fn new_image() -> Image<Unsigned> {
    let created_at = "2019-04-08T19:38:56.021+02:00".parse().unwrap();
    Image::new(ID.parse().unwrap(), created_at)
}

#[test]
fn a_new_image_has_only_required_values() {
    let mut number = 0;
    let image = new_image().map_urls(|Unsigned| {
        number += 1;
        number
    });
    let expected = r#"{
        "id":"14364f29-c30d-4bbb-992c-19e6031244f7",
        "public_id":"14364f29-c30d-4bbb-992c-19e6031244f7",
        "infos":{},"exifs":{},
        "gps":null,"gps_ip":null,"gps_exifs":null,"gps_html":null,
        "created_at":"2019-04-08T19:38:56.021+02:00",
        "updated_at":"2019-04-08T19:38:56.021+02:00",
        "taken_at":null,
        "width":null,"height":null,"rotation":0,
        "crop_x":0.0,"crop_y":0.0,"crop_w":0.0,"crop_h":0.0,
        "metadatas":{},
        "original_url":1,"original_width":null,"original_height":null,
        "external_urls":{"fill100":2,"fit2000":3,"mini":4,"large":5,"full":6},
        "filename":null,"format":null,"title":null,"description":null,
        "page":null,"group_id":null,"color":null,"size":null,
        "processed":false,"processing_error":null,
        "album_id":null,"tag_names":[],"user_sfid":null,
        "thumbnails":{"original":7,"full_no_sharinpix":8,"full":9,"large":10,"mini":11}
    }"#;
    assert_eq!(
        serde_json::to_string(&image).unwrap(),
        expected.replace([' ', '\n'], "")
    );
}

#[test]
fn fields_can_be_set_by_update_syntax() {
    let group_id = Uuid::from_u128(7);
    let mut image = Image {
        title: Some("Beach".to_owned()),
        size: Some(Count::from(3604)),
        group_id: Some(group_id),
        ..new_image()
    };
    image.set_crop(Crop::new(3.0, 2.5, 10.0, 11.0).unwrap());
    let image = serde_json::to_value(image.map_urls(|Unsigned| "")).unwrap();
    let values = [
        "title", "size", "group_id", "crop_x", "crop_y", "crop_w", "crop_h",
    ]
    .map(|key| image.get(key).cloned().unwrap_or_default());
    let expected: [Value; 7] = [
        json!("Beach"),
        json!(3604),
        json!(group_id.to_string()),
        json!(3.0),
        json!(2.5),
        json!(10.0),
        json!(11.0),
    ];
    assert_eq!(values, expected);
}

#[test]
fn public_types_are_send_and_sync() {
    fn check<T: Send + Sync + Unpin + std::fmt::Debug>() {}

    check::<Image>();
    check::<Image<Unsigned>>();
    check::<Image<BorrowedUrl<'_>>>();
    check::<Urls>();
    check::<ExternalUrls>();
    check::<Thumbnails>();
    check::<Infos>();
    check::<Location>();
    check::<Object>();
    check::<Gps>();
    check::<Crop>();
    check::<Pixels>();
    check::<Rotation>();
    check::<Timestamp>();
    check::<Count>();
    check::<ValueError>();
    check::<DecodeError>();
}
