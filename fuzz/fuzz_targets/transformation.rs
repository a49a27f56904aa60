//! Transformations:
//!
//! - A verbatim text is kept, except that runs of `/` collapse and that spaces are
//!   percent-encoded, or is rejected.
//!   A text with an empty parameter is rejected.
//! - Sorting keeps all parameters and is idempotent.
//! - Joined, the texts of the steps and of their parameters are the transformation. Parsing
//!   a value never panics.
//! - A value from any text is rejected, or is part of one parameter of one step.
//!
//! ```text
//! cargo fuzz run -s none transformation -- -dict=fuzz/url.dict
//! ```

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use url_signer::cloudinary::transformation::{
    Angle, AspectRatio, Background, Border, Color, ColorSpace, Effect, Expression, Focus, Gravity,
    Layer, Length, NamedTransformation, Operand, Page, ParsedValue, PublicId, Quality, Radius,
    Step, TextAlign, TextStyle, Value, VariableName,
};
use url_signer::cloudinary::{
    DeliveryType, Flag, Number, Size, Transformation, TransformationError,
};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    number: f64,
    /// A text and optionally a second text on the next line.
    text: &'a str,
}

/// Returns values created from texts.
fn values(text: &str, other: &str) -> Vec<Result<Value, TransformationError>> {
    let one: fn(&str) -> Result<Value, TransformationError> = Value::verbatim;
    vec![
        one(text),
        one(text).and_then(|value| Ok(value.concat(&one(other)?))),
        Value::encode(text),
        Color::hex(text).map(Value::from),
        text.parse::<Color>().map(Value::from),
        Effect::named(text).map(Value::from),
        Value::encode(other).map(|value| Effect::GEN_REMOVE.arg(value).into()),
        Flag::attachment_as(text).map(Value::from),
        PublicId::new(text).map(Value::from),
        PublicId::new(text).map(|id| ColorSpace::icc(id).into()),
        NamedTransformation::new(text)
            .and_then(|name| Ok(name.and(NamedTransformation::new(other)?).into())),
        Expression::parse(text).map(Value::from),
        Operand::string(text).map(Value::from),
        Operand::context(text).and_then(|key| Ok(key.eq(Operand::string(other)?).into())),
        Operand::metadata(text).and_then(|id| {
            Ok(id
                .is_in(&VariableName::new(other)?)
                .and(Operand::WIDTH)
                .into())
        }),
        VariableName::new(text).map(|name| Expression::from(name).into()),
        Layer::image(text).map(|layer| layer.with_delivery_type(DeliveryType::Private).into()),
        Layer::video(text).map(Value::from),
        Layer::fetch(text).map(Value::from),
        Layer::fetch_video(text).map(Value::from),
        TextStyle::new(text, 20)
            .and_then(|style| Ok(Layer::text(style.align(TextAlign::LEFT), other)?.into())),
        TextStyle::new(other, 20).and_then(|style| Ok(Layer::text(style.stroke(), text)?.into())),
        PublicId::new(text).map(|id| Layer::text_asset(id).into()),
        PublicId::new(other).and_then(|id| Ok(Layer::text_with_stored_style(id, text)?.into())),
        one(text).map(|value| Gravity::auto_on(&[Focus::from(value).weighted(3).avoided()]).into()),
        one(text).map(|value| Angle::HORIZONTAL_FLIP.and(value).into()),
        one(text).map(|value| Quality::from(value).with_chroma(Value::AUTO).into()),
        one(text).map(|value| Radius::from([value, Value::AUTO]).into()),
        one(text).map(|value| Page::from(1).and(value).into()),
        one(text).and_then(|value| Ok(Border::solid(value, other.parse::<Color>()?).into())),
    ]
}

/// Returns values created from a number.
fn numbers(number: Number) -> [Value; 6] {
    [
        number.into(),
        AspectRatio::ratio(number, 9).into(),
        Operand::INITIAL_WIDTH.mul(number).and(number).into(),
        Radius::from([number, number, number]).into(),
        Background::blurred(1, -1).into(),
        Effect::OUTLINE.args([number, number]).into(),
    ]
}

/// Returns the sorted parameters of each step.
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

/// Collapses runs of `/` to one, or to two after `:`.
fn collapsed(text: &str) -> String {
    let mut collapsed = text.to_owned();
    while let Some(at) = collapsed
        .match_indices("//")
        .map(|(at, _)| at)
        .find(|at| !collapsed[..*at].ends_with(':') || collapsed[*at..].starts_with("///"))
    {
        collapsed.remove(at);
    }
    collapsed
}

/// Returns whether a step has a `,` next to another `,`, at its start or at its end. A
/// percent-encoded separator counts as the decoded one.
fn has_empty_parameter(text: &str) -> bool {
    let mut decoded = text.to_owned();
    for (encoded, separator) in [("%2C", ","), ("%2c", ","), ("%2F", "/"), ("%2f", "/")] {
        decoded = decoded.replace(encoded, separator);
    }
    let mut steps = decoded.split('/').filter(|step| !step.is_empty());
    steps.any(|step| step.split(',').any(str::is_empty))
}

fn check_verbatim(text: &str) {
    let transformation = match Transformation::verbatim(text) {
        Ok(transformation) => transformation,
        Err(TransformationError::EmptyParameter { position }) => {
            assert!(has_empty_parameter(text), "{text}");
            assert!(text.is_char_boundary(position), "{text}");
            return;
        }
        Err(_) => return,
    };
    assert!(!has_empty_parameter(text), "{text}");
    let expected = collapsed(text).replace(' ', "%20");
    assert_eq!(transformation.as_str(), expected);
    let sorted = transformation.clone().sorted();
    assert_eq!(parameters(&sorted), parameters(&transformation));
    assert_eq!(Transformation::verbatim(sorted.as_str()).unwrap(), sorted);
    assert_eq!(sorted.clone().sorted(), sorted);
    check_steps(&transformation);
    check_steps(&sorted);
}

/// Checks that the steps lose nothing.
fn check_steps(transformation: &Transformation) {
    let steps: Vec<_> = transformation.steps().map(|step| step.as_str()).collect();
    assert_eq!(steps.join("/"), transformation.as_str());
    for step in transformation.steps() {
        let parameters: Vec<_> = step.parameters().collect();
        let texts: Vec<_> = parameters.iter().map(|one| one.as_str()).collect();
        assert_eq!(texts.join(","), step.as_str());
        for parameter in parameters {
            let (name, value) = (parameter.name(), parameter.raw_value());
            let text = format!("{name}_{value}");
            assert!(
                text == parameter.as_str() || name == parameter.as_str(),
                "{text}"
            );
            match parameter.value() {
                ParsedValue::Flags(flags) => {
                    let names = flags.iter().map(|flag| {
                        let _ = flag.decoded_argument();
                        match flag.argument {
                            Some(argument) => format!("{}:{argument}", flag.name),
                            None => flag.name.to_owned(),
                        }
                    });
                    assert_eq!(names.collect::<Vec<_>>().join("."), value);
                }
                ParsedValue::Effect { name, arguments } => {
                    assert_eq!([&[name], &*arguments].concat().join(":"), value);
                }
                ParsedValue::Named(names) => assert_eq!(names.join("."), value),
                ParsedValue::Width(length) | ParsedValue::Height(length) => match length {
                    Length::Pixels(pixels) => assert!(pixels > 0, "{value}"),
                    Length::Fraction(fraction) => assert!(fraction > 0.0, "{value}"),
                    _ => {}
                },
                _ => {}
            }
        }
    }
}

/// Checks that a value stays within one parameter.
fn check_value(value: Value, text: &str) {
    assert_eq!(Value::verbatim(value.as_str()).as_ref(), Ok(&value));
    let first = Step::new().width(value.clone()).size(Size::height(1));
    let step = first.clone().param(text, value.clone()).unwrap_or(first);
    let written = step.to_string();
    assert!(!written.contains('/'), "{written}");
    assert!((2..=3).contains(&written.split(',').count()), "{written}");
    let built = Transformation::new().step(step);
    assert_eq!(built.as_str(), written);
    assert_eq!(Transformation::verbatim(&written).as_ref(), Ok(&built));
    check_verbatim(&written);
}

fuzz_target!(|input: Input| {
    let (text, other) = input
        .text
        .split_once('\n')
        .unwrap_or((input.text, input.text));
    // The whole input contains a line break, which is rejected or encoded.
    let mut texts = vec![input.text, text];
    texts.dedup();
    for text in texts {
        check_verbatim(text);
        for value in values(text, other).into_iter().flatten() {
            check_value(value, text);
        }
    }
    for value in numbers(Number::clamped(input.number)) {
        check_value(value, other);
    }
});
