//! Options of videos: codecs, times and keyframes.

use serde_json::Value as Json;

use super::error::{SdkError, SdkWarning};
use super::json::{expected, option_value, text, unknown_keys};
use super::values::{expression, verbatim};

/// Returns a codec by its text, or by a map. Like the SDKs, ignores a level without a
/// profile, and `b_frames` without both.
pub(super) fn codec(
    option: &str,
    json: &Json,
    warnings: &mut Vec<SdkWarning>,
) -> Result<String, SdkError> {
    let Json::Object(codec) = json else {
        return verbatim(&text(option, json)?);
    };
    let is_known = |key: &str| ["codec", "profile", "level", "b_frames"].contains(&key);
    warnings.extend(unknown_keys(Some(option), codec, is_known));
    let mut parts = Vec::new();
    let mut missing = None;
    for key in ["codec", "profile", "level"] {
        match (codec.get(key).filter(|json| !json.is_null()), missing) {
            (Some(json), None) => parts.push(text(option, json)?),
            (Some(_), Some(missing)) => {
                warnings.push(SdkWarning::ignored_without(option, key, missing));
            }
            (None, _) if key == "codec" => {
                return Err(expected(option, "a string, or a map with a `codec`"));
            }
            (None, missing_before) => missing = missing_before.or(Some(key)),
        }
    }
    if let Some(b_frames) = codec.get("b_frames").filter(|json| !json.is_null()) {
        let b_frames = option_value(b_frames).boolean();
        let b_frames = b_frames.map_err(|_| expected(option, "a map with boolean `b_frames`"))?;
        match missing {
            _ if b_frames => {}
            None => parts.push("bframes_no".to_owned()),
            Some(missing) => {
                warnings.push(SdkWarning::ignored_without(option, "b_frames", missing));
            }
        }
    }
    verbatim(&parts.join(":"))
}

/// Returns a time in seconds, a percentage with `p` instead of `%`, or an expression.
pub(super) fn time(text: &str) -> Result<String, SdkError> {
    match text.strip_suffix(['%', 'P']) {
        Some(number) if is_time(text) => verbatim(&format!("{number}p")),
        _ => expression(text),
    }
}

/// Returns the start and the end of a range: `2.5..4`, or a list of both.
pub(super) fn offset(option: &str, json: &Json) -> Result<(String, String), SdkError> {
    let range = match json {
        Json::String(range) => range
            .split_once("..")
            .map(|(start, end)| (start.to_owned(), end.to_owned())),
        Json::Array(ends) => match ends.as_slice() {
            [start, end] => Some((text(option, start)?, text(option, end)?)),
            _ => None,
        },
        _ => None,
    };
    let (start, end) = range
        .filter(|(start, end)| (is_time(start) || start == "auto") && is_time(end))
        .ok_or(expected(
            option,
            "a range of seconds or percentages, such as `2.5..4`, or a list of both ends",
        ))?;
    Ok((time(&start)?, time(&end)?))
}

/// Returns whether a text is a decimal number, with `%` or `p` for a percentage.
fn is_time(text: &str) -> bool {
    let number = text.strip_suffix(['%', 'p', 'P']).unwrap_or(text);
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match number.split_once('.') {
        Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
        None => is_digits(number),
    }
}

/// Returns the interval between keyframes. A number is written with a fraction, as in
/// the SDKs for Python, PHP, Java and .NET.
pub(super) fn keyframe_interval(option: &str, json: &Json) -> Result<String, SdkError> {
    let interval = text(option, json)?;
    let is_positive = |seconds: f64| seconds > 0.0 && seconds.is_finite();
    if interval.parse().is_ok_and(|seconds| !is_positive(seconds)) {
        return Err(expected(option, "a positive number of seconds"));
    }
    if json.is_u64() {
        return Ok(format!("{interval}.0"));
    }
    verbatim(&interval)
}
