//! Signatures of API requests from the test suites of the official SDKs.

#![cfg(feature = "serde")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod api_json;

use serde_json::{Map, Value};
use sha1::{Digest, Sha1};
use url_signer::Secret;
use url_signer::cloudinary::api::SignedParameters;

use self::api_json::{cases, cloud, hex, parameters};

const SIGNATURES: &str = include_str!("data/suites/api_sign_request.jsonl");
const CALLS: &str = include_str!("data/suites/api.jsonl");

/// The cases of one kind for which the SDK returned a result.
fn calls(kind: &str) -> impl Iterator<Item = Value> {
    cases(CALLS).filter(move |case| case["kind"] == kind && !case["result"].is_null())
}

/// The first of several values that is not null.
fn first<'a>(values: &[&'a Value]) -> &'a Value {
    values.iter().find(|value| !value.is_null()).unwrap()
}

/// The arguments of a case. Java's are recorded in `in`.
fn arguments(case: &Value) -> &Value {
    first(&[&case["args"], &case["in"]])
}

#[test]
fn signatures_equal_those_of_the_sdks() {
    let (mut count, mut without_secret) = (0, 0);
    for case in cases(SIGNATURES) {
        let text = |name: &str| case[name].as_str().unwrap();
        if is_without_secret(text("secret")) {
            without_secret += 1;
            continue;
        }
        let version = case["signature_version"].as_i64().unwrap();
        let cloud = cloud(text("secret"), text("algorithm"), version);
        let signed = cloud.api().unwrap().sign_all(parameters(&case["params"]));
        assert_eq!(signed.signature(), text("expected"), "{case}");
        count += 1;
    }
    assert_eq!((count, without_secret), (162, 1));
}

/// One test of the SDK for PHP signs with an empty secret, which protects nothing.
fn is_without_secret(secret: &str) -> bool {
    secret.is_empty() && Secret::new(secret).is_err()
}

#[test]
fn recorded_signature_calls_give_the_same_result() {
    let (mut count, mut without_secret) = (0, 0);
    for case in calls("api_sign") {
        let arguments = arguments(&case);
        let null = &Value::Null;
        let [given, secret, algorithm, version] = match case["sdk"].as_str().unwrap() {
            "php" => [
                "parameters",
                "secret",
                "signatureAlgorithm",
                "signatureVersion",
            ]
            .map(|name| &arguments[name]),
            "java" => {
                let [given, secret, version] = [0, 1, 2].map(|index| &arguments[index]);
                // The recording has no algorithm.
                [given, secret, null, version]
            }
            _ => [0, 1, 2, 3].map(|index| &arguments[index]),
        };
        let config = &case["config"];
        let expected = case["result"].as_str().unwrap();
        let sha = Value::from(if expected.len() == 64 {
            "sha256"
        } else {
            "sha1"
        });
        let algorithm = first(&[algorithm, &case["kwargs"]["algorithm"], &sha]);
        let version = first(&[
            version,
            &case["kwargs"]["signature_version"],
            &config["signature_version"],
            &2.into(),
        ])
        .as_i64()
        .unwrap();
        let secret = secret.as_str().unwrap();
        if is_without_secret(secret) {
            without_secret += 1;
            continue;
        }
        let cloud = cloud(secret, algorithm.as_str().unwrap(), version);
        let signed = cloud.api().unwrap().sign_all(parameters(given));
        assert_eq!(signed.signature(), expected, "{case}");
        count += 1;
    }
    assert_eq!((count, without_secret), (179, 1));
}

#[test]
fn signed_texts_equal_those_of_the_sdks() {
    let mut count = 0;
    for case in calls("api_string") {
        let arguments = arguments(&case);
        let version = arguments[1].as_i64().unwrap();
        let cloud = cloud("abcd", "sha1", version);
        let signed = cloud.api().unwrap().sign_all(parameters(&arguments[0]));
        let text = format!("{}abcd", case["result"].as_str().unwrap());
        assert_eq!(signed.signature(), hex(&Sha1::digest(text)), "{case}");
        count += 1;
    }
    assert_eq!(count, 90);
}

#[test]
fn signed_requests_equal_those_of_the_sdks() {
    let mut count = 0;
    for case in calls("sign_request") {
        let [mut given, options] = [0, 1].map(|index| arguments(&case)[index].clone());
        if case["sdk"] == "python" {
            // The SDK for Python sends booleans as integers.
            for value in given.as_object_mut().unwrap().values_mut() {
                if let Some(boolean) = value.as_bool() {
                    *value = i64::from(boolean).into();
                }
            }
        }
        let option = |name: &str, default: Value| {
            first(&[&options[name], &case["config"][name], &default]).clone()
        };
        let secret = option("api_secret", Value::Null);
        let algorithm = option("signature_algorithm", "sha1".into());
        let version = option("signature_version", 2.into());
        let cloud = cloud(
            secret.as_str().unwrap(),
            algorithm.as_str().unwrap(),
            version.as_i64().unwrap(),
        )
        .with_api_key(option("api_key", Value::Null).as_str().unwrap())
        .unwrap();
        let signed = cloud.api().unwrap().sign(parameters(&given));
        assert_eq!(to_text(&signed), texts(&case["result"]), "{case}");
        count += 1;
    }
    assert_eq!(count, 47);
}

/// The JSON of signed parameters, with numbers as text.
fn to_text(signed: &SignedParameters) -> Value {
    texts(&serde_json::to_value(signed).unwrap())
}

fn texts(map: &Value) -> Value {
    let text = |value: &Value| match value {
        Value::Number(number) => number.to_string().into(),
        _ => value.clone(),
    };
    let map = map.as_object().unwrap().iter();
    let map: Map<_, _> = map
        .map(|(name, value)| (name.clone(), text(value)))
        .collect();
    map.into()
}
