//! The options of transformations: `width`, `crop`, `effect` and so on.

use serde_json::{Map, Value as Json};

use super::SdkError;
use super::layer::layer;
use crate::cloudinary::Transformation;
use crate::cloudinary::transformation::{Expression, PublicId, Value};

/// How an option's value becomes a parameter's.
#[derive(Clone, Copy)]
enum ValueFormat {
    /// As it is.
    Verbatim,
    /// With signs and long names of an expression shortened.
    Expression,
    /// The same of a list, joined with this.
    Joined(&'static str),
    /// A list as it is, joined with `.`.
    List,
    /// `#rrggbb` or a name.
    Color,
    /// A text, or a map of width and colour.
    Border,
    /// A number with `%` for a share, or `auto`.
    Range,
    /// A list of two, joined with `-`.
    Between,
    /// A text, or a map of these keys, joined with `:`.
    Codec,
    PublicId,
    Layer,
}

/// Each option, its parameter, and the form of its value.
const OPTIONS: &[(&str, &str, ValueFormat)] = &[
    ("angle", "a", ValueFormat::Joined(".")),
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
    ("duration", "du", ValueFormat::Range),
    ("effect", "e", ValueFormat::Joined(":")),
    ("end_offset", "eo", ValueFormat::Range),
    ("fetch_format", "f", ValueFormat::Verbatim),
    ("flags", "fl", ValueFormat::List),
    ("fps", "fps", ValueFormat::Between),
    ("gravity", "g", ValueFormat::Verbatim),
    ("height", "h", ValueFormat::Expression),
    ("keyframe_interval", "ki", ValueFormat::Verbatim),
    ("opacity", "o", ValueFormat::Expression),
    ("overlay", "l", ValueFormat::Layer),
    ("page", "pg", ValueFormat::Verbatim),
    ("prefix", "p", ValueFormat::Verbatim),
    ("quality", "q", ValueFormat::Expression),
    ("radius", "r", ValueFormat::Joined(":")),
    ("start_offset", "so", ValueFormat::Range),
    ("streaming_profile", "sp", ValueFormat::Verbatim),
    ("underlay", "u", ValueFormat::Layer),
    ("video_codec", "vc", ValueFormat::Codec),
    ("video_sampling", "vs", ValueFormat::Verbatim),
    ("width", "w", ValueFormat::Expression),
    ("x", "x", ValueFormat::Expression),
    ("y", "y", ValueFormat::Expression),
    ("zoom", "z", ValueFormat::Expression),
];

/// The options beside those that are one parameter each.
const OTHERS: &[&str] = &[
    "if",
    "raw_transformation",
    "responsive_width",
    "size",
    "transformation",
    "variables",
];

/// Options of the SDKs that are not supported here.
const UNSUPPORTED: &[&str] = &["custom_function", "custom_pre_function", "offset"];

pub(super) fn is_option(option: &str) -> bool {
    option.starts_with('$')
        || OTHERS.contains(&option)
        || UNSUPPORTED.contains(&option)
        || OPTIONS.iter().any(|(known, ..)| *known == option)
}

/// The steps of a map of options: those of `transformation`, then its own.
pub(super) fn of_options(options: &Map<String, Json>) -> Result<Transformation, SdkError> {
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
                steps = steps.then(&of_one(one)?);
            }
        }
        Some(Json::Object(options)) => steps = of_options(options)?,
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

/// A map of options, or the name of a stored transformation.
fn of_one(one: &Json) -> Result<Transformation, SdkError> {
    match one {
        Json::Object(options) => of_options(options),
        name => {
            let name = verbatim(&text("transformation", name)?)?;
            Ok(Transformation::verbatim(&format!("t_{name}"))?)
        }
    }
}

/// The step that the options of a map are, in the SDKs' order.
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
                value(option, *format, json).map_err(|error| error.of_option(option))?,
            );
        }
    }
    if let Some(size) = options.get("size").filter(|size| !size.is_null()) {
        let size = text("size", size)?;
        let (width, height) = size.split_once('x').ok_or_else(|| SdkError::OptionValue {
            option: "size".to_owned(),
            expected: "a width and a height with an `x` between",
        })?;
        set("w", Some(expression(width)?));
        set("h", Some(expression(height)?));
    }
    parameters.sort();

    let mut step = Vec::new();
    if let Some(condition) = options.get("if").filter(|condition| !condition.is_null()) {
        let condition = expression(&text("if", condition)?);
        let condition = condition.map_err(|error| error.of_option("if"))?;
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
    Ok(Transformation::verbatim(&step.join(","))?)
}

/// Variables by name, and after them those of a list in its order.
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
        .map(|(name, value)| variable(name, value).map_err(|error| error.of_option(name)))
        .collect::<Result<Vec<_>, _>>()?;
    variables.sort();
    let expected = || SdkError::OptionValue {
        option: "variables".to_owned(),
        expected: "a list of names and values",
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

/// The value of a parameter; `None` for an empty one, which is left out.
fn value(option: &str, format: ValueFormat, json: &Json) -> Result<Option<String>, SdkError> {
    if let Json::String(empty) = json
        && empty.is_empty()
    {
        return Ok(None);
    }
    let value = match format {
        ValueFormat::Verbatim => verbatim(&text(option, json)?)?,
        ValueFormat::Expression => expression(&text(option, json)?)?,
        ValueFormat::Joined(separator) => return list(option, json, separator, expression),
        ValueFormat::List => return list(option, json, ".", verbatim),
        ValueFormat::Color => color(&text(option, json)?)?,
        ValueFormat::Border => border(json)?,
        ValueFormat::Range => expression(&text(option, json)?.replace(['%', 'P'], "p"))?,
        ValueFormat::Between => return list(option, json, "-", verbatim),
        ValueFormat::Codec => codec(option, json)?,
        ValueFormat::PublicId => PublicId::new(&text(option, json)?)?.to_string(),
        ValueFormat::Layer => layer(option, json)?.to_string(),
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
    // Whole, as the SDKs do, so that what a list says is one expression.
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
    let get = |key: &str, usual: &str| {
        border
            .get(key)
            .filter(|json| !json.is_null())
            .map_or(Ok(usual.to_owned()), |json| text("border", json))
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

/// A text, or a number as it is written.
pub(super) fn text(option: &str, json: &Json) -> Result<String, SdkError> {
    match json {
        Json::String(text) => Ok(text.clone()),
        Json::Number(number) => Ok(number.to_string()),
        _ => Err(SdkError::OptionValue {
            option: option.to_owned(),
            expected: "a text or a number",
        }),
    }
}
