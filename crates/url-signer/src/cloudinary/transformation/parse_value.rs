//! Parsing of a parameter's value.

use super::decimal::{Decimal, parse_number};
use super::expression::is_expression;
use super::parsed_value::{
    AngleMode, Corners, DprMode, FlagValue, Length, ParsedValue, QualityMode, Ratio, Scalar,
};
use crate::cloudinary::path::grammar::is_parameter_name;

/// Parses the value of a parameter.
pub(super) fn parse_value<'a>(name: &str, value: &'a str) -> ParsedValue<'a> {
    if value.is_empty() || !is_parameter_name(name) || has_encoded_separator(value) {
        return ParsedValue::Unknown;
    }
    let known = match name {
        "c" => value.parse().ok().map(ParsedValue::Crop),
        "w" => size(value).map(ParsedValue::Width),
        "h" => size(value).map(ParsedValue::Height),
        "ar" => ratio(value).map(ParsedValue::AspectRatio),
        "x" => length(value).map(ParsedValue::X),
        "y" => length(value).map(ParsedValue::Y),
        "z" => scalar(value).map(ParsedValue::Zoom),
        "g" => value.parse().ok().map(ParsedValue::Gravity),
        "a" => Some(ParsedValue::Angle(angle_modes(value))),
        "r" => corners(value).map(ParsedValue::Radius),
        "b" => value.parse().ok().map(ParsedValue::Background),
        "q" => Some(ParsedValue::Quality(quality(value))),
        "f" => value.parse().ok().map(ParsedValue::Format),
        "dpr" => dpr(value).map(ParsedValue::Dpr),
        "e" => effect(value),
        "o" => scalar(value).map(ParsedValue::Opacity),
        "fl" => Some(ParsedValue::Flags(value.split('.').map(flag).collect())),
        "t" => Some(ParsedValue::Named(value.split('.').collect())),
        "if" => Some(ParsedValue::Condition(value)),
        "bo" => Some(ParsedValue::Border(value)),
        "l" => Some(ParsedValue::Overlay(value)),
        "u" => Some(ParsedValue::Underlay(value)),
        "d" => Some(ParsedValue::DefaultImage(value)),
        _ if name.starts_with('$') => Some(ParsedValue::Variable(value)),
        _ => Some(ParsedValue::Other),
    };
    known.unwrap_or(ParsedValue::Invalid)
}

/// Returns whether a text contains a percent-encoded `,` or `/`.
fn has_encoded_separator(text: &str) -> bool {
    ["%2C", "%2c", "%2F", "%2f"]
        .iter()
        .any(|encoded| text.contains(encoded))
}

/// Parses a width or a height, which must be positive.
fn size(text: &str) -> Option<Length<'_>> {
    length(text).filter(|length| match length {
        Length::Pixels(pixels) => *pixels > 0,
        Length::Fraction(fraction) => *fraction > 0.0,
        _ => true,
    })
}

fn length(text: &str) -> Option<Length<'_>> {
    Some(match text {
        "iw" => Length::InitialWidth,
        "ih" => Length::InitialHeight,
        _ if text == "auto" || text.starts_with("auto:") => Length::Auto,
        _ if is_expression(text) => Length::Expression(text),
        _ => match Decimal::parse(text)? {
            Decimal::Integer(pixels) => Length::Pixels(pixels),
            Decimal::Fraction(fraction) => Length::Fraction(fraction),
        },
    })
}

fn scalar(text: &str) -> Option<Scalar<'_>> {
    if is_expression(text) {
        return Some(Scalar::Expression(text));
    }
    parse_number(text).map(Scalar::Number)
}

fn ratio(text: &str) -> Option<Ratio<'_>> {
    if text == "auto" {
        return Some(Ratio::Auto);
    }
    let (width, height) = text.split_once(':').unwrap_or((text, "1"));
    if is_expression(width) || is_expression(height) {
        return Some(Ratio::Expression(text));
    }
    let (width, height) = (parse_number(width)?, parse_number(height)?);
    (width > 0.0 && height > 0.0).then_some(Ratio::Fixed { width, height })
}

/// Splits at `.`, except at a decimal point.
fn angle_modes(text: &str) -> Vec<AngleMode<'_>> {
    if is_expression(text) {
        return vec![AngleMode::Expression(text)];
    }
    let mut angle_modes = Vec::new();
    let mut rest = Some(text);
    while let Some(text) = rest {
        let (first, after) = split_angle_mode(text);
        angle_modes.push(angle_mode(first));
        rest = after;
    }
    angle_modes
}

/// Splits off the first value. Two parts that form one number are one value.
fn split_angle_mode(text: &str) -> (&str, Option<&str>) {
    let Some((first, after)) = text.split_once('.') else {
        return (text, None);
    };
    let second = after.split('.').next().unwrap_or(after);
    let both = text.get(..first.len() + 1 + second.len());
    match both.filter(|both| parse_number(first).is_some() && parse_number(both).is_some()) {
        Some(both) => (both, text.get(both.len() + 1..)),
        None => (first, Some(after)),
    }
}

fn angle_mode(text: &str) -> AngleMode<'_> {
    match text {
        "auto_right" => AngleMode::AutoRight,
        "auto_left" => AngleMode::AutoLeft,
        "ignore" => AngleMode::Ignore,
        "vflip" => AngleMode::FlipVertically,
        "hflip" => AngleMode::FlipHorizontally,
        _ if is_expression(text) => AngleMode::Expression(text),
        _ => parse_number(text).map_or(AngleMode::Unknown(text), AngleMode::Degrees),
    }
}

fn corners(text: &str) -> Option<Corners<'_>> {
    if text == "max" {
        return Some(Corners::Max);
    }
    if text.split(':').any(is_expression) {
        return Some(Corners::Expression(text));
    }
    let radii = text
        .split(':')
        .map(|radius| parse_number(radius).filter(|radius| *radius >= 0.0));
    let radii: Vec<f64> = radii.collect::<Option<_>>()?;
    Some(Corners::Pixels(match radii[..] {
        [all] => [all; 4],
        [main, cross] => [main, cross, main, cross],
        [upper_left, cross, lower_right] => [upper_left, cross, lower_right, cross],
        [upper_left, upper_right, lower_right, lower_left] => {
            [upper_left, upper_right, lower_right, lower_left]
        }
        _ => return None,
    }))
}

fn quality(text: &str) -> QualityMode<'_> {
    let (first, second) = match text.split_once(':') {
        Some((first, second)) => (first, Some(second)),
        None => (text, None),
    };
    if first == "auto" {
        return QualityMode::Auto { level: second };
    }
    let quality = parse_number(first).filter(|quality| *quality >= 0.0);
    match (quality, second) {
        (Some(quality), chroma @ (None | Some("420" | "444"))) => {
            QualityMode::Percent { quality, chroma }
        }
        _ => QualityMode::Other(text),
    }
}

fn dpr(text: &str) -> Option<DprMode<'_>> {
    if text == "auto" {
        return Some(DprMode::Auto);
    }
    if is_expression(text) {
        return Some(DprMode::Expression(text));
    }
    let ratio = parse_number(text).filter(|ratio| *ratio > 0.0);
    ratio.map(DprMode::Number)
}

fn effect(text: &str) -> Option<ParsedValue<'_>> {
    let mut parts = text.split(':');
    let name = parts.next().filter(|name| !name.is_empty())?;
    Some(ParsedValue::Effect {
        name,
        arguments: parts.collect(),
    })
}

fn flag(text: &str) -> FlagValue<'_> {
    let (name, argument) = match text.split_once(':') {
        Some((name, argument)) => (name, Some(argument)),
        None => (text, None),
    };
    FlagValue { name, argument }
}
