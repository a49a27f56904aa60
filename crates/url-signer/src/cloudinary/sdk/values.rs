//! Conversions of texts to values of parameters.

use serde_json::Value as Json;

use super::error::SdkError;
use super::json::text;
use crate::cloudinary::transformation::{Expression, Value};

/// Returns the joined values of a list, or `None` if they are empty.
pub(super) fn list(
    option: &str,
    json: &Json,
    separator: &str,
    value: impl Fn(&str) -> Result<String, SdkError>,
) -> Result<Option<String>, SdkError> {
    let values = match json {
        Json::Array(values) => values.iter().map(|json| text(option, json)).collect(),
        one => text(option, one).map(|one| vec![one]),
    }?;
    // Like the SDKs, convert the joined list, which can be one expression.
    let joined = values.join(separator);
    if joined.is_empty() {
        return Ok(None);
    }
    value(&joined).map(Some)
}

pub(super) fn expression(text: &str) -> Result<String, SdkError> {
    Ok(Expression::parse(text)?.to_string())
}

pub(super) fn verbatim(text: &str) -> Result<String, SdkError> {
    Ok(Value::verbatim(text)?.to_string())
}
