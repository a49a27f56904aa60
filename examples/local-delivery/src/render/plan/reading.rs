//! The values of parameters as operations.

use image::Rgba;
use url_signer::cloudinary::transformation as parsed;

use super::notes::Notes;
use crate::render::effects::Effect;
use crate::render::error::PlanError;
use crate::render::format::{OutputFormat, RequestedFormat};
use crate::render::geometry::{CropMode, Gravity};
use crate::render::target::Length;

/// Returns the long name of a parameter whose value is checked.
pub(super) fn long_name(name: &str) -> Option<&'static str> {
    Some(match name {
        "w" => "width",
        "h" => "height",
        "c" => "crop",
        "ar" => "aspect ratio",
        "x" => "x",
        "y" => "y",
        "a" => "angle",
        "r" => "radius",
        "b" => "background",
        "q" => "quality",
        "f" => "format",
        "dpr" => "dpr",
        "e" => "effect",
        _ => return None,
    })
}

pub(super) fn invalid(parameter: &parsed::Parameter<'_>) -> PlanError {
    PlanError::Invalid {
        parameter: long_name(parameter.name()).unwrap_or("value"),
        value: parameter.raw_value().to_owned(),
    }
}

/// Returns the length, unless it is automatic or an expression.
pub(super) fn length(length: parsed::Length<'_>) -> Option<Length> {
    Some(match length {
        parsed::Length::Pixels(pixels) => Length::Pixels(pixels.into()),
        parsed::Length::Fraction(fraction) => Length::Fraction(fraction),
        parsed::Length::InitialWidth => Length::InitialWidth,
        parsed::Length::InitialHeight => Length::InitialHeight,
        _ => return None,
    })
}

/// Returns the crop mode, or `None` for one that is not supported.
pub(super) fn mode(parameter: &parsed::Parameter<'_>) -> Result<Option<CropMode>, PlanError> {
    let name = parameter.raw_value();
    let known = CropMode::NAMES
        .into_iter()
        .find(|(known, _)| *known == name);
    match (known, name) {
        (Some((_, mode)), _) => Ok(Some(mode)),
        (None, "auto" | "auto_pad" | "imagga_crop" | "imagga_scale") => Ok(None),
        _ => Err(invalid(parameter)),
    }
}

/// Returns the gravity. An automatic one is replaced by the center.
pub(super) fn gravity(name: &str, notes: &mut Notes) -> Gravity {
    Gravity::named(name).unwrap_or_else(|| {
        notes.gravity = Some(format!("center; requested={name}"));
        Gravity::CENTER
    })
}

/// Returns whether Cloudinary chooses a gravity from the content of the image.
pub(super) fn is_automatic(name: &str) -> bool {
    name == "auto" || name.starts_with("auto:")
}

/// Returns the color, or `None` for a background that is not supported.
pub(super) fn background(parameter: &parsed::Parameter<'_>) -> Result<Option<Rgba<u8>>, PlanError> {
    let text = parameter.raw_value();
    if ["auto", "blurred", "gen_fill"]
        .iter()
        .any(|prefix| text.starts_with(prefix))
    {
        return Ok(None);
    }
    color(text).map(Some).ok_or_else(|| invalid(parameter))
}

/// Parses a color of a transformation: `rgb:` with 3, 4, 6 or 8 hexadecimal digits, or a
/// CSS color name.
fn color(text: &str) -> Option<Rgba<u8>> {
    let is_hexadecimal = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let css = match text.strip_prefix("rgb:") {
        Some(digits) if is_hexadecimal(digits) => format!("#{digits}"),
        // The parser accepts hexadecimal digits without `#` as well. No name consists of
        // the letters from `a` to `f`.
        None if !is_hexadecimal(text) && text.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
            text.to_ascii_lowercase()
        }
        _ => return None,
    };
    csscolorparser::parse(&css)
        .ok()
        .map(|color| Rgba(color.to_rgba8()))
}

/// Returns the format, or `None` for one that is not supported.
pub(super) fn format(name: &str) -> Option<RequestedFormat> {
    if name == "auto" || name.starts_with("auto:") {
        return Some(RequestedFormat::Auto);
    }
    OutputFormat::from_extension(name).map(RequestedFormat::Fixed)
}

/// Returns the effect, or `None` for one that is not supported.
pub(super) fn effect(name: &str, arguments: &[&str]) -> Result<Option<Effect>, PlanError> {
    let argument = arguments.first().copied();
    Ok(match name {
        "grayscale" => Some(Effect::Grayscale),
        "sepia" => number("sepia", argument, 80, 100)?
            .map(|percent| Effect::Sepia(f32::from(percent) / 100.0)),
        "blur" => number("blur", argument, 100, 2000)?
            .map(|strength| Effect::Blur(f64::from(strength) / 20.0)),
        _ => None,
    })
}

/// Returns an argument between 1 and a maximum, or `None` for a variable.
fn number(
    effect: &'static str,
    argument: Option<&str>,
    default: u16,
    maximum: u16,
) -> Result<Option<u16>, PlanError> {
    let Some(argument) = argument else {
        return Ok(Some(default));
    };
    if argument.starts_with('$') {
        return Ok(None);
    }
    let number = argument.parse().ok();
    match number.filter(|number| (1..=maximum).contains(number)) {
        Some(number) => Ok(Some(number)),
        None => Err(PlanError::InvalidArgument {
            effect,
            value: argument.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::color;

    /// Values of CSS Color Module Level 4, section 6.1.
    #[test]
    fn names_and_digits_are_colors() {
        for (text, expected) in [
            ("white", Some([255, 255, 255, 255])),
            ("rebeccapurple", Some([0x66, 0x33, 0x99, 255])),
            ("LightGoldenrodYellow", Some([0xfa, 0xfa, 0xd2, 255])),
            ("transparent", Some([0, 0, 0, 0])),
            ("rgb:0f8", Some([0, 255, 0x88, 255])),
            ("rgb:0f84", Some([0, 255, 0x88, 0x44])),
            ("rgb:102030", Some([0x10, 0x20, 0x30, 255])),
            ("rgb:10203040", Some([0x10, 0x20, 0x30, 0x40])),
            ("rgb:10203", None),
            ("rgb:", None),
            ("rgb:ggg", None),
            ("abc", None),
            ("abcdef", None),
            ("auto", None),
            ("", None),
            ("hsl(1)", None),
        ] {
            assert_eq!(color(text).map(|color| color.0), expected, "{text}");
        }
    }
}
