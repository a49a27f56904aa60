//! Inputs of API signatures from JSON.

#![allow(dead_code, reason = "each test uses some of the functions")]

pub(crate) mod downloads;

use serde_json::Value;
use url_signer::Secret;
use url_signer::cloudinary::Cloud;
use url_signer::cloudinary::api::{ApiParameters, ApiSignatureVersion, ParameterValue};

/// The lines of a file.
pub(crate) fn cases(lines: &str) -> impl Iterator<Item = Value> {
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
}

/// An account with the key `key` and the name `test123`.
pub(crate) fn cloud(secret: &str, algorithm: &str, version: i64) -> Cloud {
    let version = match version {
        1 => ApiSignatureVersion::V1,
        2 => ApiSignatureVersion::V2,
        _ => panic!("version {version}"),
    };
    Cloud::new("test123", Secret::new(secret).unwrap())
        .unwrap()
        .with_api_key("key")
        .unwrap()
        .with_signature_algorithm(algorithm.to_lowercase().parse().unwrap())
        .with_api_signature_version(version)
}

/// The parameters of a JSON object. `null` is an empty value.
pub(crate) fn parameters(json: &Value) -> ApiParameters {
    match json {
        Value::Object(map) => {
            let pairs = map.iter().map(|(name, value)| (name, self::value(value)));
            ApiParameters::from_pairs(pairs).unwrap()
        }
        // PHP prints an empty map so.
        Value::Array(items) if items.is_empty() => ApiParameters::new(),
        _ => panic!("parameters {json}"),
    }
}

/// The hexadecimal digits of bytes.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from_digit(digit.into(), 16).unwrap())
        .collect()
}

pub(crate) fn value(json: &Value) -> ParameterValue {
    match json {
        Value::Null => "".into(),
        Value::String(text) => text.into(),
        Value::Bool(boolean) => (*boolean).into(),
        Value::Number(number) => number.as_i64().unwrap().into(),
        Value::Array(items) => items.iter().map(|item| item.as_str().unwrap()).collect(),
        Value::Object(_) => panic!("value {json}"),
    }
}
