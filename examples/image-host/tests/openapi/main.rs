//! The `OpenAPI` document.
//!
//! The tests generate the document and compare it with `openapi.json`, which the host
//! serves. To update the file, run
//! `UPDATE_OPENAPI=1 cargo test -p image-host --test openapi`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod document;
mod paths;
mod responses;
mod schemas;

use std::collections::HashSet;
use std::{env, fs};

use jsonschema::Validator;
use serde_json::{Value, json};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

fn generated() -> Value {
    document::document()
}

#[test]
fn the_file_is_up_to_date() {
    let document = generated();
    let text = format!("{}\n", serde_json::to_string_pretty(&document).unwrap());
    if env::var_os("UPDATE_OPENAPI").is_some() {
        fs::write(FILE, &text).unwrap();
    }
    assert!(
        fs::read_to_string(FILE).unwrap() == text,
        "openapi.json is not up to date: \
         run `UPDATE_OPENAPI=1 cargo test -p image-host --test openapi`"
    );
}

/// Returns a validator of the schema at a pointer of the document.
fn validator(document: &Value, pointer: &str) -> Validator {
    let pointer = format!("#{pointer}");
    let mut schema = document.clone();
    let root = schema.as_object_mut().unwrap();
    root.insert("$ref".to_owned(), pointer.into());
    let options = jsonschema::options().should_validate_formats(true);
    options.build(&schema).unwrap()
}

const PAYLOAD: &str =
    "/paths/~1api~1v1~1image_syncs/get/responses/200/content/application~1json/schema";

#[test]
fn the_recorded_exchange_is_the_example() {
    let document = generated();
    let payload = validator(&document, PAYLOAD);
    let content = PAYLOAD.replace("/schema", "/examples/recorded/value");
    let example = document.pointer(&content).unwrap();
    assert_eq!(example, &json!(paths::recorded()));
    if let Err(error) = payload.validate(example) {
        panic!("{error} at {}", error.instance_path());
    }
    let mut invalid = example.clone();
    invalid[2]["gps"] = json!([91.0, 0.0]);
    assert!(!payload.is_valid(&invalid));
    invalid[2].as_object_mut().unwrap().shift_remove("gps");
    assert!(!payload.is_valid(&invalid));
}

fn references<'a>(value: &'a Value, found: &mut HashSet<&'a str>) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref") {
                found.insert(reference);
            }
            object.values().for_each(|value| references(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn all_references_exist_and_all_definitions_are_used() {
    let document = generated();
    let mut found = HashSet::new();
    references(&document, &mut found);
    for reference in &found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
    for kind in ["schemas", "headers", "responses"] {
        for name in document["components"][kind].as_object().unwrap().keys() {
            let reference = format!("#/components/{kind}/{name}");
            assert!(found.contains(&*reference), "{reference} is not used");
        }
    }
}

#[test]
fn each_operation_is_complete() {
    let document = generated();
    let mut ids = HashSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let operations = operations.as_object().unwrap();
        assert_eq!(
            operations.contains_key("get"),
            operations.contains_key("head")
        );
        for (method, operation) in operations {
            assert!(ids.insert(operation["operationId"].as_str().unwrap()));
            assert!(operation["summary"].as_str().unwrap().ends_with('.'));
            let responses = operation["responses"].as_object().unwrap();
            for status in ["400", "405", "414", "431"] {
                assert!(responses.contains_key(status), "{method} {path} {status}");
            }
            for (status, response) in responses {
                let has_content = response.get("content").is_some();
                assert!(!has_content || method != "head", "{path} {status}");
            }
        }
    }
}
