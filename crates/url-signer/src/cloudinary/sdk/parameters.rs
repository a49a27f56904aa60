//! The options of one parameter each, such as `width`, `crop` and `effect`.

use serde_json::Value as Json;

use super::custom_function::{custom_function, custom_pre_function};
use super::error::{SdkError, SdkWarning};
use super::json::{expected, text, unknown_keys};
use super::layer::{parse_layer, parse_public_id};
use super::values::{expression, list, verbatim};
use super::video::{codec, keyframe_interval, time};

/// The format of an option's value.
#[derive(Clone, Copy)]
enum ValueFormat {
    /// The value of the parameter.
    Verbatim,
    /// An expression with operator symbols and long names.
    Expression,
    /// A list, joined with a separator to one expression.
    ExpressionList(&'static str),
    /// A list of values, joined with a separator.
    VerbatimList(&'static str),
    /// `#rrggbb` or a name.
    Color,
    /// A string, or a map of width and color.
    Border,
    /// One value, or a list of one to four values.
    Corners,
    /// An effect and its arguments: a string, a list, or a map with one entry.
    Effect,
    /// A number, with `%` for a percentage, or `auto`.
    Time,
    /// A string, or a map of codec, profile, level and B-frames, joined with `:`.
    Codec,
    KeyframeInterval,
    CustomFunction,
    CustomPreFunction,
    PublicId,
    Layer,
}

/// The options: option, parameter, value format.
const OPTIONS: &[(&str, &str, ValueFormat)] = &[
    ("angle", "a", ValueFormat::ExpressionList(".")),
    ("aspect_ratio", "ar", ValueFormat::Expression),
    ("audio_codec", "ac", ValueFormat::Verbatim),
    ("audio_frequency", "af", ValueFormat::Verbatim),
    ("background", "b", ValueFormat::Color),
    ("bit_rate", "br", ValueFormat::Verbatim),
    ("border", "bo", ValueFormat::Border),
    ("color", "co", ValueFormat::Color),
    ("color_space", "cs", ValueFormat::Verbatim),
    ("crop", "c", ValueFormat::Verbatim),
    ("custom_function", "fn", ValueFormat::CustomFunction),
    ("custom_pre_function", "fn", ValueFormat::CustomPreFunction),
    ("default_image", "d", ValueFormat::PublicId),
    ("delay", "dl", ValueFormat::Verbatim),
    ("density", "dn", ValueFormat::Verbatim),
    ("dpr", "dpr", ValueFormat::Expression),
    ("duration", "du", ValueFormat::Time),
    ("effect", "e", ValueFormat::Effect),
    ("end_offset", "eo", ValueFormat::Time),
    ("fetch_format", "f", ValueFormat::Verbatim),
    ("flags", "fl", ValueFormat::VerbatimList(".")),
    ("fps", "fps", ValueFormat::VerbatimList("-")),
    ("gravity", "g", ValueFormat::Verbatim),
    ("height", "h", ValueFormat::Expression),
    ("keyframe_interval", "ki", ValueFormat::KeyframeInterval),
    ("opacity", "o", ValueFormat::Expression),
    ("overlay", "l", ValueFormat::Layer),
    ("page", "pg", ValueFormat::Verbatim),
    ("prefix", "p", ValueFormat::Verbatim),
    ("quality", "q", ValueFormat::Expression),
    ("radius", "r", ValueFormat::Corners),
    ("start_offset", "so", ValueFormat::Time),
    ("streaming_profile", "sp", ValueFormat::Verbatim),
    ("underlay", "u", ValueFormat::Layer),
    ("video_codec", "vc", ValueFormat::Codec),
    ("video_sampling", "vs", ValueFormat::Verbatim),
    ("width", "w", ValueFormat::Expression),
    ("x", "x", ValueFormat::Expression),
    ("y", "y", ValueFormat::Expression),
    ("zoom", "z", ValueFormat::Expression),
];

/// Returns whether an option sets one parameter.
pub(super) fn is_parameter(option: &str) -> bool {
    OPTIONS.iter().any(|(known, ..)| *known == option)
}

/// Returns the name and the value of each parameter that the options set, except those
/// of the skipped options.
pub(super) fn parameters<'a>(
    get: impl Fn(&str) -> Option<&'a Json>,
    skipped: &[&str],
    warnings: &mut Vec<SdkWarning>,
) -> Result<Vec<(&'static str, String)>, SdkError> {
    let mut parameters = Vec::new();
    for (option, name, format) in OPTIONS {
        let Some(json) = get(option).filter(|_| !skipped.contains(option)) else {
            continue;
        };
        let value = parse_value(option, *format, json, warnings)
            .map_err(|error| error.in_option(option))?;
        parameters.extend(value.map(|value| (*name, value)));
    }
    Ok(parameters)
}

/// Returns the value of a parameter, or `None` for an empty value.
fn parse_value(
    option: &str,
    format: ValueFormat,
    json: &Json,
    warnings: &mut Vec<SdkWarning>,
) -> Result<Option<String>, SdkError> {
    if let Json::String(empty) = json
        && empty.is_empty()
    {
        return Ok(None);
    }
    let value = match format {
        ValueFormat::Verbatim => verbatim(&text(option, json)?)?,
        ValueFormat::Expression => expression(&text(option, json)?)?,
        ValueFormat::ExpressionList(separator) => return list(option, json, separator, expression),
        ValueFormat::VerbatimList(separator) => return list(option, json, separator, verbatim),
        ValueFormat::Color => color(&text(option, json)?)?,
        ValueFormat::Border => border(option, json, warnings)?,
        ValueFormat::Corners => return corners(option, json),
        ValueFormat::Effect => return effect(option, json),
        ValueFormat::Time => time(&text(option, json)?)?,
        ValueFormat::Codec => codec(option, json, warnings)?,
        ValueFormat::KeyframeInterval => keyframe_interval(option, json)?,
        ValueFormat::CustomFunction => custom_function(option, json, warnings)?,
        ValueFormat::CustomPreFunction => custom_pre_function(option, json, warnings)?,
        ValueFormat::PublicId => parse_public_id(option, &text(option, json)?)?.to_string(),
        ValueFormat::Layer => parse_layer(option, json, warnings)?.to_string(),
    };
    Ok(Some(value))
}

fn color(text: &str) -> Result<String, SdkError> {
    verbatim(&text.replace('#', "rgb:"))
}

fn border(option: &str, json: &Json, warnings: &mut Vec<SdkWarning>) -> Result<String, SdkError> {
    let Json::Object(border) = json else {
        return verbatim(&text(option, json)?);
    };
    let is_known = |key: &str| ["width", "color"].contains(&key);
    warnings.extend(unknown_keys(Some(option), border, is_known));
    let get = |key: &str, default: &str| {
        border
            .get(key)
            .filter(|json| !json.is_null())
            .map_or(Ok(default.to_owned()), |json| text(option, json))
    };
    let (width, color) = (get("width", "2")?, color(&get("color", "black")?)?);
    Ok(format!("{}px_solid_{color}", verbatim(&width)?))
}

/// Returns the radii of the corners. Like the SDKs, rejects a list of a wrong length.
fn corners(option: &str, json: &Json) -> Result<Option<String>, SdkError> {
    match json {
        Json::Array(corners) if !(1..=4).contains(&corners.len()) => {
            Err(expected(option, "a value, or a list of one to four values"))
        }
        corners => list(option, corners, ":", expression),
    }
}

fn effect(option: &str, json: &Json) -> Result<Option<String>, SdkError> {
    let Json::Object(effect) = json else {
        return list(option, json, ":", expression);
    };
    let mut entries = effect.iter();
    match (entries.next(), entries.next()) {
        (Some((name, argument)), None) => {
            let argument = text(option, argument)?;
            expression(&format!("{name}:{argument}")).map(Some)
        }
        _ => Err(expected(
            option,
            "a string, a list, or a map with one effect and its argument",
        )),
    }
}
