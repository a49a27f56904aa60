//! Builds the transformations of an official SDK with the typed API.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod options;

use serde_json::{Map, Value as Json};
use url_signer::cloudinary::transformation::{
    AspectRatio, Condition, Dpr, NamedTransformation, Operand, Page, PublicId, Step, Value,
    VariableName,
};
use url_signer::cloudinary::{Size, Transformation};

use self::options::{
    angle, background, border, color, color_space, condition, crop, effect, flag, format, gravity,
    layer, number, quality, radius, texts, value, verbatim,
};

fn set(step: Step, name: &str, json: &Json) -> Step {
    let text = || json.as_str().unwrap();
    match name {
        "crop" => step.crop(crop(text())),
        "width" => step.width(value(json)),
        "height" => step.height(value(json)),
        "size" => {
            let (width, height) = text().split_once('x').unwrap();
            step.size(Size::new(width.parse().unwrap(), height.parse().unwrap()))
        }
        "aspect_ratio" => match json.as_str().and_then(|text| text.split_once(':')) {
            Some((width, height)) => step.aspect_ratio(AspectRatio::ratio(
                width.parse::<u32>().unwrap(),
                height.parse::<u32>().unwrap(),
            )),
            None => step.aspect_ratio(value(json)),
        },
        "x" => step.x(value(json)),
        "y" => step.y(value(json)),
        "zoom" => step.zoom(value(json)),
        "gravity" => step.gravity(gravity(text())),
        "angle" => step.angle(angle(json)),
        "radius" => step.radius(radius(json)),
        "quality" => step.quality(quality(json)),
        "dpr" => match number(json) {
            Some(number) => step.dpr(number),
            None => step.dpr(Dpr::AUTO),
        },
        "fetch_format" => step.fetch_format(format(text())),
        "effect" => step.effect(effect(json)),
        "opacity" => step.opacity(value(json)),
        "border" => step.border(border(json)),
        "background" => step.background(background(text())),
        "color" => step.color(color(text())),
        "color_space" => step.color_space(color_space(text())),
        "flags" => {
            let flags: Vec<_> = texts(json).iter().map(|text| flag(text)).collect();
            step.flags(&flags)
        }
        "overlay" => step.overlay(layer(json)),
        "underlay" => step.underlay(layer(json)),
        "transformation" => {
            let texts = texts(json);
            let all = texts
                .iter()
                .map(|name| NamedTransformation::new(name).unwrap());
            step.named_transformation(all.reduce(NamedTransformation::and).unwrap())
        }
        "page" => match (number(json), json.as_str()) {
            (Some(number), _) => step.page(value(json)).page(Page::from(Value::from(number))),
            (None, Some("1-3")) => step.page(Page::range(1, 3)),
            (None, Some("1-3;5")) => step.page(Page::range(1, 3).and(5)),
            (None, Some("2;4")) => step.page(Page::from(2).and(4)),
            _ => step.page(verbatim(text())),
        },
        "density" => step.density(value(json)),
        "delay" => step.delay(value(json)),
        "default_image" => step.default_image(PublicId::new(text()).unwrap()),
        "if" => match text() {
            "else" => step.condition(Condition::Else),
            "end" => step.condition(Condition::End),
            text => step.condition(condition(text)),
        },
        "variables" => json.as_array().unwrap().iter().fold(step, |step, pair| {
            step.variable(pair[0].as_str().unwrap().parse().unwrap(), value(&pair[1]))
        }),
        "start_offset" => step.param("so", value(json)).unwrap(),
        "video_codec" => step.param("vc", value(json)).unwrap(),
        "prefix" => step.param("p", verbatim(text())).unwrap(),
        name => {
            let name = VariableName::new(name.strip_prefix('$').unwrap()).unwrap();
            match json.as_str() {
                Some("!text!") => step.variable(name, Operand::string("text").unwrap()),
                Some("!a%20b!") => step.variable(name, Operand::string("a b").unwrap()),
                _ => step.variable(name, value(json)),
            }
        }
    }
}

fn transformation(options: &Map<String, Json>) -> Transformation {
    let chain = |json: &Json| {
        let steps = json.as_array()?;
        steps.iter().any(Json::is_object).then(|| steps.clone())
    };
    let before = options.get("transformation").and_then(chain);
    let of_this_step = options
        .iter()
        .filter(|(name, _)| *name != "transformation" || before.is_none());
    let step = of_this_step.fold(Step::new(), |step, (name, json)| set(step, name, json));
    let before = before.unwrap_or_default();
    before
        .iter()
        .map(|options| transformation(options.as_object().unwrap()))
        .fold(Transformation::new(), |all, one| all.then(&one))
        .step(step)
}

#[test]
fn typed_transformations_equal_the_sdk() {
    let jsonl = include_str!("data/transformations.jsonl");
    assert_eq!(jsonl.lines().count(), 1466);
    for line in jsonl.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let built = transformation(case["options"].as_object().unwrap()).sorted();
        // The SDK for Python does not percent-encode `https://example.com/é.jpg` in a
        // layer. The typed API does, like the SDK for Node.
        let expected = case["transformation"].as_str().unwrap().replace(
            "fetch:aHR0cHM6Ly9leGFtcGxlLmNvbS_DqS5qcGc=",
            "fetch:aHR0cHM6Ly9leGFtcGxlLmNvbS8lQzMlQTkuanBn",
        );
        assert_eq!(built.as_str(), expected, "{line}");

        // The SDK's text is a valid verbatim transformation in sorted order.
        let verbatim = Transformation::verbatim(built.as_str()).unwrap();
        assert_eq!(verbatim.clone().sorted(), verbatim);
    }
}
