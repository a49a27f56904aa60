use std::borrow::Cow;
use std::fmt::{self, Write};

use serde::{Serialize, Serializer};
use url_signer::ProxyUrl;
use url_signer::cloudinary::SignedUrl;

/// Bytes that hold almost every URL.
const USUAL_BYTES: usize = 256;

/// One of the eleven signed URLs of an image.
///
/// The URL is a delivery URL, including its prefix, or a proxy URL.
/// [`ImageSigner::sign`](crate::ImageSigner::sign) creates it. `Display` and
/// `Serialize` format the URL on demand.
#[derive(Clone)]
pub struct ImageUrl<'a>(Inner<'a>);

#[derive(Clone)]
enum Inner<'a> {
    Delivery {
        prefix: Cow<'a, str>,
        url: SignedUrl<'a>,
    },
    Proxy(ProxyUrl),
}

impl<'a> ImageUrl<'a> {
    pub(crate) const fn delivery(prefix: &'a str, url: SignedUrl<'a>) -> Self {
        let prefix = Cow::Borrowed(prefix);
        Self(Inner::Delivery { prefix, url })
    }

    pub(crate) const fn proxy(url: ProxyUrl) -> Self {
        Self(Inner::Proxy(url))
    }

    /// Converts the URL to one that does not borrow the signer and the asset.
    ///
    /// ```
    /// use image_model::{Image, Unsigned};
    /// use sync_payload::{ImageSigner, ImageUrl};
    /// use url_signer::cloudinary::{Asset, AssetError};
    ///
    /// struct Card {
    ///     url: ImageUrl<'static>,
    /// }
    ///
    /// fn card(
    ///     signer: &ImageSigner,
    ///     image: Image<Unsigned>,
    ///     public_id: &str,
    /// ) -> Result<Card, AssetError> {
    ///     let asset = Asset::authenticated(public_id)?;
    ///     let image = signer.sign(image, &asset);
    ///     Ok(Card { url: image.thumbnails.mini.into_owned() })
    /// }
    /// ```
    #[must_use]
    pub fn into_owned(self) -> ImageUrl<'static> {
        ImageUrl(match self.0 {
            Inner::Delivery { prefix, url } => Inner::Delivery {
                prefix: Cow::Owned(prefix.into_owned()),
                url: url.into_owned(),
            },
            Inner::Proxy(url) => Inner::Proxy(url),
        })
    }
}

impl fmt::Display for ImageUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Delivery { prefix, url } => write!(f, "{prefix}{url}"),
            Inner::Proxy(url) => url.fmt(f),
        }
    }
}

/// Omits the Cloudinary access token of a delivery URL.
impl fmt::Debug for ImageUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Delivery { prefix, url } => f
                .debug_struct("ImageUrl")
                .field("prefix", prefix)
                .field("url", url)
                .finish(),
            Inner::Proxy(url) => f.debug_struct("ImageUrl").field("url", url).finish(),
        }
    }
}

impl Serialize for ImageUrl<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // In one piece: the serializer scans each piece for characters to escape,
        // and a URL is formatted in many.
        let mut text = String::with_capacity(USUAL_BYTES);
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{self}");
        serializer.serialize_str(&text)
    }
}
