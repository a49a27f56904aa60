//! Overlays and underlays, given by a string or a map of options.

use serde_json::{Map, Value as Json};

use super::error::{SdkError, SdkWarning};
use super::json::text;
use crate::cloudinary::path::percent_encoding::is_remote;
use crate::cloudinary::path::types::DeliveryType;
use crate::cloudinary::transformation::{
    FontAntialiasing, FontHinting, FontStyle, FontWeight, Layer, PublicId, TextAlign,
    TextDecoration, TextStyle, Value,
};

/// Parses a layer. Keys that have no effect cause warnings.
pub(super) fn parse_layer(
    option: &str,
    json: &Json,
    warnings: &mut Vec<SdkWarning>,
) -> Result<Layer, SdkError> {
    let Json::Object(options) = json else {
        return verbatim(option, &text(option, json)?);
    };
    let options = LayerOptions { option, options };
    let is_text = options.get("text")?.is_some();
    let kind = match options.get("resource_type")? {
        Some(kind) => kind,
        None if is_text => "text".to_owned(),
        None => "image".to_owned(),
    };
    let delivery_type = options.get("type")?;
    let url = options.get("url")?;
    match (delivery_type.as_deref(), &url) {
        (Some("fetch"), None) => return Err(options.expected(URL_EXPECTED)),
        (Some(other), Some(_)) if other != "fetch" => {
            return Err(options.expected("the type `fetch`, or no `type`, for a `url`"));
        }
        _ => {}
    }
    let (layer, keys) = match (&*kind, url) {
        ("image", Some(url)) => (Layer::fetch(&url)?, Keys::URL),
        ("video", Some(url)) => (Layer::fetch_video(&url)?, Keys::URL),
        ("text", None) => options.text()?,
        ("subtitles", None) => (options.subtitles()?, Keys::SUBTITLES),
        ("image", None) => (Layer::image(&options.public_id()?)?, Keys::ASSET),
        ("video", None) => (Layer::video(&options.public_id()?)?, Keys::ASSET),
        _ => return Err(options.expected("an image, a video, a text, subtitles or a URL")),
    };
    warnings.extend(keys.warnings(&options));
    match delivery_type.as_deref() {
        None | Some("fetch") => Ok(layer),
        Some(name) => {
            let delivery_type: DeliveryType = name
                .parse()
                .map_err(|_| options.expected("a layer with a valid `type`"))?;
            Ok(layer.with_delivery_type(delivery_type))
        }
    }
}

const URL_EXPECTED: &str = "a fetched layer with a `url` instead of a `public_id`";

/// The keys of all layers.
const COMMON: &[&str] = &["resource_type", "type"];

/// The keys of an asset.
const ASSET: &[&str] = &["public_id", "format"];

/// The keys of a style of texts.
const STYLE: &[&str] = &[
    "font_family",
    "font_size",
    "font_weight",
    "font_style",
    "text_decoration",
    "text_align",
    "stroke",
    "letter_spacing",
    "line_spacing",
    "font_antialiasing",
    "font_hinting",
];

/// The keys that have an effect in one kind of layer.
struct Keys {
    /// The key that makes other keys ineffective.
    main: &'static str,
    used: &'static [&'static [&'static str]],
}

impl Keys {
    const URL: Self = Self::new("url", &[&["url"]]);
    const ASSET: Self = Self::new("public_id", &[ASSET]);
    const SUBTITLES: Self = Self::new("public_id", &[ASSET, STYLE]);
    const TEXT: Self = Self::new("text", &[&["text"], STYLE]);
    const TEXT_WITH_STORED_STYLE: Self = Self::new("public_id", &[&["text"], ASSET]);
    const TEXT_WITH_STYLE_NAME: Self = Self::new("text_style", &[&["text", "text_style"]]);

    const fn new(main: &'static str, used: &'static [&'static [&'static str]]) -> Self {
        Self { main, used }
    }

    /// Returns warnings about the other keys of a layer.
    fn warnings(&self, layer: &LayerOptions<'_>) -> Vec<SdkWarning> {
        let LayerOptions { option, options } = *layer;
        let has_effect =
            |key: &str| COMMON.contains(&key) || self.used.iter().any(|keys| keys.contains(&key));
        let is_known = |key: &str| {
            has_effect(key)
                || ["url", "text", "text_style"].contains(&key)
                || ASSET.contains(&key)
                || STYLE.contains(&key)
        };
        let set = options.iter().filter(|(_, json)| !json.is_null());
        let others = set.filter(|(key, _)| !has_effect(key));
        let warning = |(key, _): (&String, &Json)| {
            if is_known(key) {
                let by = format!("{option}[{}]", self.main);
                SdkWarning::overridden(&format!("{option}[{key}]"), &by)
            } else {
                SdkWarning::unknown(Some(option), key, is_known)
            }
        };
        others.map(warning).collect()
    }
}

/// Parses a layer in Cloudinary's notation, or `fetch:` with a URL.
fn verbatim(option: &str, text: &str) -> Result<Layer, SdkError> {
    if let Some(url) = text.strip_prefix("fetch:") {
        return Ok(Layer::fetch(url)?);
    }
    if let Some(url) = text.strip_prefix("video:fetch:") {
        return Ok(Layer::fetch_video(url)?);
    }
    if let Some(error) = folder_error(option, text) {
        return Err(error);
    }
    Ok(Value::verbatim(text)?.into())
}

/// Parses the public id of a default image, with `:` between its folders.
pub(super) fn parse_public_id(option: &str, text: &str) -> Result<PublicId, SdkError> {
    match folder_error(option, text) {
        Some(error) => Err(error),
        None => Ok(PublicId::new(text)?),
    }
}

/// Returns an error that suggests how to write the folders of a text with `/`. Returns
/// `None` if there is no `/`, or if another error has to be fixed first.
fn folder_error(option: &str, text: &str) -> Option<SdkError> {
    let slashes = ["/", "%2F", "%2f"];
    let position = slashes.iter().filter_map(|slash| text.find(slash)).min()?;
    let takes_map = option != "default_image";
    let suggestion = if text.starts_with("http:") || text.starts_with("https:") {
        if !takes_map {
            return Some(SdkError::UnexpectedValue {
                option: option.to_owned(),
                expected: "a public id, not a URL",
            });
        }
        format!("`{{url: {text:?}}}`")
    } else if takes_map && text.starts_with("text:") {
        "`%252F`, or `{text: …}`".to_owned()
    } else {
        let id = PublicId::new(text).ok()?;
        if takes_map && Layer::image(text).is_ok() {
            format!("`{id}`, or `{{public_id: {text:?}}}`")
        } else {
            format!("`{id}`")
        }
    };
    Some(SdkError::Folder {
        option: option.to_owned(),
        position,
        suggestion,
    })
}

struct LayerOptions<'a> {
    option: &'a str,
    options: &'a Map<String, Json>,
}

impl LayerOptions<'_> {
    fn expected(&self, expected: &'static str) -> SdkError {
        SdkError::UnexpectedValue {
            option: self.option.to_owned(),
            expected,
        }
    }

    fn get(&self, key: &str) -> Result<Option<String>, SdkError> {
        self.options
            .get(key)
            .filter(|json| !json.is_null())
            .map(|json| text(self.option, json))
            .transpose()
    }

    fn value(&self, key: &str) -> Result<Option<Value>, SdkError> {
        let text = self.get(key)?;
        let value = text.map(|text| Value::verbatim(&text)).transpose();
        Ok(value?)
    }

    fn public_id(&self) -> Result<String, SdkError> {
        let id = self
            .get("public_id")?
            .ok_or(self.expected("a layer with a `public_id`, a `text` or a `url`"))?;
        if is_remote(&id) {
            return Err(self.expected(URL_EXPECTED));
        }
        Ok(match self.get("format")? {
            Some(format) => format!("{id}.{format}"),
            None => id,
        })
    }

    fn text(&self) -> Result<(Layer, Keys), SdkError> {
        let Some(text) = self.get("text")? else {
            let layer = Layer::text_asset(PublicId::new(&self.public_id()?)?);
            return Ok((layer, Keys::ASSET));
        };
        if let Some(style) = self.value("text_style")? {
            let layer = Layer::text_with_stored_style(PublicId::from(style), &text)?;
            return Ok((layer, Keys::TEXT_WITH_STYLE_NAME));
        }
        let style_id = self.get("public_id")?;
        match (self.style()?, style_id) {
            (Some(style), None) => Ok((Layer::text(style, &text)?, Keys::TEXT)),
            (None, Some(_)) => {
                let id = PublicId::new(&self.public_id()?)?;
                let layer = Layer::text_with_stored_style(id, &text)?;
                Ok((layer, Keys::TEXT_WITH_STORED_STYLE))
            }
            _ => Err(self.expected(
                "a text with `font_family` and `font_size`, or with the `public_id` of a style",
            )),
        }
    }

    /// Returns a layer of subtitles, with or without a style.
    fn subtitles(&self) -> Result<Layer, SdkError> {
        let id = Value::from(PublicId::new(&self.public_id()?)?);
        let style = self.style()?;
        let prefix = match style {
            Some(style) => format!("subtitles:{style}:"),
            None => "subtitles:".to_owned(),
        };
        Ok(Value::verbatim(&prefix)?.concat(&id).into())
    }

    fn style(&self) -> Result<Option<TextStyle>, SdkError> {
        let (font, size) = match (self.get("font_family")?, self.value("font_size")?) {
            (Some(font), Some(size)) => (font, size),
            (None, None) => return Ok(None),
            _ => return Err(self.expected("a text with both `font_family` and `font_size`")),
        };
        let mut style = TextStyle::new(&font, size)?;
        if let Some(weight) = self.value("font_weight")? {
            style = style.weight(FontWeight::from(weight));
        }
        if let Some(slant) = self.value("font_style")? {
            style = style.style(FontStyle::from(slant));
        }
        if let Some(decoration) = self.value("text_decoration")? {
            style = style.decoration(TextDecoration::from(decoration));
        }
        if let Some(align) = self.value("text_align")? {
            style = style.align(TextAlign::from(align));
        }
        match self.get("stroke")?.as_deref() {
            None | Some("none") => {}
            Some("stroke") => style = style.stroke(),
            Some(_) => return Err(self.expected("a text with a `stroke` of `stroke` or `none`")),
        }
        if let Some(pixels) = self.value("letter_spacing")? {
            style = style.letter_spacing(pixels);
        }
        if let Some(pixels) = self.value("line_spacing")? {
            style = style.line_spacing(pixels);
        }
        if let Some(antialiasing) = self.value("font_antialiasing")? {
            style = style.antialiasing(FontAntialiasing::from(antialiasing));
        }
        if let Some(hinting) = self.value("font_hinting")? {
            style = style.hinting(FontHinting::from(hinting));
        }
        Ok(Some(style))
    }
}
