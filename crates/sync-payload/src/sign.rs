use image_model::{Image, Unsigned};
use url_signer::cloudinary::Asset;

use crate::direct::url_writer::signed_urls;
use crate::signer::ImageSigner;
use crate::url_facts::UrlFacts;

impl ImageSigner {
    /// Signs the eleven URLs of an image.
    ///
    /// `asset` is an `&Asset`, an `Option<&Asset>` or an `&Option<Asset>`. It is
    /// `None` while the file is pending, that is, not uploaded yet.
    ///
    /// - The delivery URLs apply the crop and the rotation of the image.
    /// - The proxy URLs contain the `filename` and the `format` of the image. A
    ///   missing `filename` becomes `image`, and a missing `format` becomes `jpg`.
    /// - While the file is pending, the delivery URLs deliver the placeholder with
    ///   their usual transformations and without a prefix. A rendition with a
    ///   [`pending_thumbnail`] has a proxy URL instead. The only
    ///   reference rendition with a pending thumbnail is `original_url`.
    ///
    /// To encode a payload, use [`PayloadEncoder::push_signed`]. It is about
    /// twice as fast and writes equal bytes.
    ///
    /// ```
    /// use image_model::{Image, Unsigned};
    /// use sync_payload::ImageSigner;
    /// use url_signer::cloudinary::{Asset, AssetError};
    ///
    /// fn signed(
    ///     signer: &ImageSigner,
    ///     rows: Vec<(Image<Unsigned>, String)>,
    /// ) -> Result<Vec<Image>, AssetError> {
    ///     let sign = |(image, public_id): (Image<Unsigned>, String)| {
    ///         Ok(signer.sign(image, &Asset::authenticated(&public_id)?))
    ///     };
    ///     rows.into_iter().map(sign).collect()
    /// }
    /// ```
    ///
    /// [`PayloadEncoder::push_signed`]: crate::PayloadEncoder::push_signed
    /// [`pending_thumbnail`]: crate::DeliveryRendition::pending_thumbnail
    #[must_use]
    pub fn sign<'a>(&self, image: Image<Unsigned>, asset: impl Into<Option<&'a Asset>>) -> Image {
        let urls = signed_urls(self, &UrlFacts::of(&image), asset.into());
        image.with_urls(urls)
    }
}
