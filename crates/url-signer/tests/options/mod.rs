//! Converts the options of an official SDK to the typed parts of a transformation.

mod layer;

use std::fmt::Debug;

use serde_json::Value as Json;
use url_signer::cloudinary::transformation::{
    Angle, Background, Border, ChromaSubsampling, Color, ColorSpace, CropMode, Effect, Expression,
    Focus, Format, Gravity, Operand, PublicId, Quality, Radius, Value, VariableName,
};
use url_signer::cloudinary::{Flag, Number};

pub(crate) use self::layer::layer;

pub(crate) fn verbatim(text: &str) -> Value {
    Value::verbatim(text).unwrap()
}

/// Values without a constant.
const UNLISTED: &[&str] = &[
    "60:qmax_80",
    "black",
    "brand_new",
    "cat",
    "gen_fill:prompt_a%20hill",
    "imagga_scale",
    "new",
    "wdp",
];

/// Returns the constant with this text, or a verbatim value.
///
/// Fails if the text has neither a constant nor an entry in `UNLISTED`.
pub(crate) fn keyword<T: From<Value> + ToString + PartialEq + Debug>(
    known: impl IntoIterator<Item = T>,
    text: &str,
) -> T {
    let found = known.into_iter().find(|known| known.to_string() == text);
    let parsed = T::from(verbatim(text));
    if let Some(constant) = found {
        assert_eq!(parsed, constant);
        return constant;
    }
    let is_unlisted = text.starts_with('$') || UNLISTED.contains(&text);
    assert!(is_unlisted, "{text} has no constant");
    parsed
}

pub(crate) fn number(json: &Json) -> Option<Number> {
    let whole = json.as_i64().map(|number| i32::try_from(number).unwrap());
    whole
        .map(Number::from)
        .or_else(|| json.as_f64().map(Number::clamped))
}

/// Converts a number, `auto` or an expression.
pub(crate) fn value(json: &Json) -> Value {
    match (number(json), json.as_str()) {
        (Some(number), _) => number.into(),
        (None, Some("auto")) => Value::AUTO,
        (None, text) => Expression::parse(text.unwrap()).unwrap().into(),
    }
}

/// Returns a single value or each value of a list, as text.
pub(crate) fn texts(json: &Json) -> Vec<String> {
    let one = std::slice::from_ref(json);
    let all = json.as_array().map_or(one, Vec::as_slice);
    let text = |json: &Json| {
        json.as_str()
            .map_or_else(|| json.to_string(), str::to_owned)
    };
    all.iter().map(text).collect()
}

/// Returns the expression built from operands where this function has one, or
/// the parsed expression.
pub(crate) fn condition(text: &str) -> Expression {
    let [width, height] = [Operand::WIDTH, Operand::HEIGHT];
    let string = |text| Operand::string(text).unwrap();
    let context = Operand::context("productType").unwrap();
    let half = Number::clamped(0.5);
    let typed = [
        (
            "width > 100 && aspect_ratio <= 1.5",
            width
                .gt(100)
                .and(Operand::ASPECT_RATIO.lte(Number::clamped(1.5))),
        ),
        (
            "width * 2 + height / 3 - 1 ^ 2",
            width.mul(2).add(height.clone()).div(3).sub(1).pow(2),
        ),
        (
            "width = 0 && height != 0 || aspectRatio < 1 && pageCount > 2",
            width
                .eq(0)
                .and(height.ne(0))
                .or(Operand::ASPECT_RATIO.lt(1))
                .and(Operand::PAGE_COUNT.gt(2)),
        ),
        (
            "initial_width >= initial_height",
            Operand::INITIAL_WIDTH.gte(Operand::INITIAL_HEIGHT),
        ),
        (
            "illustration_score > 0.5",
            Operand::ILLUSTRATION_SCORE.gt(half),
        ),
        ("ctx:!productType!_eq_!shoes!", context.eq(string("shoes"))),
        ("w mod 2 = 0", width.modulo(2).eq(0)),
        (
            "!my_tag:other!_in_tags_and_fc_gt_0",
            string("my_tag:other")
                .is_in(Operand::TAGS)
                .and(Operand::FACE_COUNT.gt(0)),
        ),
    ];
    let known = typed.into_iter().find(|(words, _)| *words == text);
    known.map_or_else(
        || Expression::parse(text).unwrap(),
        |(_, expression)| expression,
    )
}

pub(crate) fn crop(text: &str) -> CropMode {
    let known = [
        CropMode::AUTO,
        CropMode::AUTO_PAD,
        CropMode::CROP,
        CropMode::FILL,
        CropMode::FILL_PAD,
        CropMode::FIT,
        CropMode::LIMIT,
        CropMode::LIMIT_FILL,
        CropMode::LIMIT_PAD,
        CropMode::MINIMUM_FIT,
        CropMode::MINIMUM_PAD,
        CropMode::PAD,
        CropMode::SCALE,
        CropMode::THUMB,
    ];
    keyword(known, text)
}

pub(crate) fn gravity(text: &str) -> Gravity {
    if let Some(focus) = text.strip_prefix("auto:") {
        let known = [
            Focus::CLASSIC,
            Focus::SUBJECT,
            Focus::FACE,
            Focus::FACES,
            Focus::NO_FACES,
            Focus::CUSTOM_NO_OVERRIDE,
            Focus::NONE,
            Focus::FACES.avoided(),
            Focus::from(verbatim("cat")).weighted(30),
        ];
        let focus = focus.split(':').map(|focus| keyword(known.clone(), focus));
        return Gravity::auto_on(&focus.collect::<Vec<_>>());
    }
    let known = [
        Gravity::NORTH_WEST,
        Gravity::NORTH,
        Gravity::NORTH_EAST,
        Gravity::WEST,
        Gravity::CENTER,
        Gravity::EAST,
        Gravity::SOUTH_WEST,
        Gravity::SOUTH,
        Gravity::SOUTH_EAST,
        Gravity::XY_CENTER,
        Gravity::FACE,
        Gravity::FACE_CENTER,
        Gravity::FACE_AUTO,
        Gravity::FACES,
        Gravity::FACES_CENTER,
        Gravity::FACES_AUTO,
        Gravity::BODY,
        Gravity::ADVANCED_FACE,
        Gravity::ADVANCED_FACES,
        Gravity::ADVANCED_EYES,
        Gravity::OCR_TEXT,
        Gravity::CUSTOM,
        Gravity::CUSTOM_FACE,
        Gravity::CUSTOM_FACES,
        Gravity::CUSTOM_ADVANCED_FACE,
        Gravity::CUSTOM_ADVANCED_FACES,
        Gravity::AUTO,
        Gravity::LIQUID,
    ];
    keyword(known, text)
}

pub(crate) fn angle(json: &Json) -> Angle {
    let turns = texts(json).into_iter().map(|turn| {
        let known = [
            Angle::AUTO_RIGHT,
            Angle::AUTO_LEFT,
            Angle::IGNORE,
            Angle::VERTICAL_FLIP,
            Angle::HORIZONTAL_FLIP,
        ];
        match turn.parse::<i32>() {
            Ok(degrees) => Angle::from(degrees),
            Err(_) => keyword(known, &turn),
        }
    });
    turns.reduce(Angle::and).unwrap()
}

pub(crate) fn radius(json: &Json) -> Radius {
    let Some(corners) = json.as_array() else {
        return match json.as_str() {
            Some("max") => Radius::MAX,
            _ => value(json).into(),
        };
    };
    let corners: Vec<_> = corners.iter().map(value).collect();
    match <[Value; 1]>::try_from(corners) {
        Ok(all) => all.into(),
        Err(corners) => match <[Value; 2]>::try_from(corners) {
            Ok(two) => two.into(),
            Err(corners) => match <[Value; 3]>::try_from(corners) {
                Ok(three) => three.into(),
                Err(corners) => <[Value; 4]>::try_from(corners).unwrap().into(),
            },
        },
    }
}

pub(crate) fn quality(json: &Json) -> Quality {
    let Some(text) = json.as_str() else {
        return number(json).unwrap().into();
    };
    let known = [
        Quality::AUTO,
        Quality::AUTO_BEST,
        Quality::AUTO_GOOD,
        Quality::AUTO_ECO,
        Quality::AUTO_LOW,
        Quality::JPEGMINI,
        Quality::JPEGMINI_BEST,
        Quality::JPEGMINI_HIGH,
        Quality::JPEGMINI_MEDIUM,
        Quality::from(70).with_chroma(ChromaSubsampling::QUARTER),
        Quality::from(90).with_chroma(ChromaSubsampling::FULL),
    ];
    keyword(known, text)
}

pub(crate) fn format(text: &str) -> Format {
    let known = [
        Format::AUTO,
        Format::AVIF,
        Format::BMP,
        Format::GIF,
        Format::HEIC,
        Format::ICO,
        Format::JP2,
        Format::JPG,
        Format::JXL,
        Format::PDF,
        Format::PNG,
        Format::SVG,
        Format::TIFF,
        Format::WEBP,
    ];
    keyword(known, text)
}

pub(crate) fn effect(json: &Json) -> Effect {
    let mut parts: Vec<_> = texts(json)
        .iter()
        .map(|text| text.split(':').map(str::to_owned).collect::<Vec<_>>())
        .collect::<Vec<_>>()
        .concat();
    let name = parts.remove(0);
    let effect = match name.as_str() {
        "sepia" => Effect::SEPIA,
        "shadow" => Effect::SHADOW,
        "outline" => Effect::OUTLINE,
        "gen_remove" => {
            let prompt = verbatim("prompt_").concat(&Value::encode("a cat").unwrap());
            return Effect::GEN_REMOVE.arg(prompt);
        }
        name => Effect::named(name).unwrap(),
    };
    effect.args(parts.iter().map(|argument| verbatim(argument)))
}

pub(crate) fn color(text: &str) -> Color {
    match text.strip_prefix('$') {
        Some(name) => Operand::from(VariableName::new(name).unwrap()).into(),
        None => match text.strip_prefix("rgb:") {
            Some(digits) => Color::hex(digits).unwrap(),
            None => text.parse().unwrap(),
        },
    }
}

pub(crate) fn border(json: &Json) -> Border {
    let Some(options) = json.as_object() else {
        return verbatim(json.as_str().unwrap()).into();
    };
    // The SDK's default width.
    let width = options.get("width").map_or(Value::from(2), value);
    let named = options.get("color").and_then(Json::as_str);
    Border::solid(width, color(named.unwrap_or("black")))
}

pub(crate) fn background(text: &str) -> Background {
    if text.starts_with(['#', '$']) || ["red", "gray20", "rgb:abc"].contains(&text) {
        return color(text).into();
    }
    let known = [
        Background::AUTO,
        Background::AUTO_BORDER,
        Background::AUTO_PREDOMINANT,
        Background::AUTO_BORDER_CONTRAST,
        Background::AUTO_PREDOMINANT_CONTRAST,
        Background::AUTO_BORDER_GRADIENT,
        Background::AUTO_PREDOMINANT_GRADIENT,
        Background::BLURRED,
        Background::blurred(400, 15),
        Background::blurred(100, -30),
        Background::GEN_FILL,
    ];
    keyword(known, text)
}

pub(crate) fn color_space(text: &str) -> ColorSpace {
    let known = [
        ColorSpace::SRGB,
        ColorSpace::SRGB_TRUE_COLOR,
        ColorSpace::TINY_SRGB,
        ColorSpace::CMYK,
        ColorSpace::NO_CMYK,
        ColorSpace::KEEP_CMYK,
        ColorSpace::COPY,
        ColorSpace::icc(PublicId::new("brand/print.icc").unwrap()),
    ];
    keyword(known, text)
}

pub(crate) fn flag(text: &str) -> Flag {
    match text.strip_prefix("attachment:") {
        Some("My%20photo") => Flag::attachment_as("My photo").unwrap(),
        Some(name) => Flag::attachment_as(name).unwrap(),
        None => keyword(known_flags(), text),
    }
}

fn known_flags() -> Vec<Flag> {
    vec![
        Flag::ANY_FORMAT,
        Flag::ANIMATED,
        Flag::APNG,
        Flag::ATTACHMENT,
        Flag::AWEBP,
        Flag::C2PA,
        Flag::CLIP,
        Flag::CLIP_EVEN_ODD,
        Flag::CUTTER,
        Flag::FORCE_ICC,
        Flag::FORCE_STRIP,
        Flag::GET_INFO,
        Flag::GROUP4,
        Flag::IGNORE_ASPECT_RATIO,
        Flag::IGNORE_MASK_CHANNELS,
        Flag::IMMUTABLE_CACHE,
        Flag::KEEP_ATTRIBUTION,
        Flag::KEEP_IPTC,
        Flag::LAYER_APPLY,
        Flag::LOSSY,
        Flag::NO_OVERFLOW,
        Flag::ORIGINAL,
        Flag::PNG8,
        Flag::PNG24,
        Flag::PNG32,
        Flag::PRESERVE_TRANSPARENCY,
        Flag::PROGRESSIVE,
        Flag::RASTERIZE,
        Flag::REGION_RELATIVE,
        Flag::RELATIVE,
        Flag::REPLACE_IMAGE,
        Flag::SANITIZE,
        Flag::STRIP_PROFILE,
        Flag::TEXT_DISALLOW_OVERFLOW,
        Flag::TEXT_NO_TRIM,
        Flag::TIFF8_LZW,
        Flag::TILED,
    ]
}
