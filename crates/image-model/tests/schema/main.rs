//! The JSON Schemas, checked by a validator that shares no code with `schemars`.

#![cfg(feature = "schemars")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod generated;

use image_model::schemars::JsonSchema;
use image_model::schemars::generate::SchemaSettings;
use image_model::{BorrowedUrl, Count, Image, Location, Pixels, Unsigned, from_str};
use jsonschema::Validator;
use serde_json::{Value, json};

const RECORDED: &str = include_str!("../data/response_body.wire.json");

fn written<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let schema = settings.into_generator().into_root_schema_for::<T>();
    schema.to_value()
}

fn read<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().for_deserialize();
    let schema = settings.into_generator().into_root_schema_for::<T>();
    schema.to_value()
}

/// A validator that also checks `format`.
fn validator(schema: &Value) -> Validator {
    assert!(jsonschema::meta::is_valid(schema));
    let options = jsonschema::options().should_validate_formats(true);
    options.build(schema).unwrap()
}

fn recorded() -> Value {
    serde_json::from_str(RECORDED).unwrap()
}

/// Returns the recorded payload with another value in its third image. `None`
/// removes the key.
fn payload_with(pointer: &str, value: Option<&Value>) -> Value {
    let mut payload = recorded();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = payload[2].pointer_mut(parent).unwrap();
    match (parent, value) {
        (Value::Object(object), Some(value)) => {
            object.insert(key.to_owned(), value.clone());
        }
        (Value::Object(object), None) => {
            object.shift_remove(key).unwrap();
        }
        (Value::Array(list), Some(value)) => list[key.parse::<usize>().unwrap()] = value.clone(),
        other => panic!("{other:?}"),
    }
    payload
}

#[test]
fn the_recorded_payload_is_valid() {
    for schema in [
        written::<Vec<Image>>(),
        read::<Vec<Image>>(),
        read::<Vec<Image<Unsigned>>>(),
    ] {
        let validator = validator(&schema);
        if let Err(error) = validator.validate(&recorded()) {
            panic!("{error} at {}", error.instance_path());
        }
    }
}

#[test]
fn all_keys_are_written_in_recorded_order() {
    let image = written::<Image>();
    let keys: Vec<_> = recorded()[0]
        .as_object()
        .unwrap()
        .keys()
        .map(|key| json!(key))
        .collect();
    assert_eq!(keys.len(), 37);
    assert_eq!(image["required"], json!(keys));
    let properties = image["properties"].as_object().unwrap();
    assert_eq!(
        properties.keys().map(|key| json!(key)).collect::<Vec<_>>(),
        keys
    );
}

#[test]
fn types_and_keys_are_described() {
    for schema in [written::<Vec<Image>>(), read::<Vec<Image>>()] {
        let definitions = schema["$defs"].as_object().unwrap();
        let names: Vec<_> = definitions.keys().map(String::as_str).collect();
        for name in [
            "Count",
            "ExternalUrls",
            "Gps",
            "Image",
            "Infos",
            "Location",
            "Pixels",
            "Rotation",
            "Thumbnails",
            "Timestamp",
        ] {
            assert!(names.contains(&name), "{name}");
        }
        assert_eq!(names.len(), 10, "{names:?}");
        for (name, definition) in definitions {
            assert_eq!(definition["title"], json!(name));
            let properties = definition["properties"].as_object().into_iter().flatten();
            let keys = properties.map(|(key, schema)| (key.as_str(), schema));
            for (key, schema) in keys.chain([("", definition)]) {
                let description = schema["description"].as_str().unwrap_or_default();
                assert!(description.ends_with('.'), "{name} {key}: {description}");
                // Rust and its links mean nothing to users of other languages.
                assert!(!description.contains("None"), "{description}");
                assert!(!description.contains("]("), "{description}");
            }
        }
        let width = &schema["$defs"]["Image"]["properties"]["width"];
        assert_eq!(
            width,
            &json!({
                "type": ["integer", "null"],
                "format": "uint32",
                "minimum": 0,
                "maximum": u32::MAX,
                "description":
                    "Width of the image in pixels, after the crop; `null` if not known yet.",
            })
        );
    }
}

#[test]
fn formats_name_ids_times_and_urls() {
    let schema = written::<Vec<Image>>();
    let format = |pointer: &str| schema["$defs"].pointer(pointer).unwrap()["format"].clone();
    assert_eq!(format("/Image/properties/id"), "uuid");
    assert_eq!(format("/Image/properties/group_id"), "uuid");
    assert_eq!(format("/Timestamp"), "date-time");
    assert_eq!(format("/Infos/properties/created_at"), "date-time");
    assert_eq!(format("/Image/properties/original_url"), "uri");
    assert_eq!(format("/ExternalUrls/properties/mini"), "uri");
    // The prefix of a host makes it relative.
    assert_eq!(format("/ExternalUrls/properties/fill100"), "uri-reference");
    assert_eq!(format("/Thumbnails/properties/mini"), "uri-reference");
}

/// Values that no host may send, and that decoding rejects.
#[test]
fn invalid_values_are_rejected() {
    let written = validator(&written::<Vec<Image>>());
    let read = validator(&read::<Vec<Image>>());
    let cases = [
        ("/id", json!(5)),
        ("/id", json!("14364f29")),
        ("/id", Value::Null),
        ("/public_id", json!(["a"])),
        ("/infos", json!([])),
        ("/infos/bytes", json!(-1)),
        ("/infos/bytes", json!(1.5)),
        ("/infos/bytes", json!("+5")),
        ("/infos/bytes", json!("")),
        ("/infos/bytes", json!("99999999999999999999")),
        ("/infos/bytes", json!("000000000000000000001")),
        ("/infos/created_at", json!("now")),
        ("/infos/etag", json!(5)),
        ("/infos/tags", json!("a")),
        ("/infos/tags", json!(["a", 5])),
        ("/infos/location", json!([48.0, 2.0])),
        ("/infos/location", json!({"latitude": "north"})),
        ("/infos/location", json!({"accuracy": []})),
        ("/exifs", json!([])),
        ("/metadatas", json!("a")),
        ("/gps", json!([91, 0])),
        ("/gps", json!([0, -180.1])),
        ("/gps", json!([0])),
        ("/gps", json!([0, 0, 0])),
        ("/gps", json!(["48", "2"])),
        ("/gps", json!({"latitude": 0, "longitude": 0})),
        ("/created_at", Value::Null),
        ("/created_at", json!(1_554_745_136)),
        ("/created_at", json!("2019-04-08")),
        ("/created_at", json!("2019-02-30T00:00:00.000+00:00")),
        ("/taken_at", json!("today")),
        ("/width", json!(-1)),
        ("/width", json!(4_294_967_296_u64)),
        ("/width", json!("48")),
        ("/width", json!(1.5)),
        ("/page", json!("1")),
        ("/rotation", json!(90.5)),
        ("/rotation", json!("90")),
        ("/rotation", json!(2_147_483_648_u64)),
        ("/rotation", Value::Null),
        ("/crop_x", json!("0.0")),
        ("/crop_x", Value::Null),
        ("/original_url", Value::Null),
        ("/original_url", json!(5)),
        ("/external_urls", Value::Null),
        ("/external_urls", json!({})),
        ("/external_urls/mini", json!(false)),
        ("/thumbnails", json!([])),
        ("/thumbnails/full", Value::Null),
        ("/filename", json!(5)),
        ("/group_id", json!("")),
        ("/group_id", json!("14364f29-c30d-4bbb-992c-19e6031244fg")),
        ("/color", json!(16_711_680)),
        ("/size", json!("big")),
        ("/size", json!(-1)),
        ("/processed", json!(1)),
        ("/processed", json!("true")),
        ("/processed", Value::Null),
        ("/tag_names", json!("a,b")),
        ("/tag_names", json!([Value::Null])),
    ];
    for (pointer, value) in &cases {
        let payload = payload_with(pointer, Some(value));
        let decoded = from_str::<String>(&payload.to_string());
        assert!(decoded.is_err(), "{pointer} {value}");
        assert!(!written.is_valid(&payload), "{pointer} {value}");
        assert!(!read.is_valid(&payload), "{pointer} {value}");
    }
    for payload in [
        Value::Null,
        json!({}),
        json!("[]"),
        json!([5]),
        json!([Value::Null]),
        json!([[]]),
        json!([{}]),
        recorded()[0].clone(),
        json!([recorded()]),
    ] {
        assert!(from_str::<String>(&payload.to_string()).is_err());
        assert!(!written.is_valid(&payload), "{payload}");
        assert!(!read.is_valid(&payload), "{payload}");
    }
}

/// For each key: missing, `null`, and unusual values. The schema of decoded JSON
/// accepts what decoding accepts; the schema of encoded JSON requires all keys.
#[test]
fn the_read_schema_is_as_lenient_as_decoding() {
    let written = validator(&written::<Vec<Image>>());
    let read = validator(&read::<Vec<Image>>());
    let unsigned = validator(&self::read::<Vec<Image<Unsigned>>>());
    let first = recorded()[0].clone();
    let keys = first.as_object().unwrap().keys();
    let groups = [("external_urls", "mini"), ("thumbnails", "original")];
    let pointers = keys
        .map(|key| format!("/{key}"))
        .chain(groups.map(|(group, key)| format!("/{group}/{key}")));
    let (mut missing, mut lenient) = (0, 0);
    for pointer in pointers {
        let values = [
            None,
            Some(Value::Null),
            Some(json!({})),
            Some(json!([])),
            Some(json!("")),
            Some(json!("5")),
            Some(json!(5)),
            Some(json!(-5)),
            Some(json!(-0.5)),
            Some(json!(true)),
        ];
        for value in &values {
            let payload = payload_with(&pointer, value.as_ref());
            let json = payload.to_string();
            let decoded = from_str::<String>(&json).is_ok();
            // An empty URL is a text, but no absolute URL.
            let no_url = value.as_ref().is_some_and(Value::is_string)
                && (pointer == "/original_url" || pointer == "/external_urls/mini");
            if !no_url {
                assert_eq!(read.is_valid(&payload), decoded, "{pointer} {value:?}");
            }
            assert_eq!(
                unsigned.is_valid(&payload),
                from_str::<Unsigned>(&json).is_ok(),
                "{pointer} {value:?}"
            );
            if value.is_none() {
                assert!(!written.is_valid(&payload), "{pointer} {value:?}");
                missing += usize::from(decoded);
            } else if decoded && !written.is_valid(&payload) {
                lenient += usize::from(!no_url);
            }
        }
    }
    // 20 optional keys and `tag_names`.
    assert_eq!(missing, 21);
    // `infos`, `exifs`, `metadatas` and `tag_names` may be `null`.
    assert_eq!(lenient, 4);
}

#[test]
fn single_values_have_schemas() {
    let size = validator(&read::<Count>());
    for json in [
        json!(3604),
        json!(u64::MAX),
        json!("10668"),
        json!("18446744073709551615"),
    ] {
        assert!(size.is_valid(&json), "{json}");
    }
    let pixels = validator(&read::<Pixels>());
    assert!(pixels.is_valid(&json!(-0.5)) && !pixels.is_valid(&json!("1")));
    let number = validator(&read::<Location>());
    for text in ["48.5", "36", "-1e3", "+.5", "5.", "1E-7"] {
        assert!(number.is_valid(&json!({"latitude": text})), "{text}");
    }
    assert_eq!(read::<BorrowedUrl<'_>>()["type"], "string");
    assert_eq!(written::<Image<BorrowedUrl<'_>>>(), written::<Image>());
    // An image without URLs cannot be encoded.
    assert!(!validator(&written::<Image<Unsigned>>()).is_valid(&recorded()[0]));
}

/// The exceptions that the documentation lists: decoding rejects the first values,
/// which the schema accepts, and accepts the others, which have another format.
#[test]
fn the_documented_exceptions_are_the_only_ones() {
    let schema = read::<Vec<Image>>();
    let annotated = jsonschema::options()
        .should_validate_formats(false)
        .build(&schema)
        .unwrap();
    for (pointer, value) in [
        ("/width", json!(48.0)),
        ("/rotation", json!(90.0)),
        ("/size", json!("18446744073709551616")),
        ("/infos/location", json!({"latitude": "1e999"})),
    ] {
        let payload = payload_with(pointer, Some(&value));
        assert!(from_str::<String>(&payload.to_string()).is_err());
        assert!(annotated.is_valid(&payload), "{pointer}");
    }
    for (pointer, value) in [
        ("/id", json!("14364f29c30d4bbb992c19e6031244f7")),
        ("/id", json!("{14364f29-c30d-4bbb-992c-19e6031244f7}")),
        (
            "/id",
            json!("urn:uuid:14364f29-c30d-4bbb-992c-19e6031244f7"),
        ),
        ("/created_at", json!("2019-04-08 19:38:56Z")),
        ("/original_url", json!("")),
        ("/original_url", json!("a b")),
    ] {
        let payload = payload_with(pointer, Some(&value));
        assert!(
            from_str::<String>(&payload.to_string()).is_ok(),
            "{pointer}"
        );
        assert!(annotated.is_valid(&payload), "{pointer}");
        assert!(!validator(&schema).is_valid(&payload), "{pointer}");
    }
}
