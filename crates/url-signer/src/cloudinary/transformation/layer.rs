use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;

use super::{PublicId, TextStyle, TransformationError, Value, encoding};
use crate::cloudinary::DeliveryType;

/// What is put over an image, or under it.
///
/// Where it goes is said by the step that has the layer, or by a later one with
/// [`Flag::LayerApply`](crate::cloudinary::Flag::LayerApply).
///
/// ```
/// use url_signer::cloudinary::{Flag, Transformation};
/// use url_signer::cloudinary::transformation::{Gravity, Layer, Step, TextStyle};
///
/// let title = Layer::text(TextStyle::new("Arial", 40)?, "Hello, $(name)")?;
/// let transformation = Transformation::new()
///     .step(Step::new().overlay(title).width(200))
///     .step(Step::new().flags(&[Flag::LayerApply]).gravity(Gravity::South));
/// assert_eq!(
///     transformation.as_str(),
///     "l_text:Arial_40:Hello%252C%20$(name),w_200/fl_layer_apply,g_south",
/// );
/// # Ok::<(), url_signer::cloudinary::TransformationError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Layer {
    kind: Kind,
    delivery_type: DeliveryType,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Image(PublicId),
    Video(PublicId),
    /// The URL as it is written.
    Fetch(Value),
    FetchVideo(Value),
    /// Style and text.
    Text(Value),
    Other(Value),
}

impl Layer {
    /// An image by its public id, with its extension if it needs one.
    ///
    /// # Errors
    ///
    /// - A public id that [`PublicId::new`] refuses.
    /// - One whose first folder is named like a kind of layer (`text`, `fetch`,
    ///   `video`, …) or a delivery type, for which it would be taken.
    pub fn image(public_id: &str) -> Result<Self, TransformationError> {
        public_id_alone(public_id).map(|id| Self::of(Kind::Image(id)))
    }

    /// A video by its public id.
    ///
    /// # Errors
    ///
    /// - What [`Layer::image`] refuses.
    pub fn video(public_id: &str) -> Result<Self, TransformationError> {
        public_id_alone(public_id).map(|id| Self::of(Kind::Video(id)))
    }

    /// An image from elsewhere, by its URL, which is written as it is given: it
    /// should be escaped already.
    ///
    /// # Errors
    ///
    /// - Nothing.
    /// - White space or control characters.
    pub fn fetch(url: &str) -> Result<Self, TransformationError> {
        fetched(url).map(|url| Self::of(Kind::Fetch(url)))
    }

    /// A video from elsewhere, like [`Layer::fetch`].
    ///
    /// # Errors
    ///
    /// - Nothing.
    /// - White space or control characters.
    pub fn fetch_video(url: &str) -> Result<Self, TransformationError> {
        fetched(url).map(|url| Self::of(Kind::FetchVideo(url)))
    }

    /// A text in a style. It may be any text; `$(name)` in it is the value of
    /// a variable whose name is of two characters or more.
    ///
    /// # Errors
    ///
    /// - No text.
    pub fn text(style: TextStyle, text: &str) -> Result<Self, TransformationError> {
        Self::styled(&style.into(), text)
    }

    /// A text in the style of a text that is stored at the provider.
    ///
    /// # Errors
    ///
    /// - No text.
    pub fn text_styled_as(text_id: PublicId, text: &str) -> Result<Self, TransformationError> {
        Self::styled(&text_id.into(), text)
    }

    /// The text that is stored at the provider, as it is.
    #[must_use]
    pub fn stored_text(text_id: PublicId) -> Self {
        Self::of(Kind::Text(text_id.into()))
    }

    /// A layer of this delivery type; everybody's is not written. What is fetched
    /// or verbatim has none.
    #[must_use]
    pub fn with_delivery_type(self, delivery_type: DeliveryType) -> Self {
        Self {
            delivery_type,
            ..self
        }
    }

    fn styled(style: &Value, text: &str) -> Result<Self, TransformationError> {
        TransformationError::check("text of a layer", text, |_| true)?;
        let text = encoding::text_with_variables(text);
        Ok(Self::of(Kind::Text(Value::from_valid(format!(
            "{style}:{text}"
        )))))
    }

    const fn of(kind: Kind) -> Self {
        Self {
            kind,
            delivery_type: DeliveryType::Upload,
        }
    }
}

/// What a layer can begin with beside a public id.
const KINDS: &[&str] = &[
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

/// A public id that is not taken for more than that.
fn public_id_alone(public_id: &str) -> Result<PublicId, TransformationError> {
    let id = PublicId::new(public_id)?;
    let folder = id.as_str().split_once(':').map(|(folder, _)| folder);
    if folder.is_some_and(|folder| KINDS.contains(&folder)) {
        return Err(TransformationError::Part(
            "public id",
            public_id.to_owned(),
            "one of a layer: its first folder names a kind of layer",
        ));
    }
    Ok(id)
}

/// A URL in URL-safe base64 with its padding, as some official SDKs write it;
/// the others leave the padding out.
fn fetched(url: &str) -> Result<Value, TransformationError> {
    let stands = |char: char| !char.is_whitespace() && !char.is_control();
    TransformationError::check("url of a layer", url, stands)?;
    Ok(Value::from_valid(URL_SAFE.encode(url)))
}

/// Writes the layer as it stands in a URL.
impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, source) = match &self.kind {
            Kind::Image(id) => ("", id.as_str()),
            Kind::Video(id) => ("video:", id.as_str()),
            Kind::Fetch(url) => return write!(f, "fetch:{url}"),
            Kind::FetchVideo(url) => return write!(f, "video:fetch:{url}"),
            Kind::Text(text) => ("text:", text.as_str()),
            Kind::Other(layer) => return layer.fmt(f),
        };
        f.write_str(kind)?;
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

/// A layer as the provider writes it.
impl From<Value> for Layer {
    fn from(layer: Value) -> Self {
        Self::of(Kind::Other(layer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_that_would_break_the_url_are_refused() {
        for (layer, error) in [
            (
                Layer::image("a,b"),
                "public id has ',' at byte 1, which cannot stand in it",
            ),
            (Layer::video(""), "public id is empty"),
            (
                Layer::image("text/Arial_40/x"),
                "public id \"text/Arial_40/x\" is not one of a layer: its first folder names a kind of layer",
            ),
            (
                Layer::video("authenticated:x"),
                "public id \"authenticated:x\" is not one of a layer: its first folder names a kind of layer",
            ),
            (Layer::fetch(""), "url of a layer is empty"),
            (
                Layer::fetch("https://a/b c"),
                "url of a layer has ' ' at byte 11, which cannot stand in it",
            ),
            (
                Layer::text(TextStyle::new("Arial", 1).unwrap(), ""),
                "text of a layer is empty",
            ),
        ] {
            assert_eq!(layer.unwrap_err().to_string(), error);
        }
    }

    #[test]
    fn a_delivery_type_stands_after_the_kind_of_layer() {
        let private = |layer: Layer| layer.with_delivery_type(DeliveryType::Private).to_string();
        let id = || PublicId::new("b/style").unwrap();
        assert_eq!(private(Layer::image("a/b").unwrap()), "private:a:b");
        assert_eq!(private(Layer::video("a").unwrap()), "video:private:a");
        assert_eq!(private(Layer::stored_text(id())), "text:private:b:style");
        assert_eq!(
            private(Layer::text_styled_as(id(), "a b").unwrap()),
            "text:private:b:style:a%20b"
        );
        assert_eq!(
            private(Layer::from(Value::verbatim("subtitles:a").unwrap())),
            "subtitles:a"
        );
    }
}
