//! Payloads that are accepted, and the errors about payloads that are rejected.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests"
)]

use std::error::Error;

use image_model::{Crop, DecodeError, Image, Pixels, Unsigned, Urls, from_slice, from_str};
use serde_json::{Value, json};

const RECORDED: &str = include_str!("data/response_body.wire.json");

fn recorded() -> Vec<Value> {
    serde_json::from_str(RECORDED).unwrap()
}

/// Reads the recorded payload after replacing a value of its third image.
fn read_with(pointer: &str, value: Value) -> Result<Vec<Image>, DecodeError> {
    let mut images = recorded();
    *images[2].pointer_mut(pointer).unwrap() = value;
    from_str(&Value::Array(images).to_string())
}

/// Returns the printed chain of an error: its own text and its cause.
fn chain(error: &DecodeError) -> String {
    let source = error.source().unwrap();
    assert!(source.source().is_none());
    format!("{error}: {source}")
}

/// Returns path and cause of the error of `read_with`, without line and column.
fn rejection(pointer: &str, value: Value) -> String {
    let chain = chain(&read_with(pointer, value).unwrap_err());
    let text = chain.strip_prefix("failed to decode ").unwrap();
    text.split(" at line ").next().unwrap().to_owned()
}

/// Reads the recorded payload after removing a key of its first image.
fn read_without(key: &str) -> Result<Vec<Image>, DecodeError> {
    let mut images = recorded();
    images[0]
        .as_object_mut()
        .unwrap()
        .shift_remove(key)
        .unwrap();
    from_str(&Value::Array(images).to_string())
}

#[test]
fn the_recorded_payload_round_trips() {
    let images = from_str::<String>(RECORDED).unwrap();
    // The recorded host escapes `&`, which `serde_json` does not.
    let written = serde_json::to_string(&images)
        .unwrap()
        .replace('&', "\\u0026");
    assert_eq!(written.len(), 11775);
    assert_eq!(written, RECORDED);
}

#[test]
fn all_37_keys_are_written_in_recorded_order() {
    let recorded = "id public_id infos exifs gps gps_ip gps_exifs gps_html created_at \
        updated_at taken_at width height rotation crop_x crop_y crop_w crop_h metadatas \
        original_url original_width original_height external_urls filename format title \
        description page group_id color size processed processing_error album_id tag_names \
        user_sfid thumbnails";
    let image = &from_str::<String>(RECORDED).unwrap()[0];
    let written: Value = serde_json::to_value(image).unwrap();
    let keys: Vec<_> = written
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(keys.len(), 37);
    assert_eq!(keys, recorded.split_whitespace().collect::<Vec<_>>());
}

#[test]
fn missing_optional_keys_are_written() {
    for key in [
        "gps",
        "gps_ip",
        "gps_exifs",
        "gps_html",
        "taken_at",
        "width",
        "height",
        "original_width",
        "original_height",
        "filename",
        "format",
        "title",
        "description",
        "page",
        "group_id",
        "color",
        "size",
        "processing_error",
        "album_id",
        "user_sfid",
    ] {
        let image = serde_json::to_value(&read_without(key).unwrap()[0]).unwrap();
        assert_eq!(image[key], Value::Null, "{key}");
        assert!(image.as_object().unwrap().contains_key(key), "{key}");
    }
    assert!(read_without("tag_names").unwrap()[0].tag_names.is_empty());
}

#[test]
fn missing_required_keys_are_rejected() {
    for key in [
        "id",
        "public_id",
        "infos",
        "exifs",
        "created_at",
        "updated_at",
        "rotation",
        "crop_x",
        "crop_y",
        "crop_w",
        "crop_h",
        "metadatas",
        "original_url",
        "processed",
        "external_urls",
        "thumbnails",
    ] {
        let error = read_without(key).unwrap_err();
        assert_eq!(error.path(), "images[0]");
        let text = format!("failed to decode images[0]: missing field `{key}` at line 1");
        assert!(chain(&error).starts_with(&text), "{error}");
    }
}

#[test]
fn null_objects_and_lists_are_read_as_empty() {
    for key in ["infos", "exifs", "metadatas"] {
        let images = read_with(&format!("/{key}"), Value::Null).unwrap();
        assert_eq!(serde_json::to_value(&images[2]).unwrap()[key], json!({}));
    }
    assert!(
        read_with("/tag_names", Value::Null).unwrap()[2]
            .tag_names
            .is_empty()
    );
}

#[test]
fn only_open_objects_keep_unknown_keys() {
    let mut images = recorded();
    images[0]["brand_new"] = json!({"a": [1, 2]});
    let open = json!({"z": 1, "a": {"c": 1e300, "b": null}, "bytes": "10668", "m": [0.1, -0.0]});
    for key in ["infos", "exifs", "metadatas"] {
        images[0][key] = open.clone();
    }
    let images: Vec<Image> = from_str(&Value::Array(images).to_string()).unwrap();
    let written = serde_json::to_value(&images[0]).unwrap();
    assert_eq!(written.get("brand_new"), None);
    for key in ["infos", "exifs", "metadatas"] {
        assert_eq!(written[key].to_string(), open.to_string());
    }
    assert_eq!(images[0].infos.bytes(), Some(10668));
}

#[test]
fn unusual_values_are_kept_unchanged() {
    for (key, value) in [
        ("color", json!("#")),
        ("color", json!("#abcDEF")),
        ("size", json!("10668")),
        ("size", json!("010668")),
        ("size", Value::Null),
        ("rotation", json!(-450)),
        ("crop_x", json!(-0.5)),
        ("gps", json!([48.861_934_399_999_996, 0.1])),
    ] {
        let images = read_with(&format!("/{key}"), value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&images[2]).unwrap()[key], value);
    }
}

#[test]
fn a_crop_has_the_four_values_of_its_image() {
    let recorded = &from_str::<String>(RECORDED).unwrap()[0];
    assert_eq!(recorded.crop(), Crop::FULL);
    for key in ["crop_x", "crop_y", "crop_w", "crop_h"] {
        let image = &read_with(&format!("/{key}"), json!(1.5)).unwrap()[2];
        let crop = image.crop();
        assert!(!crop.is_full());
        let parts = [
            ("crop_x", crop.x, image.crop_x),
            ("crop_y", crop.y, image.crop_y),
            ("crop_w", crop.w, image.crop_w),
            ("crop_h", crop.h, image.crop_h),
        ];
        for (part, pixels, own) in parts {
            assert_eq!(pixels != Pixels::ZERO, part == key);
            assert_eq!(pixels, own);
        }
        let mut copy = recorded.clone();
        copy.set_crop(crop);
        assert_eq!(copy.crop(), crop);
        copy.set_crop(Crop::FULL);
        assert_eq!(&copy, recorded);
    }
}

#[test]
fn urls_belong_to_their_keys() {
    let image = from_str::<String>(RECORDED).unwrap().remove(0);
    let written = serde_json::to_value(&image).unwrap();
    let keys = Urls::paths();
    let paths = keys.map(|key| format!("/{}", key.replace('.', "/")));
    let by_key = paths.map(|path| written.pointer(&path).unwrap().as_str().unwrap().to_owned());
    assert_eq!(image.urls().map(Clone::clone), by_key);
    assert_eq!(image.clone().with_urls(by_key), image);
    assert_ne!(image.clone().with_urls(Urls::default()), image);
    assert_eq!(image.clone().map_urls(|url| url), image);
}

#[test]
fn errors_name_image_and_key() {
    let cases = [
        (
            "/gps/0",
            json!(91),
            "images[2].gps[0]: latitude 91 is not within -90 to 90 degrees",
        ),
        (
            "/gps/1",
            json!(-180.1),
            "images[2].gps[1]: longitude -180.1 is not within -180 to 180 degrees",
        ),
        (
            "/gps/0",
            json!("48"),
            "images[2].gps[0]: invalid type: string \"48\", expected f64",
        ),
        (
            "/gps",
            json!([1]),
            "images[2].gps: invalid length 1, expected a pair of latitude and longitude in degrees",
        ),
        (
            "/id",
            json!("14364f29"),
            "images[2].id: UUID parsing failed: invalid length: found 8",
        ),
        (
            "/width",
            json!("48"),
            "images[2].width: invalid type: string \"48\", expected u32",
        ),
        (
            "/width",
            json!(-1),
            "images[2].width: invalid value: integer `-1`, expected u32",
        ),
        (
            "/crop_w",
            json!("10"),
            "images[2].crop_w: invalid type: string \"10\", expected f64",
        ),
        (
            "/rotation",
            json!(90.5),
            "images[2].rotation: invalid type: floating point `90.5`, expected i32",
        ),
        (
            "/size",
            json!("big"),
            "images[2].size: invalid value: string \"big\", expected a non-negative integer, or a string of at most 20 digits",
        ),
        (
            "/processed",
            json!("no"),
            "images[2].processed: invalid type: string \"no\", expected a boolean",
        ),
        (
            "/updated_at",
            json!("today"),
            "images[2].updated_at: invalid value: string \"today\", expected an RFC 3339 date and time",
        ),
        (
            "/tag_names/0",
            json!(1),
            "images[2].tag_names[0]: invalid type: integer `1`, expected a string",
        ),
        (
            "/infos/bytes",
            json!(1.5),
            "images[2].infos.bytes: invalid type: floating point `1.5`, expected a non-negative integer, or a string of at most 20 digits",
        ),
        (
            "/infos/location/latitude",
            json!([]),
            "images[2].infos.location.latitude: invalid value: sequence, expected a number, or a string of one",
        ),
        (
            "/exifs",
            json!([]),
            "images[2].exifs: invalid type: sequence, expected a map",
        ),
        (
            "/external_urls/fill100",
            json!(5),
            "images[2].external_urls.fill100: invalid type: integer `5`, expected a string",
        ),
        (
            "/thumbnails",
            json!({"mini": "x"}),
            "images[2].thumbnails: missing field `original`",
        ),
        (
            "/thumbnails",
            Value::Null,
            "images[2].thumbnails: missing field `thumbnails`",
        ),
    ];
    for (pointer, value, text) in cases {
        assert_eq!(rejection(pointer, value), text);
    }
}

#[test]
fn only_lists_of_objects_are_accepted() {
    let cases = [
        ("", "images: EOF while parsing a value at line 1 column 0"),
        (
            "null",
            "images: invalid type: null, expected a sequence at line 1 column 4",
        ),
        (
            "{}",
            "images: invalid type: map, expected a sequence at line 1 column 0",
        ),
        ("[] []", "images: trailing characters at line 1 column 4"),
        (
            "[5]",
            "images[0]: invalid type: integer `5`, expected an image object at line 1 column 2",
        ),
        (
            "[[5]]",
            "images[0]: invalid type: sequence, expected an image object at line 1 column 1",
        ),
        (
            "[{\"gps\":[NaN,0]}]",
            "images[0].gps[0]: expected value at line 1 column 10",
        ),
        (
            "[{\"crop_x\":1e999}]",
            "images[0].crop_x: number out of range at line 1 column 16",
        ),
    ];
    for (json, text) in cases {
        let error = from_str::<String>(json).unwrap_err();
        assert_eq!(chain(&error), format!("failed to decode {text}"));
    }
}

#[test]
fn truncated_json_is_rejected() {
    for end in 0..RECORDED.len() {
        let error = from_str::<String>(&RECORDED[..end]).unwrap_err();
        assert!(error.path().starts_with("images"), "{error}");
    }
    assert_eq!(
        chain(&from_str::<String>(&RECORDED[..500]).unwrap_err()),
        "failed to decode images[0]: EOF while parsing an object at line 1 column 500"
    );
}

#[test]
fn invalid_utf_8_is_rejected() {
    let mut json = RECORDED.as_bytes().to_vec();
    let at = RECORDED.find("Super Image").unwrap();
    json[at] = 0xff;
    let error = from_slice::<String>(&json).unwrap_err();
    assert_eq!(error.path(), "images[0].infos.original_filename");
}

#[test]
fn unsigned_urls_are_read_from_any_value() {
    assert_eq!(from_str::<Unsigned>(RECORDED).unwrap().len(), 4);

    let mut images = recorded();
    let image = images[0].as_object_mut().unwrap();
    image["original_url"] = json!({"a": 1});
    image["external_urls"] = Value::Null;
    image["thumbnails"]["mini"] = json!(5);
    image["thumbnails"]
        .as_object_mut()
        .unwrap()
        .shift_remove("full");
    let image = images[1].as_object_mut().unwrap();
    for key in ["original_url", "external_urls", "thumbnails"] {
        image.shift_remove(key).unwrap();
    }
    let json = Value::Array(images).to_string();
    assert_eq!(from_str::<Unsigned>(&json).unwrap().len(), 4);
}

#[test]
fn images_can_be_flattened_into_a_struct() {
    #[derive(serde::Deserialize)]
    struct Row {
        account: u32,
        #[serde(flatten)]
        image: Image<Unsigned>,
    }

    let mut row = recorded().remove(0);
    row["account"] = json!(7);
    row["external_urls"] = Value::Null;
    row["infos"]["location"] = Value::Null;
    let row: Row = serde_json::from_str(&row.to_string()).unwrap();
    assert_eq!(row.account, 7);
    assert_eq!(row.image.filename.as_deref(), Some("Super Image"));
    assert_eq!(row.image.infos.location(), None);
    assert_eq!(row.image.infos.get("location"), Some(&Value::Null));
}

#[test]
fn the_source_is_the_error_of_serde_json() {
    let error = from_str::<String>("[5]").unwrap_err();
    let source = error.source().unwrap();
    assert!(
        source
            .downcast_ref::<serde_json::Error>()
            .unwrap()
            .is_data()
    );
}
