use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use percent_encoding::{AsciiSet, utf8_percent_encode};

use super::encoding;
use super::error::TransformationError;
use super::references::PublicId;
use super::text_style::TextStyle;
use super::value::Value;
use crate::cloudinary::path::percent_encoding::is_remote;
use crate::cloudinary::path::types::DeliveryType;

/// A layer over an image (an overlay) or under it (an underlay).
///
/// The step that adds a layer can also set its size and position. To apply more steps
/// to the layer, end them with a step with
/// [`Flag::LAYER_APPLY`](crate::cloudinary::Flag::LAYER_APPLY). That step then sets the
/// position.
///
/// ```
/// use url_signer::cloudinary::{Flag, Transformation};
/// use url_signer::cloudinary::transformation::{Gravity, Layer, Step, TextStyle};
///
/// let title = Layer::text(TextStyle::new("Arial", 40)?, "Hello, $(name)")?;
/// let transformation = Transformation::new()
///     .step(Step::new().overlay(title).width(200))
///     .step(Step::new().flags(&[Flag::LAYER_APPLY]).gravity(Gravity::SOUTH));
/// assert_eq!(
///     transformation.as_str(),
///     "l_text:Arial_40:Hello%252C%20$(name),w_200/fl_layer_apply,g_south",
/// );
/// # Ok::<(), url_signer::cloudinary::TransformationError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Layer {
    source: LayerSource,
    delivery_type: DeliveryType,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum LayerSource {
    Image(PublicId),
    Video(PublicId),
    /// The encoded URL of an image.
    Fetch(Value),
    /// The encoded URL of a video.
    FetchVideo(Value),
    /// A style, a text, or both.
    Text(Value),
    Verbatim(Value),
}

impl Layer {
    /// Creates a layer of an image. The public id may include an extension, such as
    /// `logo.png`.
    ///
    /// # Errors
    ///
    /// - A public id that is invalid for [`PublicId::new`].
    /// - A public id whose first folder is parsed as a layer type or a delivery type:
    ///   `authenticated`, `fetch`, `image`, `lut`, `private`, `subtitles`, `text`,
    ///   `upload` or `video`.
    pub fn image(public_id: &str) -> Result<Self, TransformationError> {
        unambiguous_id(public_id).map(|id| Self::new(LayerSource::Image(id)))
    }

    /// Creates a layer of a video.
    ///
    /// # Errors
    ///
    /// - A public id that is invalid for [`Layer::image`].
    pub fn video(public_id: &str) -> Result<Self, TransformationError> {
        unambiguous_id(public_id).map(|id| Self::new(LayerSource::Video(id)))
    }

    /// Creates a layer of an image that Cloudinary fetches from a URL.
    ///
    /// Spaces and non-ASCII characters are percent-encoded, as the SDK for Node does.
    /// Other characters stay unchanged, also `%`, so the URL may be percent-encoded
    /// already. The result is written as base64.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::Layer;
    ///
    /// let layer = Layer::fetch("https://example.org/a b.png")?;
    /// assert_eq!(layer, Layer::fetch("https://example.org/a%20b.png")?);
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - An empty URL.
    /// - A control character, or white space at the start or the end.
    pub fn fetch(url: &str) -> Result<Self, TransformationError> {
        encode_url(url).map(|url| Self::new(LayerSource::Fetch(url)))
    }

    /// Creates a layer of a video that Cloudinary fetches from a URL.
    ///
    /// # Errors
    ///
    /// - A URL that is invalid for [`Layer::fetch`].
    pub fn fetch_video(url: &str) -> Result<Self, TransformationError> {
        encode_url(url).map(|url| Self::new(LayerSource::FetchVideo(url)))
    }

    /// Creates a layer of a text with a style.
    ///
    /// The text is percent-encoded, and `,` and `/` are encoded twice: `%252C` and
    /// `%252F`. A reference to a variable, `$(name)`, is not encoded. If its name
    /// has only one character, the reference is encoded like other text.
    ///
    /// # Errors
    ///
    /// - An empty text.
    pub fn text(style: TextStyle, text: &str) -> Result<Self, TransformationError> {
        Self::styled(&style.into(), text)
    }

    /// Creates a layer of a new text in the style of a text asset, which is stored at
    /// Cloudinary. For a layer of the text asset itself, see [`Layer::text_asset`].
    ///
    /// # Errors
    ///
    /// - An empty text.
    pub fn text_with_stored_style(
        text_id: PublicId,
        text: &str,
    ) -> Result<Self, TransformationError> {
        Self::styled(&text_id.into(), text)
    }

    /// Creates a layer of a text asset: an image of a text, which is stored at
    /// Cloudinary.
    #[must_use]
    pub fn text_asset(text_id: PublicId) -> Self {
        Self::new(LayerSource::Text(text_id.into()))
    }

    /// Sets the delivery type of the layer's asset. The default is
    /// [`DeliveryType::Upload`].
    ///
    /// A fetched layer and a layer from a [`Value`] ignore the delivery type.
    #[must_use]
    pub fn with_delivery_type(self, delivery_type: DeliveryType) -> Self {
        Self {
            delivery_type,
            ..self
        }
    }

    fn styled(style: &Value, text: &str) -> Result<Self, TransformationError> {
        TransformationError::check("layer text", text, |_| true)?;
        let text = encoding::encode_with_variables(text);
        let text = Value::from_valid(format!("{style}:{text}"));
        Ok(Self::new(LayerSource::Text(text)))
    }

    const fn new(source: LayerSource) -> Self {
        Self {
            source,
            delivery_type: DeliveryType::Upload,
        }
    }
}

/// First segments of a layer that are not folders of a public id.
const RESERVED_FOLDERS: &[&str] = &[
    "authenticated",
    "fetch",
    "image",
    "lut",
    "private",
    "subtitles",
    "text",
    "upload",
    "video",
];

/// Rejects a public id that Cloudinary parses as a layer type.
fn unambiguous_id(public_id: &str) -> Result<PublicId, TransformationError> {
    if is_remote(public_id) {
        return Err(TransformationError::invalid(
            "public id of a layer",
            public_id,
            "it is a URL; use `Layer::fetch`",
        ));
    }
    let id = PublicId::new(public_id)?;
    let folder = id.as_str().split_once(':').map(|(folder, _)| folder);
    if folder.is_some_and(|folder| RESERVED_FOLDERS.contains(&folder)) {
        return Err(TransformationError::invalid(
            "public id of a layer",
            public_id,
            "its first folder is parsed as a layer type",
        ));
    }
    Ok(id)
}

/// Percent-encodes a URL, and encodes it as URL-safe base64 with padding. Some official
/// SDKs omit the padding.
fn encode_url(url: &str) -> Result<Value, TransformationError> {
    const PART: &str = "layer URL";
    const SPACE: &AsciiSet = &AsciiSet::EMPTY.add(b' ');
    TransformationError::check(PART, url, |char| !char.is_control())?;
    let is_outer = |position: usize| {
        url.get(..position)
            .is_some_and(|before| before.trim().is_empty())
            || url
                .get(position..)
                .is_some_and(|after| after.trim().is_empty())
    };
    let outer = url
        .char_indices()
        .find(|(position, char)| char.is_whitespace() && is_outer(*position));
    if let Some((position, character)) = outer {
        return Err(TransformationError::UnexpectedCharacter {
            part: PART,
            character,
            position,
        });
    }
    // All non-ASCII characters are encoded as well.
    let encoded = utf8_percent_encode(url, SPACE).to_string();
    Ok(Value::from_valid(URL_SAFE.encode(encoded)))
}

/// Writes the layer as in a URL.
impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (prefix, source) = match &self.source {
            LayerSource::Image(id) => ("", id.as_str()),
            LayerSource::Video(id) => ("video:", id.as_str()),
            LayerSource::Fetch(url) => return write!(f, "fetch:{url}"),
            LayerSource::FetchVideo(url) => return write!(f, "video:fetch:{url}"),
            LayerSource::Text(text) => ("text:", text.as_str()),
            LayerSource::Verbatim(layer) => return layer.fmt(f),
        };
        f.write_str(prefix)?;
        if self.delivery_type != DeliveryType::Upload {
            write!(f, "{}:", self.delivery_type)?;
        }
        f.write_str(source)
    }
}

impl From<Layer> for Value {
    fn from(layer: Layer) -> Self {
        Self::from_valid(layer.to_string())
    }
}

/// Creates a layer from Cloudinary's notation, such as `subtitles:clip.srt`.
impl From<Value> for Layer {
    fn from(layer: Value) -> Self {
        Self::new(LayerSource::Verbatim(layer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_that_break_the_url_are_rejected() {
        for (layer, error) in [
            (
                Layer::image("a,b"),
                "unexpected ',' at byte 1 of the public id",
            ),
            (Layer::video(""), "public id is empty"),
            (
                Layer::image("text/Arial_40/x"),
                "invalid public id of a layer `text/Arial_40/x`: its first folder is parsed as a layer type",
            ),
            (
                Layer::video("authenticated:x"),
                "invalid public id of a layer `authenticated:x`: its first folder is parsed as a layer type",
            ),
            (
                Layer::image("https://example.org/a.png"),
                "invalid public id of a layer `https://example.org/a.png`: it is a URL; use `Layer::fetch`",
            ),
            (Layer::fetch(""), "layer URL is empty"),
            (
                Layer::fetch("https://a/b\tc"),
                "unexpected '\\t' at byte 11 of the layer URL",
            ),
            (
                Layer::fetch_video(" https://a/b c"),
                "unexpected ' ' at byte 0 of the layer URL",
            ),
            (
                Layer::fetch("https://a/b c \u{3000}"),
                "unexpected ' ' at byte 13 of the layer URL",
            ),
            (
                Layer::text(TextStyle::new("Arial", 1).unwrap(), ""),
                "layer text is empty",
            ),
        ] {
            assert_eq!(layer.unwrap_err().to_string(), error);
        }
    }

    #[test]
    fn fetched_urls_are_percent_encoded_once() {
        for (url, encoded) in [
            (
                "https://www.example.com/ä ö.jpg",
                "https://www.example.com/%C3%A4%20%C3%B6.jpg",
            ),
            (
                "https://www.example.com/%C3%A4%20%C3%B6.jpg",
                "https://www.example.com/%C3%A4%20%C3%B6.jpg",
            ),
            ("https://a/b c?d=e&f=g h#i", "https://a/b%20c?d=e&f=g%20h#i"),
            (
                "https://a/日本\u{3000}語",
                "https://a/%E6%97%A5%E6%9C%AC%E3%80%80%E8%AA%9E",
            ),
            ("https://a/100%", "https://a/100%"),
            ("https://a/~b/(c)+d", "https://a/~b/(c)+d"),
        ] {
            let expected = URL_SAFE.encode(encoded);
            let (image, video) = (Layer::fetch(url), Layer::fetch_video(url));
            assert_eq!(image.unwrap().to_string(), format!("fetch:{expected}"));
            assert_eq!(
                video.unwrap().to_string(),
                format!("video:fetch:{expected}")
            );
        }
    }

    #[test]
    fn the_delivery_type_follows_the_layer_type() {
        let private = |layer: Layer| layer.with_delivery_type(DeliveryType::Private).to_string();
        let id = || PublicId::new("b/style").unwrap();
        assert_eq!(private(Layer::image("a/b").unwrap()), "private:a:b");
        assert_eq!(private(Layer::video("a").unwrap()), "video:private:a");
        assert_eq!(private(Layer::text_asset(id())), "text:private:b:style");
        assert_eq!(
            private(Layer::text_with_stored_style(id(), "a b").unwrap()),
            "text:private:b:style:a%20b"
        );
        assert_eq!(
            private(Layer::from(Value::verbatim("subtitles:a").unwrap())),
            "subtitles:a"
        );
    }
}
