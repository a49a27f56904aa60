//! Conversions of option values from JSON.

use serde_json::{Map, Value as Json};

use super::error::{SdkError, SdkWarning};
use crate::cloudinary::account::option_value::OptionValue;

/// Returns a string, or the text of a number.
pub(super) fn text(option: &str, json: &Json) -> Result<String, SdkError> {
    match json {
        Json::String(text) => Ok(text.clone()),
        Json::Number(number) => Ok(number.to_string()),
        _ => Err(SdkError::UnexpectedValue {
            option: option.to_owned(),
            expected: "a string or a number",
        }),
    }
}

/// Returns a version number. A string must be the canonical form, unlike `+1` and
/// `01`.
pub(super) fn version(json: &Json) -> Option<u64> {
    match json {
        Json::Number(version) => version.as_u64(),
        Json::String(digits) => {
            let version = digits.parse::<u64>().ok()?;
            (version.to_string() == *digits).then_some(version)
        }
        _ => None,
    }
}

/// Converts the value of an account option.
pub(super) fn option_value(json: &Json) -> OptionValue<'_> {
    match json {
        Json::String(text) => OptionValue::Text(text),
        Json::Bool(boolean) => OptionValue::Boolean(*boolean),
        Json::Number(number) => number
            .as_i64()
            .map_or(OptionValue::Other, OptionValue::Integer),
        _ => OptionValue::Other,
    }
}

/// Returns a boolean, also as text.
pub(super) fn boolean(option: &str, json: &Json) -> Result<bool, SdkError> {
    option_value(json)
        .boolean()
        .map_err(|values| expected(option, values))
}

/// Returns an error about a value of an unexpected type or form.
pub(super) fn expected(option: &str, expected: &'static str) -> SdkError {
    SdkError::UnexpectedValue {
        option: option.to_owned(),
        expected,
    }
}

/// Returns warnings about unknown keys of a map, which is the value of an option, or the
/// options themselves.
pub(super) fn unknown_keys<'a>(
    option: Option<&'a str>,
    map: &'a Map<String, Json>,
    is_known: impl Fn(&str) -> bool + Copy + 'a,
) -> impl Iterator<Item = SdkWarning> + 'a {
    let set = map.iter().filter(|(_, json)| !json.is_null());
    let unknown = set.filter(move |(key, _)| !is_known(key));
    unknown.map(move |(key, _)| SdkWarning::unknown(option, key, is_known))
}
