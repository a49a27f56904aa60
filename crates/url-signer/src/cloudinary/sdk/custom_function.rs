//! Custom functions, which are code of the account: `custom_function` and
//! `custom_pre_function`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use serde_json::Value as Json;

use super::error::{SdkError, SdkWarning};
use super::json::{expected, text, unknown_keys};
use super::values::verbatim;

/// Returns a function by its text, or by a map of its type and its source.
pub(super) fn custom_function(
    option: &str,
    json: &Json,
    warnings: &mut Vec<SdkWarning>,
) -> Result<String, SdkError> {
    let Json::Object(function) = json else {
        let text = text(option, json);
        return verbatim(&text.map_err(|_| expected(option, EXPECTED))?);
    };
    let is_known = |key: &str| ["function_type", "source"].contains(&key);
    warnings.extend(unknown_keys(Some(option), function, is_known));
    let get = |key: &str| match function.get(key) {
        Some(Json::String(text)) if !text.is_empty() => Ok(text),
        _ => Err(expected(option, EXPECTED)),
    };
    let (function_type, source) = (verbatim(get("function_type")?)?, get("source")?);
    let source = if function_type == "remote" {
        // With padding, as in Python, Ruby, PHP and Java. Node omits the padding.
        URL_SAFE.encode(source)
    } else {
        verbatim(source)?
    };
    Ok(format!("{function_type}:{source}"))
}

const EXPECTED: &str = "a string, or a map of a `function_type` and a `source`";

/// Returns a function that is applied before the transformation.
pub(super) fn custom_pre_function(
    option: &str,
    json: &Json,
    warnings: &mut Vec<SdkWarning>,
) -> Result<String, SdkError> {
    custom_function(option, json, warnings).map(|function| format!("pre:{function}"))
}
