//! Transformations from the options of the SDKs: `width`, `crop`, `effect`, …

use serde_json::{Map, Value as Json};

use super::configuration::Sdk;
use super::error::SdkError;
use super::json::text;
use super::layer::{parse_layer, parse_public_id};
use crate::cloudinary::transformation::chain::Transformation;
use crate::cloudinary::transformation::empty_parameter::empty_parameter;
use crate::cloudinary::transformation::error::TransformationError;
use crate::cloudinary::transformation::{Expression, Value};

impl Sdk {
    /// Creates a transformation from options such as `width`, `crop`, `effect`,
    /// `overlay`, `transformation` and `raw_transformation`, with the parameters in
    /// the order of the SDKs.
    ///
    /// ```
    /// use serde_json::json;
    /// use url_signer::cloudinary::sdk::Sdk;
    ///
    /// let options = json!({ "transformation": [{ "angle": 90 }], "width": 300, "crop": "fit", "if": "width > 100" });
    /// let transformation = Sdk::transformation(options.as_object().ok_or("no map")?)?;
    /// assert_eq!(transformation.as_str(), "a_90/if_w_gt_100,c_fit,w_300");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - An option with an invalid value.
    /// - An option of the SDKs that is not supported.
    /// - An empty parameter in `raw_transformation`, as in `w_1,,h_2`.
    ///   [`Sdk::url`] adds a warning instead.
    pub fn transformation(options: &Map<String, Json>) -> Result<Transformation, SdkError> {
        let transformation = from_options(options)?;
        match empty_parameter(transformation.as_str()) {
            Some(position) => Err(TransformationError::EmptyParameter { position }.into()),
            None => Ok(transformation),
        }
    }
}

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
    /// A number, with `%` for a percentage, or `auto`.
    Percentage,
    /// A string, or a map of codec, profile and level, joined with `:`.
    Codec,
    PublicId,
    Layer,
}

/// The options of one parameter each: option, parameter, value format.
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
    ("default_image", "d", ValueFormat::PublicId),
    ("delay", "dl", ValueFormat::Verbatim),
    ("density", "dn", ValueFormat::Verbatim),
    ("dpr", "dpr", ValueFormat::Expression),
    ("duration", "du", ValueFormat::Percentage),
    ("effect", "e", ValueFormat::ExpressionList(":")),
    ("end_offset", "eo", ValueFormat::Percentage),
    ("fetch_format", "f", ValueFormat::Verbatim),
    ("flags", "fl", ValueFormat::VerbatimList(".")),
    ("fps", "fps", ValueFormat::VerbatimList("-")),
    ("gravity", "g", ValueFormat::Verbatim),
    ("height", "h", ValueFormat::Expression),
    ("keyframe_interval", "ki", ValueFormat::Verbatim),
    ("opacity", "o", ValueFormat::Expression),
    ("overlay", "l", ValueFormat::Layer),
    ("page", "pg", ValueFormat::Verbatim),
    ("prefix", "p", ValueFormat::Verbatim),
    ("quality", "q", ValueFormat::Expression),
    ("radius", "r", ValueFormat::ExpressionList(":")),
    ("start_offset", "so", ValueFormat::Percentage),
    ("streaming_profile", "sp", ValueFormat::Verbatim),
    ("underlay", "u", ValueFormat::Layer),
    ("video_codec", "vc", ValueFormat::Codec),
    ("video_sampling", "vs", ValueFormat::Verbatim),
    ("width", "w", ValueFormat::Expression),
    ("x", "x", ValueFormat::Expression),
    ("y", "y", ValueFormat::Expression),
    ("zoom", "z", ValueFormat::Expression),
];

/// The other options.
const OTHERS: &[&str] = &[
    "if",
    "raw_transformation",
    "responsive_width",
    "size",
    "transformation",
    "variables",
];

/// Options of the SDKs that are not supported.
const UNSUPPORTED: &[&str] = &["custom_function", "custom_pre_function", "offset"];

/// Returns whether an option is one of a transformation.
pub(super) fn is_option(option: &str) -> bool {
    option.starts_with('$')
        || OTHERS.contains(&option)
        || UNSUPPORTED.contains(&option)
        || OPTIONS.iter().any(|(known, ..)| *known == option)
}

/// Returns the steps of `transformation`, then the step of the other options. A
/// `raw_transformation` may contain empty parameters.
pub(super) fn from_options(options: &Map<String, Json>) -> Result<Transformation, SdkError> {
    let is_set = |option: &str| options.get(option).is_some_and(|json| !json.is_null());
    if let Some(option) = UNSUPPORTED.iter().find(|option| is_set(option)) {
        return Err(SdkError::Unsupported(option));
    }
    let mut named = None;
    let mut steps = Transformation::new();
    match options.get("transformation") {
        None | Some(Json::Null) => {}
        Some(Json::Array(all)) if all.iter().any(Json::is_object) => {
            for one in all {
                steps = steps.then(&from_element(one)?);
            }
        }
        Some(Json::Object(options)) => steps = from_options(options)?,
        Some(Json::String(none)) if none.is_empty() => {}
        Some(stored) => named = list("transformation", stored, ".", verbatim)?,
    }
    steps = steps.then(&own_step(options, named)?);
    let responsive = options
        .get("responsive_width")
        .is_some_and(|responsive| *responsive == true);
    if responsive {
        steps = steps.then(&Transformation::verbatim("c_limit,w_auto")?);
    }
    Ok(steps)
}

/// Returns the steps of a map of options, or of a named transformation.
fn from_element(one: &Json) -> Result<Transformation, SdkError> {
    match one {
        Json::Object(options) => from_options(options),
        name => {
            let name = verbatim(&text("transformation", name)?)?;
            Ok(Transformation::verbatim(&format!("t_{name}"))?)
        }
    }
}

/// Returns the step of the options, in the order of the SDKs.
fn own_step(
    options: &Map<String, Json>,
    named: Option<String>,
) -> Result<Transformation, SdkError> {
    let mut parameters = Vec::new();
    let mut set = |name: &str, value: Option<String>| {
        parameters.extend(value.map(|value| format!("{name}_{value}")));
    };
    set("t", named);
    for (option, name, format) in OPTIONS {
        if let Some(json) = options.get(*option).filter(|json| !json.is_null()) {
            set(
                name,
                parse_value(option, *format, json).map_err(|error| error.in_option(option))?,
            );
        }
    }
    if let Some(size) = options.get("size").filter(|size| !size.is_null()) {
        let size = text("size", size)?;
        let (width, height) = size
            .split_once('x')
            .ok_or_else(|| SdkError::UnexpectedValue {
                option: "size".to_owned(),
                expected: "a width and a height, separated by `x`",
            })?;
        set("w", Some(expression(width)?));
        set("h", Some(expression(height)?));
    }
    parameters.sort();

    let mut step = Vec::new();
    if let Some(condition) = options.get("if").filter(|condition| !condition.is_null()) {
        let condition = expression(&text("if", condition)?);
        let condition = condition.map_err(|error| error.in_option("if"))?;
        step.push(format!("if_{condition}"));
    }
    step.extend(variables(options)?);
    step.extend(parameters);
    if let Some(raw) = options
        .get("raw_transformation")
        .filter(|raw| !raw.is_null())
    {
        step.push(text("raw_transformation", raw)?);
    }
    step.retain(|parameter| !parameter.is_empty());
    Ok(Transformation::with_empty_parameters(&step.join(","))?)
}

/// Returns the variables `$…`, sorted by name, then `variables` in their order.
fn variables(options: &Map<String, Json>) -> Result<Vec<String>, SdkError> {
    let variable = |name: &str, value: &Json| -> Result<String, SdkError> {
        let name = Value::verbatim(name)?;
        Ok(format!(
            "{name}_{}",
            expression(&text("variables", value)?)?
        ))
    };
    let mut variables = options
        .iter()
        .filter(|(option, _)| option.starts_with('$'))
        .map(|(name, value)| variable(name, value).map_err(|error| error.in_option(name)))
        .collect::<Result<Vec<_>, _>>()?;
    variables.sort();
    let expected = || SdkError::UnexpectedValue {
        option: "variables".to_owned(),
        expected: "a list of pairs of a name and a value",
    };
    match options.get("variables") {
        None | Some(Json::Null) => {}
        Some(Json::Array(all)) => {
            for one in all {
                let [Json::String(name), value] = one.as_array().ok_or_else(expected)?.as_slice()
                else {
                    return Err(expected());
                };
                variables.push(variable(name, value)?);
            }
        }
        Some(_) => return Err(expected()),
    }
    Ok(variables)
}

/// Returns the value of a parameter, or `None` for an empty value.
fn parse_value(option: &str, format: ValueFormat, json: &Json) -> Result<Option<String>, SdkError> {
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
        ValueFormat::Border => border(json)?,
        ValueFormat::Percentage => expression(&text(option, json)?.replace(['%', 'P'], "p"))?,
        ValueFormat::Codec => codec(option, json)?,
        ValueFormat::PublicId => parse_public_id(option, &text(option, json)?)?.to_string(),
        ValueFormat::Layer => parse_layer(option, json)?.to_string(),
    };
    Ok(Some(value))
}

fn list(
    option: &str,
    json: &Json,
    separator: &str,
    value: impl Fn(&str) -> Result<String, SdkError>,
) -> Result<Option<String>, SdkError> {
    let values = match json {
        Json::Array(values) => values.iter().map(|json| text(option, json)).collect(),
        one => text(option, one).map(|one| vec![one]),
    }?;
    if values.is_empty() {
        return Ok(None);
    }
    // Like the SDKs, convert the joined list, which can be one expression.
    value(&values.join(separator)).map(Some)
}

fn expression(text: &str) -> Result<String, SdkError> {
    Ok(Expression::parse(text)?.to_string())
}

fn verbatim(text: &str) -> Result<String, SdkError> {
    Ok(Value::verbatim(text)?.to_string())
}

fn color(text: &str) -> Result<String, SdkError> {
    verbatim(&text.replace('#', "rgb:"))
}

fn border(json: &Json) -> Result<String, SdkError> {
    let Json::Object(border) = json else {
        return verbatim(&text("border", json)?);
    };
    let get = |key: &str, default: &str| {
        border
            .get(key)
            .filter(|json| !json.is_null())
            .map_or(Ok(default.to_owned()), |json| text("border", json))
    };
    let (width, color) = (get("width", "2")?, color(&get("color", "black")?)?);
    Ok(format!("{}px_solid_{color}", verbatim(&width)?))
}

fn codec(option: &str, json: &Json) -> Result<String, SdkError> {
    let Json::Object(codec) = json else {
        return verbatim(&text(option, json)?);
    };
    let parts = ["codec", "profile", "level"]
        .iter()
        .filter_map(|key| codec.get(*key))
        .map(|json| text(option, json))
        .collect::<Result<Vec<_>, _>>()?;
    verbatim(&parts.join(":"))
}
