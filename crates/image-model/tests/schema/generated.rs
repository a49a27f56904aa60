//! Generated images.

use image_model::uuid::Uuid;
use image_model::{
    Count, Crop, Gps, Image, Infos, Location, Object, Rotation, Timestamp, Unsigned,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

use crate::{read, validator, written};

fn text() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(any::<String>())
}

fn timestamp() -> impl Strategy<Value = Timestamp> {
    (-62_167_219_200_000_i64..=253_402_300_799_999)
        .prop_map(|millis| Timestamp::from_unix_millis(millis).unwrap())
}

fn gps() -> impl Strategy<Value = Option<Gps>> {
    let gps = (-90.0..=90.0, -180.0..=180.0);
    proptest::option::of(gps.prop_map(|(north, east)| Gps::new(north, east).unwrap()))
}

fn count() -> impl Strategy<Value = Count> {
    let digits = any::<u64>().prop_map(|number| {
        let digits = format!("\"{number:05}\"");
        serde_json::from_str(&digits).unwrap()
    });
    prop_oneof![any::<u64>().prop_map(Count::from), digits]
}

fn object() -> impl Strategy<Value = Object> {
    let value = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    proptest::collection::vec((any::<String>(), value), 0..4)
        .prop_map(|entries| entries.into_iter().collect())
}

fn infos() -> impl Strategy<Value = Infos> {
    let location = (gps(), 0.0..1e9).prop_map(|(gps, accuracy)| {
        let location = Location::from(gps?);
        Some(location.with_accuracy(accuracy).unwrap())
    });
    (object(), count(), text(), timestamp(), location).prop_map(
        |(unknown, bytes, etag, created_at, location)| {
            let unknown = unknown
                .into_iter()
                .map(|(key, value)| (format!("x-{key}"), value))
                .collect::<Object>();
            let bytes = serde_json::to_value(bytes).unwrap();
            let infos = Infos::try_from(unknown).unwrap();
            let infos = infos.with_value("bytes", bytes).unwrap();
            let infos = infos.with_value("etag", etag).unwrap();
            let infos = infos.with_created_at(created_at).with_tags(["a"]);
            match location {
                Some(location) => infos.with_location(location),
                None => infos.with_value("location", Value::Null).unwrap(),
            }
        },
    )
}

fn image() -> impl Strategy<Value = Image> {
    let crop = (0.0..1e6, 0.0..1e6, 1.0..1e6, 1.0..1e6);
    let sizes = proptest::option::of(any::<u32>());
    (
        (
            any::<[u8; 16]>(),
            timestamp(),
            timestamp(),
            infos(),
            object(),
        ),
        (gps(), gps(), sizes.clone(), sizes, -360_i32..=360),
        (crop, text(), text(), text(), proptest::option::of(count())),
        (
            proptest::collection::vec(any::<String>(), 0..3),
            any::<bool>(),
            "[a-z0-9_,/%]{0,20}",
        ),
    )
        .prop_map(|(ids, places, texts, (tag_names, processed, path))| {
            let (id, created_at, taken_at, infos, exifs) = ids;
            let (gps, gps_ip, width, page, degrees) = places;
            let ((x, y, w, h), title, album_id, color, size) = texts;
            let id = Uuid::from_bytes(id);
            let mut image = Image {
                infos,
                metadatas: exifs.clone(),
                exifs,
                gps,
                gps_ip,
                taken_at: Some(taken_at),
                width,
                original_width: width,
                rotation: Rotation::new(degrees).unwrap(),
                title,
                page,
                group_id: processed.then_some(id),
                color,
                size,
                processed,
                album_id,
                tag_names,
                ..Image::new(id, created_at)
            };
            image.set_crop(Crop::new(x, y, w, h).unwrap());
            let path = path.replace('%', "%25");
            image.map_urls(|Unsigned| format!("https://res.cloudinary.com/demo/{path}"))
        })
}

#[test]
fn generated_images_are_valid() {
    let written = validator(&written::<Image>());
    let read = validator(&read::<Image>());
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(1_000)
    };
    TestRunner::new(config)
        .run(&image(), |image| {
            let json = serde_json::to_value(&image).unwrap();
            prop_assert!(written.is_valid(&json), "{:?}", written.validate(&json));
            prop_assert!(read.is_valid(&json));
            Ok(())
        })
        .unwrap();
}
