use std::sync::Arc;

use image_model::{Image, Unsigned};
use url_signer::cloudinary::Asset;

use crate::encoder::PayloadEncoder;
use crate::signer::ImageSigner;
use crate::stored_image::StoredImage;

/// A record that becomes one image of a payload. Requires the feature `stream`.
///
/// A [`PayloadStream`](crate::PayloadStream) reads records of any type that implements
/// this trait. A pair of an image, or a [`StoredImage`], and its asset is a record.
/// Implement the trait for the record type of a host:
///
/// ```
/// use image_model::{Image, Unsigned};
/// use sync_payload::{ImageSigner, PayloadEncoder, PayloadRecord};
/// use url_signer::cloudinary::Asset;
///
/// struct Row {
///     image: Image<Unsigned>,
///     asset: Option<Asset>,
/// }
///
/// impl PayloadRecord for Row {
///     fn push_to(&self, encoder: &mut PayloadEncoder, signer: &ImageSigner) {
///         encoder.push_signed(signer, &self.image, &self.asset);
///     }
/// }
/// ```
pub trait PayloadRecord {
    /// Signs the image and appends it to a payload.
    ///
    /// Push exactly one image, and do not call [`clear`](PayloadEncoder::clear) or
    /// [`take`](PayloadEncoder::take): the bytes would be missing in the payload.
    ///
    /// This method cannot fail. Report an invalid record where it is read: as an error of
    /// the stream of records.
    fn push_to(&self, encoder: &mut PayloadEncoder, signer: &ImageSigner);
}

impl PayloadRecord for (Image<Unsigned>, Asset) {
    fn push_to(&self, encoder: &mut PayloadEncoder, signer: &ImageSigner) {
        let (image, asset) = self;
        encoder.push_signed(signer, image, asset);
    }
}

/// The asset is `None` while the file of the image is pending.
impl PayloadRecord for (Image<Unsigned>, Option<Asset>) {
    fn push_to(&self, encoder: &mut PayloadEncoder, signer: &ImageSigner) {
        let (image, asset) = self;
        encoder.push_signed(signer, image, asset);
    }
}

impl PayloadRecord for (StoredImage, Asset) {
    fn push_to(&self, encoder: &mut PayloadEncoder, signer: &ImageSigner) {
        let (image, asset) = self;
        encoder.push_stored(signer, image, asset);
    }
}

/// The asset is `None` while the file of the image is pending.
impl PayloadRecord for (StoredImage, Option<Asset>) {
    fn push_to(&self, encoder: &mut PayloadEncoder, signer: &ImageSigner) {
        let (image, asset) = self;
        encoder.push_stored(signer, image, asset);
    }
}

impl<T: PayloadRecord + ?Sized> PayloadRecord for &T {
    fn push_to(&self, encoder: &mut PayloadEncoder, signer: &ImageSigner) {
        T::push_to(self, encoder, signer);
    }
}

impl<T: PayloadRecord + ?Sized> PayloadRecord for Arc<T> {
    fn push_to(&self, encoder: &mut PayloadEncoder, signer: &ImageSigner) {
        T::push_to(self, encoder, signer);
    }
}
