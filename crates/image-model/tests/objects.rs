//! `Image` and its groups of URLs are read from JSON objects only.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use image_model::{ExternalUrls, Image, Thumbnails, Unsigned};
use serde_json::Value;

const RECORDED: &str = include_str!("data/response_body.wire.json");

/// Converts an object to an array of its values, which a derived `Deserialize`
/// would accept.
fn values(object: &Value) -> Value {
    object.as_object().unwrap().values().cloned().collect()
}

fn recorded_image() -> Value {
    serde_json::from_str::<Vec<Value>>(RECORDED)
        .unwrap()
        .remove(0)
}

#[test]
fn arrays_are_rejected() {
    use serde::Deserialize as _;

    let image = recorded_image();
    let array = values(&image);
    assert_eq!(array.as_array().unwrap().len(), 37);
    assert_eq!(
        Image::<String>::deserialize(&array)
            .unwrap_err()
            .to_string(),
        "invalid type: sequence, expected an image object"
    );
    assert!(Image::<Unsigned>::deserialize(&array).is_err());

    let external_urls = ExternalUrls::<String>::deserialize(values(&image["external_urls"]));
    assert_eq!(
        external_urls.unwrap_err().to_string(),
        "invalid type: sequence, expected an object of five urls"
    );
    let thumbnails = Thumbnails::<String>::deserialize(values(&image["thumbnails"]));
    assert_eq!(
        thumbnails.unwrap_err().to_string(),
        "invalid type: sequence, expected an object of five urls"
    );
    assert_eq!(
        serde_json::to_value(Image::<String>::deserialize(&image).unwrap()).unwrap(),
        image
    );
}

/// A path like `Image::deserialize` prefers an inherent function to a function of
/// a trait. So this test, which does not import the traits of serde, compiles
/// only if the types have no inherent `deserialize` and `serialize`.
#[test]
fn reading_and_writing_are_not_inherent() {
    trait Fallback {
        fn deserialize() -> &'static str {
            "the trait"
        }

        fn serialize(_: &Self) -> &'static str {
            "the trait"
        }
    }

    impl Fallback for Image {}
    impl Fallback for ExternalUrls {}
    impl Fallback for Thumbnails {}

    let image: Image = serde_json::from_value(recorded_image()).unwrap();
    let called = [
        Image::<String>::deserialize(),
        ExternalUrls::<String>::deserialize(),
        Thumbnails::<String>::deserialize(),
        Image::serialize(&image),
        ExternalUrls::serialize(&image.external_urls),
        Thumbnails::serialize(&image.thumbnails),
    ];
    assert_eq!(called, ["the trait"; 6]);
}
