//! Properties of every transformation that can be built.

#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use url_signer::Secret;
use url_signer::cloudinary::transformation::{
    Angle, AspectRatio, Background, Border, Color, Condition, CropMode, Effect, Expression, Focus,
    Gravity, Layer, Length, NamedTransformation, Operand, Page, ParsedValue, PublicId, Quality,
    Radius, Scalar, Step, TextAlign, TextStyle, Value, VariableName,
};
use url_signer::cloudinary::{
    Asset, Cloud, DeliveryType, Flag, Number, Size, Transformation, TransformationError,
};

/// Texts with characters that have a meaning in a URL or a transformation.
fn text() -> impl Strategy<Value = String> {
    let pieces = vec![
        "a", "Z", "9", "_", "-", ".", "..", " ", "é", "日", "😀", "%", "%20", "%2F", "%2C", "%0A",
        "/", "//", ":", ",", "v1", "$", "$(", "$(ab)", ")", "!", "&", "=", "?", "#", "+", "\"",
        "\\", "~", "\n", "\0", "width", "<", "> ", "&& ", "|", "{", "w_1", "if_", "",
    ];
    prop_oneof![
        4 => vec(select(pieces), 0..6).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
    ]
}

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<f64>().prop_map(Number::clamped),
        any::<i32>().prop_map(Number::from)
    ]
}

/// Sets a parameter by one of the ways that can fail.
fn set_text(
    step: Step,
    way: usize,
    text: &str,
    number: Number,
) -> Result<Step, TransformationError> {
    Ok(match way {
        0 => step.width(Value::verbatim(text)?),
        1 => step.color(text.parse::<Color>()?),
        2 => step.effect(Effect::named(text)?.arg(number).arg(Value::encode(text)?)),
        3 => step.flags(&[Flag::attachment_as(text)?, Flag::LOSSY]),
        4 => step.default_image(PublicId::new(text)?),
        5 => step.named_transformation(
            NamedTransformation::new(text)?.and(NamedTransformation::new("b")?),
        ),
        6 => step.condition(Expression::parse(text)?),
        7 => step.variable(VariableName::new(text)?, number),
        8 => step.variable(VariableName::new("a")?, Operand::string(text)?),
        9 => step.condition(
            Operand::context(text)?
                .eq(number)
                .and(Operand::WIDTH.gt(number)),
        ),
        10 => step.overlay(Layer::image(text)?.with_delivery_type(DeliveryType::Private)),
        11 => step.underlay(Layer::video(text)?),
        12 => step.overlay(Layer::fetch(text)?),
        13 => step.overlay(Layer::text(
            TextStyle::new(text, number)?
                .align(TextAlign::LEFT)
                .stroke()
                .letter_spacing(number),
            text,
        )?),
        14 => step.underlay(Layer::text_with_stored_style(PublicId::new(text)?, text)?),
        15 => step.param(text, number)?,
        16 => step.gravity(Gravity::auto_on(&[
            Focus::from(Value::verbatim(text)?).weighted(3)
        ])),
        _ => step.variable(VariableName::new("b")?, Value::encode(text)?),
    })
}

/// Sets a parameter by one of the ways that cannot fail.
fn set_number(step: Step, way: usize, number: Number) -> Step {
    match way {
        0 => step.crop(CropMode::MINIMUM_FIT).height(number),
        1 => step.aspect_ratio(AspectRatio::ratio(number, 9)),
        2 => step.x(number).y(Operand::INITIAL_WIDTH.mul(number)),
        3 => step.angle(Angle::from(number).and(Angle::HORIZONTAL_FLIP)),
        4 => step.radius([number, number, number]).zoom(number),
        5 => step.quality(Quality::from(number)).dpr(number),
        6 => step.border(Border::solid(number, Color::rgba(1, 2, 3, 4))),
        7 => step.background(Background::blurred(1, -1)).opacity(number),
        8 => step.page(Page::range(1, 2).and(number)).density(number),
        9 => step.condition(Condition::Else).size(Size::new(1, 2)),
        10 => step.radius(Radius::MAX).delay(number),
        _ => step.condition(Condition::End),
    }
}

fn step() -> impl Strategy<Value = Step> {
    vec((0..30_usize, text(), number()), 0..6).prop_map(|parameters| {
        parameters
            .into_iter()
            .fold(Step::new(), |step, (way, text, number)| {
                if way >= 18 {
                    return set_number(step, way - 18, number);
                }
                set_text(step.clone(), way, &text, number).unwrap_or(step)
            })
    })
}

fn transformation() -> impl Strategy<Value = Transformation> {
    vec(step(), 0..4).prop_map(|steps| {
        steps
            .into_iter()
            .fold(Transformation::new(), Transformation::step)
    })
}

/// Verbatim transformations with parts that sorting has to distinguish.
fn any_verbatim() -> impl Strategy<Value = Transformation> {
    let pieces = vec![
        "w_1", "h_2", "if_x", "$a_1", "$", "_", "v1", ",", ",", "/", "/", "//", ":", "http://",
        "a", "d_", "dl_1", ".", "..", "%2e",
    ];
    vec(select(pieces), 0..10).prop_filter_map("a valid text", |pieces| {
        let text = pieces.concat();
        let transformation = Transformation::verbatim(&text);
        let is_rejected = matches!(
            transformation,
            Err(TransformationError::EmptyParameter { .. })
        );
        assert!(!is_rejected || has_empty_parameter(&text), "{text}");
        assert!(
            transformation.is_err() || !has_empty_parameter(&text),
            "{text}"
        );
        transformation.ok()
    })
}

/// Returns whether a step has a `,` next to another `,`, at its start or at its end.
fn has_empty_parameter(steps: &str) -> bool {
    let steps = steps.split('/').filter(|step| !step.is_empty());
    steps
        .into_iter()
        .any(|step| step.split(',').any(str::is_empty))
}

/// Returns the parameters of each step, sorted by text.
fn parameters(transformation: &Transformation) -> Vec<Vec<&str>> {
    let steps = transformation.as_str().split('/');
    steps
        .map(|step| {
            let mut parameters: Vec<_> = step.split(',').collect();
            parameters.sort_unstable();
            parameters
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn built_transformations_are_valid_verbatim(built in transformation()) {
        prop_assert_eq!(&Transformation::verbatim(built.as_str()).unwrap(), &built);
        let cloud = Cloud::new("demo", Secret::new("abcd").unwrap()).unwrap();
        let asset = Asset::new("a").unwrap();
        let url = cloud.sign(&asset, &built).to_string();
        prop_assert!(cloud.verify(&url).unwrap().delivers(&asset, &built));
    }

    #[test]
    fn steps_are_one_segment_without_duplicates(step in step()) {
        let text = step.to_string();
        prop_assert!(!text.contains('/'));
        prop_assert_eq!(step.is_empty(), text.is_empty());
        let mut names: Vec<_> = text.split(',').map(|parameter| parameter.split_once('_').map(|(name, _)| name)).collect();
        prop_assert!(step.is_empty() || names.iter().all(Option::is_some));
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        prop_assert_eq!(names.len(), all);
    }

    #[test]
    fn joined_steps_are_the_transformation(one in prop_oneof![transformation(), any_verbatim()]) {
        let mut steps = Vec::new();
        for step in one.steps() {
            let parameters: Vec<_> = step.parameters().map(|text| text.as_str()).collect();
            prop_assert_eq!(parameters.join(","), step.as_str());
            let alone = Transformation::verbatim(step.as_str()).unwrap();
            prop_assert_eq!(alone.as_str(), step.as_str());
            for parameter in step.parameters() {
                let text = format!("{}_{}", parameter.name(), parameter.raw_value());
                prop_assert!(text == parameter.as_str() || parameter.name() == parameter.as_str());
                let is_unknown = parameter.value() == ParsedValue::Unknown;
                prop_assert!(!parameter.raw_value().is_empty() || is_unknown);
            }
            steps.push(step.as_str());
        }
        prop_assert_eq!(steps.join("/"), one.as_str());
    }

    #[test]
    fn built_steps_keep_names_and_values(
        values in vec((select(vec!["c", "e", "zz", "dn"]), text()), 0..6),
    ) {
        let mut step = Step::new();
        let mut expected: Vec<(&str, String)> = Vec::new();
        for (name, text) in values {
            let Ok(value) = Value::encode(&text) else { continue };
            step = step.param(name, value.clone()).unwrap();
            match expected.iter_mut().find(|(other, _)| *other == name) {
                Some((_, text)) => *text = value.to_string(),
                None => expected.push((name, value.to_string())),
            }
        }
        let transformation = Transformation::from(step);
        let parameters: Vec<_> = transformation.steps().flat_map(|step| step.parameters()).collect();
        let parsed: Vec<_> = parameters
            .iter()
            .map(|parameter| (parameter.name(), parameter.raw_value().to_owned()))
            .collect();
        prop_assert_eq!(parsed, expected);
        for parameter in parameters {
            let is_known = parameter.name() != "zz";
            prop_assert_eq!(parameter.value() != ParsedValue::Unknown, is_known);
        }
    }

    #[test]
    fn built_numbers_are_pixels_or_fractions(width in 1_i32.., x in any::<i32>(), float in -1e9..1e9) {
        let step = Step::new().width(width).x(x).y(Number::clamped(float)).zoom(Number::clamped(float));
        let transformation = Transformation::from(step);
        let values: Vec<_> = transformation
            .steps()
            .flat_map(|step| step.parameters())
            .map(|parameter| parameter.value())
            .collect();
        // A number without a fractional part is written as an integer.
        let is_integer = float.fract() == 0.0;
        #[expect(clippy::cast_possible_truncation, reason = "an integer in range")]
        let y = if is_integer { Length::Pixels(float as i32) } else { Length::Fraction(float) };
        prop_assert_eq!(values, [
            ParsedValue::Width(Length::Pixels(width)),
            ParsedValue::X(Length::Pixels(x)),
            ParsedValue::Y(y),
            ParsedValue::Zoom(Scalar::Number(float)),
        ]);
    }

    #[test]
    fn sorting_keeps_parameters_and_is_idempotent(one in prop_oneof![transformation(), any_verbatim()]) {
        let sorted = one.clone().sorted();
        prop_assert_eq!(parameters(&sorted), parameters(&one));
        prop_assert_eq!(&Transformation::verbatim(sorted.as_str()).unwrap(), &sorted);
        prop_assert_eq!(&sorted.clone().sorted(), &sorted);
    }

    #[test]
    fn parsed_expressions_are_valid_values(text in text()) {
        if let Ok(expression) = Expression::parse(&text) {
            prop_assert!(Value::verbatim(expression.as_str()).is_ok());
        }
    }
}
