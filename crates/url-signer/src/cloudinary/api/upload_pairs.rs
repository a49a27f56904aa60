//! The pairs of `context` and `metadata` in an upload.

use std::fmt::Write;

use super::parameter_value::{ParameterValue, Repr};
use crate::error::ParseError;
use crate::format;

/// Formats a pair, with `\` before `=` and `|` in the value.
///
/// The SDKs do not escape `\`. A `\` before a delimiter is therefore ambiguous.
pub(super) fn pair(
    what: &'static str,
    key: &str,
    value: &ParameterValue,
) -> Result<String, ParseError> {
    if key.is_empty() {
        return Err(ParseError::new(what, "key is empty"));
    }
    if key.contains(['=', '|', '\\']) {
        return Err(ParseError::new(
            what,
            "`=`, `|` and `\\` are not allowed in a key",
        ));
    }
    let text = match &value.0 {
        Repr::List(items) => json_list(items),
        _ => value.to_string(),
    };
    if text.ends_with('\\') || text.contains("\\=") || text.contains("\\|") {
        return Err(ParseError::new(
            what,
            "`\\` is not allowed before `=`, `|` and the end of a value",
        ));
    }
    let escaped = text.replace('=', "\\=").replace('|', "\\|");
    Ok(format!("{key}={escaped}"))
}

/// Formats a JSON array without white space.
fn json_list(items: &[String]) -> String {
    let items: Vec<_> = items.iter().map(|item| json_string(item)).collect();
    format!("[{}]", items.join(","))
}

fn json_string(text: &str) -> String {
    let mut json = String::from('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => json.extend(['\\', char]),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\x08' => json.push_str("\\b"),
            '\x0c' => json.push_str("\\f"),
            '\0'..='\x1f' => {
                format::append(&mut json, |json| write!(json, "\\u{:04x}", u32::from(char)));
            }
            _ => json.push(char),
        }
    }
    json.push('"');
    json
}
