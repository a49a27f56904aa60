//! Converts the layer options of an official SDK.

use serde_json::{Map, Value as Json};
use url_signer::cloudinary::DeliveryType;
use url_signer::cloudinary::transformation::{
    FontAntialiasing, FontHinting, FontStyle, FontWeight, Layer, PublicId, TextAlign,
    TextDecoration, TextStyle,
};

use super::{keyword, number, value, verbatim};

type Options = Map<String, Json>;

fn text_style(options: &Options) -> TextStyle {
    let text = |name: &str| options.get(name).and_then(Json::as_str);
    // The SDK does not encode fonts, so its options are encoded already.
    let font = text("font_family")
        .unwrap()
        .replace("Open%20Sans", "Open Sans");
    let mut style = TextStyle::new(&font, value(&options["font_size"])).unwrap();
    if let Some(weight) = text("font_weight") {
        let known = [
            FontWeight::BOLD,
            FontWeight::LIGHT,
            FontWeight::MEDIUM,
            FontWeight::NORMAL,
            FontWeight::THIN,
        ];
        style = style.weight(keyword(known, weight));
    }
    if let Some(slant) = text("font_style") {
        style = style.style(keyword([FontStyle::NORMAL, FontStyle::ITALIC], slant));
    }
    if let Some(decoration) = text("text_decoration") {
        let known = [
            TextDecoration::NONE,
            TextDecoration::STRIKETHROUGH,
            TextDecoration::UNDERLINE,
        ];
        style = style.decoration(keyword(known, decoration));
    }
    if let Some(align) = text("text_align") {
        let known = [
            TextAlign::CENTER,
            TextAlign::END,
            TextAlign::JUSTIFY,
            TextAlign::LEFT,
            TextAlign::RIGHT,
            TextAlign::START,
        ];
        style = style.align(keyword(known, align));
    }
    if text("stroke") == Some("stroke") {
        style = style.stroke();
    }
    if let Some(pixels) = options.get("letter_spacing") {
        style = style.letter_spacing(number(pixels).unwrap());
    }
    if let Some(pixels) = options.get("line_spacing") {
        style = style.line_spacing(number(pixels).unwrap());
    }
    if let Some(antialiasing) = text("font_antialiasing") {
        let known = [
            FontAntialiasing::BEST,
            FontAntialiasing::FAST,
            FontAntialiasing::GOOD,
            FontAntialiasing::GRAY,
            FontAntialiasing::NONE,
            FontAntialiasing::SUBPIXEL,
        ];
        style = style.antialiasing(keyword(known, antialiasing));
    }
    if let Some(hinting) = text("font_hinting") {
        let known = [
            FontHinting::FULL,
            FontHinting::MEDIUM,
            FontHinting::NONE,
            FontHinting::SLIGHT,
        ];
        style = style.hinting(keyword(known, hinting));
    }
    style
}

pub(crate) fn layer(json: &Json) -> Layer {
    let Some(options) = json.as_object() else {
        let text = json.as_str().unwrap();
        return match text.strip_prefix("fetch:") {
            Some(url) => Layer::fetch(url).unwrap(),
            None => verbatim(text).into(),
        };
    };
    let text = |name: &str| options.get(name).and_then(Json::as_str);
    let id = |id: &str| match text("format") {
        Some(format) => format!("{id}.{format}"),
        None => id.to_owned(),
    };
    let delivery_type: DeliveryType = text("type").unwrap_or("upload").parse().unwrap();
    let is_video = text("resource_type") == Some("video");
    let layer = match (text("public_id"), text("text"), text("url")) {
        (Some(style), Some(text), None) => {
            Layer::text_with_stored_style(PublicId::new(style).unwrap(), text)
        }
        (Some(stored), None, None) if text("resource_type") == Some("text") => {
            Ok(Layer::text_asset(PublicId::new(stored).unwrap()))
        }
        (Some(video), None, None) if is_video => Layer::video(&id(video)),
        (Some(image), None, None) => Layer::image(&id(image)),
        (None, Some(text), None) => Layer::text(text_style(options), text),
        (None, None, Some(url)) if is_video => Layer::fetch_video(url),
        (None, None, Some(url)) => Layer::fetch(url),
        _ => panic!("{options:?}"),
    };
    layer.unwrap().with_delivery_type(delivery_type)
}
