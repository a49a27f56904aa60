use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

/// One of the eleven signed URLs of an image.
///
/// The URL is a delivery URL, including its prefix, or a proxy URL.
/// [`ImageSigner::sign`](crate::ImageSigner::sign) creates it. `Display` and
/// `Serialize` write its text.
#[derive(Clone, Debug)]
pub struct ImageUrl<'a>(Cow<'a, str>);

impl ImageUrl<'_> {
    pub(crate) const fn new(text: String) -> Self {
        Self(Cow::Owned(text))
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
        ImageUrl(Cow::Owned(self.0.into_owned()))
    }
}

impl fmt::Display for ImageUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for ImageUrl<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
