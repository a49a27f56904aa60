//! What the options of the SDK are by our types.

mod layer;

use serde_json::Value as Json;
use url_signer::cloudinary::transformation::{
    Angle, Background, Border, Chroma, Color, ColorSpace, CropMode, Effect, Expression, Focus,
    Format, Gravity, Operand, PublicId, Quality, Radius, Value, VariableName,
};
use url_signer::cloudinary::{Flag, Number};

pub(crate) use self::layer::layer;

pub(crate) fn verbatim(text: &str) -> Value {
    Value::verbatim(text).unwrap()
}

/// What is written by the escape for other values.
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

/// The known value of this text, or another one.
pub(crate) fn keyword<T: From<Value> + ToString>(
    known: impl IntoIterator<Item = T>,
    text: &str,
) -> T {
    let found = known.into_iter().find(|known| known.to_string() == text);
    found.unwrap_or_else(|| {
        let is_other = text.starts_with('$') || UNLISTED.contains(&text);
        assert!(is_other, "{text} has no name");
        verbatim(text).into()
    })
}

pub(crate) fn number(json: &Json) -> Option<Number> {
    let whole = json.as_i64().map(|number| i32::try_from(number).unwrap());
    whole
        .map(Number::from)
        .or_else(|| json.as_f64().map(Number::clamped))
}

/// A number, or an expression in words.
pub(crate) fn value(json: &Json) -> Value {
    match (number(json), json.as_str()) {
        (Some(number), _) => number.into(),
        (None, Some("auto")) => Value::AUTO,
        (None, text) => Expression::parse(text.unwrap()).unwrap().into(),
    }
}

/// One value, or several of a list, each as text.
pub(crate) fn texts(json: &Json) -> Vec<String> {
    let one = std::slice::from_ref(json);
    let all = json.as_array().map_or(one, Vec::as_slice);
    let text = |json: &Json| {
        json.as_str()
            .map_or_else(|| json.to_string(), str::to_owned)
    };
    all.iter().map(text).collect()
}

/// An expression of operands and operators where this file has one, else in
/// words.
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
    use CropMode::{
        Auto, AutoPad, Crop, Fill, FillPad, Fit, Limit, LimitFill, LimitPad, MinimumFit,
        MinimumPad, Pad, Scale, Thumb,
    };
    let known = [
        Auto, AutoPad, Crop, Fill, FillPad, Fit, Limit, LimitFill, LimitPad, MinimumFit,
        MinimumPad, Pad, Scale, Thumb,
    ];
    keyword(known, text)
}

pub(crate) fn gravity(text: &str) -> Gravity {
    if let Some(focus) = text.strip_prefix("auto:") {
        let known = [
            Focus::Classic,
            Focus::Subject,
            Focus::Face,
            Focus::Faces,
            Focus::NoFaces,
            Focus::CustomNoOverride,
            Focus::None,
            Focus::Faces.avoided(),
            Focus::Other(verbatim("cat")).weighted(30),
        ];
        let focus = focus.split(':').map(|focus| keyword(known.clone(), focus));
        return Gravity::auto_on(&focus.collect::<Vec<_>>());
    }
    let known = [
        Gravity::NorthWest,
        Gravity::North,
        Gravity::NorthEast,
        Gravity::West,
        Gravity::Center,
        Gravity::East,
        Gravity::SouthWest,
        Gravity::South,
        Gravity::SouthEast,
        Gravity::XyCenter,
        Gravity::Face,
        Gravity::FaceCenter,
        Gravity::FaceAuto,
        Gravity::Faces,
        Gravity::FacesCenter,
        Gravity::FacesAuto,
        Gravity::Body,
        Gravity::AdvancedFace,
        Gravity::AdvancedFaces,
        Gravity::AdvancedEyes,
        Gravity::OcrText,
        Gravity::Custom,
        Gravity::CustomFace,
        Gravity::CustomFaces,
        Gravity::CustomAdvancedFace,
        Gravity::CustomAdvancedFaces,
        Gravity::Auto,
        Gravity::Liquid,
    ];
    keyword(known, text)
}

pub(crate) fn angle(json: &Json) -> Angle {
    let turns = texts(json).into_iter().map(|turn| {
        let known = [
            Angle::AutoRight,
            Angle::AutoLeft,
            Angle::Ignore,
            Angle::VerticalFlip,
            Angle::HorizontalFlip,
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
        Quality::Auto,
        Quality::AutoBest,
        Quality::AutoGood,
        Quality::AutoEco,
        Quality::AutoLow,
        Quality::Jpegmini,
        Quality::JpegminiBest,
        Quality::JpegminiHigh,
        Quality::JpegminiMedium,
        Quality::from(70).with_chroma(Chroma::Quarter),
        Quality::from(90).with_chroma(Chroma::Full),
    ];
    keyword(known, text)
}

pub(crate) fn format(text: &str) -> Format {
    use Format::{Auto, Avif, Bmp, Gif, Heic, Ico, Jp2, Jpg, Jxl, Pdf, Png, Svg, Tiff, Webp};
    let known = [
        Auto, Avif, Bmp, Gif, Heic, Ico, Jp2, Jpg, Jxl, Pdf, Png, Svg, Tiff, Webp,
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
    // What the SDK takes where these are not given.
    let width = options.get("width").map_or(Value::from(2), value);
    let named = options.get("color").and_then(Json::as_str);
    Border::solid(width, color(named.unwrap_or("black")))
}

pub(crate) fn background(text: &str) -> Background {
    if text.starts_with(['#', '$']) || ["red", "gray20", "rgb:abc"].contains(&text) {
        return color(text).into();
    }
    let known = [
        Background::Auto,
        Background::AutoBorder,
        Background::AutoPredominant,
        Background::AutoBorderContrast,
        Background::AutoPredominantContrast,
        Background::AutoBorderGradient,
        Background::AutoPredominantGradient,
        Background::Blurred,
        Background::blurred(400, 15),
        Background::blurred(100, -30),
        Background::GenFill,
    ];
    keyword(known, text)
}

pub(crate) fn color_space(text: &str) -> ColorSpace {
    let known = [
        ColorSpace::Srgb,
        ColorSpace::SrgbTrueColor,
        ColorSpace::TinySrgb,
        ColorSpace::Cmyk,
        ColorSpace::NoCmyk,
        ColorSpace::KeepCmyk,
        ColorSpace::Copy,
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
        Flag::AnyFormat,
        Flag::Animated,
        Flag::Apng,
        Flag::Attachment,
        Flag::Awebp,
        Flag::C2pa,
        Flag::Clip,
        Flag::ClipEvenOdd,
        Flag::Cutter,
        Flag::ForceIcc,
        Flag::ForceStrip,
        Flag::GetInfo,
        Flag::Group4,
        Flag::IgnoreAspectRatio,
        Flag::IgnoreMaskChannels,
        Flag::ImmutableCache,
        Flag::KeepAttribution,
        Flag::KeepIptc,
        Flag::LayerApply,
        Flag::Lossy,
        Flag::NoOverflow,
        Flag::Original,
        Flag::Png8,
        Flag::Png24,
        Flag::Png32,
        Flag::PreserveTransparency,
        Flag::Progressive,
        Flag::Rasterize,
        Flag::RegionRelative,
        Flag::Relative,
        Flag::ReplaceImage,
        Flag::Sanitize,
        Flag::StripProfile,
        Flag::TextDisallowOverflow,
        Flag::TextNoTrim,
        Flag::Tiff8Lzw,
        Flag::Tiled,
    ]
}
