//! The steps of the transformations that the official SDKs create.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};
use url_signer::cloudinary::Transformation;
use url_signer::cloudinary::transformation::{
    AngleMode, Corners, DprMode, Length, ParsedStep, ParsedValue, QualityMode, Ratio, Scalar,
};

fn json_lines(lines: &str) -> impl Iterator<Item = Json> {
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
}

#[test]
fn transformations_of_the_sdks_are_kept() {
    let mut texts = BTreeSet::new();
    for lines in [
        include_str!("data/delivery.jsonl"),
        include_str!("data/delivery_more.jsonl"),
        include_str!("data/transformations.jsonl"),
    ] {
        let cases = json_lines(lines).filter_map(|case| {
            let text = case["transformation"].as_str()?;
            Some(text.to_owned())
        });
        texts.extend(cases);
    }
    let transformations: Vec<_> = texts
        .iter()
        .filter_map(|text| Transformation::verbatim(text).ok())
        .collect();
    for transformation in &transformations {
        let steps: Vec<_> = transformation.steps().map(join).collect();
        assert_eq!(steps.join("/"), transformation.as_str());
    }
    // The others have an empty parameter, which only the SDKs write.
    assert_eq!((texts.len(), transformations.len()), (2210, 2167));
}

fn join(step: ParsedStep<'_>) -> String {
    let parameters: Vec<_> = step.parameters().map(|text| text.as_str()).collect();
    parameters.join(",")
}

/// Returns the value that an option of the SDK for Python means. Texts with operators,
/// which the SDK shortens, and options without a typed value return `None`.
fn expected<'a>(name: &str, json: &'a Json) -> Option<ParsedValue<'a>> {
    let text = json.as_str();
    let texts = || -> Option<Vec<&str>> {
        match json {
            Json::Array(items) => items.iter().map(Json::as_str).collect(),
            _ => Some(vec![text?]),
        }
    };
    Some(match name {
        "crop" => ParsedValue::Crop(text?.parse().unwrap()),
        "width" | "height" if json.as_f64() == Some(0.0) => ParsedValue::Invalid,
        "width" => ParsedValue::Width(length(json)?),
        "height" => ParsedValue::Height(length(json)?),
        "x" => ParsedValue::X(length(json)?),
        "y" => ParsedValue::Y(length(json)?),
        "zoom" => ParsedValue::Zoom(Scalar::Number(json.as_f64()?)),
        "opacity" => ParsedValue::Opacity(Scalar::Number(json.as_f64()?)),
        "aspect_ratio" => ParsedValue::AspectRatio(match text {
            Some("auto") => Ratio::Auto,
            Some("iar") => Ratio::Expression("iar"),
            Some(text) => {
                let (width, height) = text.split_once(':')?;
                Ratio::Fixed {
                    width: width.parse().unwrap(),
                    height: height.parse().unwrap(),
                }
            }
            None => Ratio::Fixed {
                width: json.as_f64()?,
                height: 1.0,
            },
        }),
        "gravity" => ParsedValue::Gravity(text?.parse().unwrap()),
        "angle" => ParsedValue::Angle(match json {
            Json::Array(modes) => modes.iter().map(angle_mode).collect(),
            _ => vec![angle_mode(json)],
        }),
        "radius" => ParsedValue::Radius(radius(json)?),
        "quality" => ParsedValue::Quality(match text {
            None => QualityMode::Percent {
                quality: json.as_f64()?,
                chroma: None,
            },
            Some("70:420") => QualityMode::Percent {
                quality: 70.0,
                chroma: Some("420"),
            },
            Some("90:444") => QualityMode::Percent {
                quality: 90.0,
                chroma: Some("444"),
            },
            Some("auto") => QualityMode::Auto { level: None },
            Some(text) => match text.strip_prefix("auto:") {
                Some(level) => QualityMode::Auto { level: Some(level) },
                None => QualityMode::Other(text),
            },
        }),
        "dpr" => ParsedValue::Dpr(match text {
            Some(_) => DprMode::Auto,
            None => DprMode::Number(json.as_f64()?),
        }),
        "fetch_format" => ParsedValue::Format(text?.parse().unwrap()),
        "transformation" => ParsedValue::Named(texts()?),
        _ => return None,
    })
}

fn length(json: &Json) -> Option<Length<'_>> {
    Some(match json.as_str() {
        Some("auto" | "auto:100:400") => Length::Auto,
        Some("iw") => Length::InitialWidth,
        Some(_) => return None,
        None => match json.as_i64() {
            Some(pixels) => Length::Pixels(pixels.try_into().unwrap()),
            None => Length::Fraction(json.as_f64()?),
        },
    })
}

fn angle_mode(json: &Json) -> AngleMode<'_> {
    match json.as_str() {
        Some("auto_right") => AngleMode::AutoRight,
        Some("auto_left") => AngleMode::AutoLeft,
        Some("ignore") => AngleMode::Ignore,
        Some("vflip") => AngleMode::FlipVertically,
        Some("hflip") => AngleMode::FlipHorizontally,
        Some(text) => AngleMode::Expression(text),
        None => AngleMode::Degrees(json.as_f64().unwrap()),
    }
}

fn radius(json: &Json) -> Option<Corners<'_>> {
    Some(match json {
        Json::String(text) if text == "max" => Corners::Max,
        Json::Array(radii) => {
            let radii: Vec<_> = radii.iter().map(Json::as_f64).collect::<Option<_>>()?;
            let at = |index: usize| radii[index];
            Corners::Pixels(match radii.len() {
                1 => [at(0); 4],
                2 => [at(0), at(1), at(0), at(1)],
                3 => [at(0), at(1), at(2), at(1)],
                _ => [at(0), at(1), at(2), at(3)],
            })
        }
        _ => Corners::Pixels([json.as_f64()?; 4]),
    })
}

/// The URL names of the options above.
const NAMES: [(&str, &str); 15] = [
    ("crop", "c"),
    ("width", "w"),
    ("height", "h"),
    ("x", "x"),
    ("y", "y"),
    ("zoom", "z"),
    ("opacity", "o"),
    ("aspect_ratio", "ar"),
    ("gravity", "g"),
    ("angle", "a"),
    ("radius", "r"),
    ("quality", "q"),
    ("dpr", "dpr"),
    ("fetch_format", "f"),
    ("transformation", "t"),
];

/// Returns the options of each step. A list of options precedes those of the last step.
fn options_of_steps(options: &Json) -> Vec<Map<String, Json>> {
    let mut options = options.as_object().unwrap().clone();
    let mut steps = Vec::new();
    if let Some(Json::Array(chain)) = options.get("transformation")
        && chain.iter().any(Json::is_object)
    {
        steps = chain.iter().flat_map(options_of_steps).collect();
        options.remove("transformation");
    }
    if !options.is_empty() {
        steps.push(options);
    }
    steps
}

#[test]
fn values_equal_the_options_of_the_sdk() {
    let mut count = 0;
    for case in json_lines(include_str!("data/transformations.jsonl")) {
        let text = case["transformation"].as_str().unwrap();
        let transformation = Transformation::verbatim(text).unwrap();
        let options = options_of_steps(&case["options"]);
        let steps: Vec<_> = transformation.steps().collect();
        assert_eq!(steps.len(), options.len(), "{case}");
        for (step, options) in steps.iter().zip(&options) {
            for (option, name) in NAMES {
                let json = options.get(option);
                let Some(expected) = json.and_then(|json| expected(option, json)) else {
                    continue;
                };
                let parameter = step.get(name);
                let value = parameter.map(|parameter| parameter.value());
                assert_eq!(value, Some(expected), "{name} of {text}");
                count += 1;
            }
        }
    }
    assert_eq!(count, 1473);
}
