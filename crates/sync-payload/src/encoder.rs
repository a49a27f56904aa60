use std::fmt;
use std::io;
use std::mem;

use image_model::{Image, Unsigned};
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;
use url_signer::cloudinary::Asset;

use crate::direct::image::{write_image, write_signed, write_stored};
use crate::direct::url_writer::Scratch;
use crate::encode_error::EncodeError;
use crate::formatter::WireFormatter;
use crate::signer::ImageSigner;
use crate::stored_image::StoredImage;
use crate::wire_style::WireStyle;

/// An encoder that writes a payload image by image.
///
/// The encoder does no I/O, so it works with sync and async code: push an image, send
/// the bytes, clear them. If the bytes are cleared regularly, memory use does not
/// depend on the length of the payload.
///
/// ```
/// use image_model::{Image, Unsigned};
/// use sync_payload::{ImageSigner, PayloadEncoder, WireStyle};
/// use url_signer::cloudinary::Asset;
///
/// fn send(
///     mut out: impl std::io::Write,
///     signer: &ImageSigner,
///     records: impl Iterator<Item = (Image<Unsigned>, Asset)>,
/// ) -> std::io::Result<()> {
///     let mut encoder = PayloadEncoder::new(WireStyle::Rails);
///     for (image, asset) in records {
///         encoder.push_signed(signer, &image, &asset);
///         if let Some(chunk) = encoder.ready(32 * 1024) {
///             out.write_all(chunk)?;
///             encoder.clear();
///         }
///     }
///     out.write_all(&encoder.finish())
/// }
/// ```
#[must_use = "a payload is complete only after `finish`"]
pub struct PayloadEncoder {
    formatter: WireFormatter,
    images: u64,
    buffer: Vec<u8>,
    scratch: Scratch,
}

impl PayloadEncoder {
    /// Creates an encoder that writes a payload on one line.
    pub fn new(style: WireStyle) -> Self {
        Self::with_formatter(WireFormatter::new(style, false))
    }

    /// Creates an encoder that indents the payload, so that it is easier to read.
    pub fn pretty(style: WireStyle) -> Self {
        Self::with_formatter(WireFormatter::new(style, true))
    }

    fn with_formatter(formatter: WireFormatter) -> Self {
        Self {
            formatter,
            images: 0,
            buffer: Vec::new(),
            scratch: Scratch::default(),
        }
    }

    /// Continues a payload after a number of images that another encoder wrote.
    #[cfg(feature = "rayon")]
    pub(crate) const fn continue_after(&mut self, images: u64) {
        self.images = images;
    }

    /// Sets the style of the images that are not encoded yet.
    #[cfg(feature = "stream")]
    pub(crate) const fn set_style(&mut self, style: WireStyle) {
        self.formatter.set_style(style);
    }

    /// Returns the number of bytes that remain if no image follows.
    #[cfg(feature = "http-body")]
    pub(crate) fn remaining_bytes(&self) -> usize {
        let brackets = if self.images == 0 { 2 } else { 1 };
        self.buffer.len() + brackets
    }

    /// Signs an image as [`ImageSigner::sign`] does and appends it.
    ///
    /// The appended bytes are equal to those of `push(&signer.sign(…))`. This method is
    /// about twice as fast, because it does not build an image with URLs.
    ///
    /// `asset` is an `&Asset`, an `Option<&Asset>` or an `&Option<Asset>`. It is
    /// `None` while the file of the image is pending, that is, not uploaded yet.
    ///
    /// ```
    /// use image_model::{Image, Unsigned};
    /// use sync_payload::{ImageSigner, PayloadEncoder, WireStyle};
    /// use url_signer::cloudinary::Asset;
    ///
    /// fn body(signer: &ImageSigner, records: &[(Image<Unsigned>, Asset)]) -> Vec<u8> {
    ///     let mut encoder = PayloadEncoder::new(WireStyle::Rails);
    ///     for (image, asset) in records {
    ///         encoder.push_signed(signer, image, asset);
    ///     }
    ///     encoder.finish()
    /// }
    /// ```
    pub fn push_signed<'a>(
        &mut self,
        signer: &'a ImageSigner,
        image: &Image<Unsigned>,
        asset: impl Into<Option<&'a Asset>>,
    ) {
        let asset = asset.into();
        // The fast path does not indent. The serializer has no errors for signed
        // URLs; if it had one, the image would still be written, on one line.
        if self.formatter.is_pretty() && self.push(&signer.sign(image.clone(), asset)).is_ok() {
            return;
        }
        self.begin_image();
        write_signed(
            &mut self.buffer,
            self.formatter,
            &mut self.scratch,
            signer,
            image,
            asset,
        );
        self.end_image();
    }

    /// Signs a stored image and appends it.
    ///
    /// The appended bytes are equal to those of [`push_signed`](Self::push_signed) with the
    /// decoded image. On one line and in [`WireStyle::Rails`], this method copies the facts
    /// of the image from the stored text. Otherwise, it decodes the image and calls
    /// `push_signed`.
    ///
    /// ```
    /// use sync_payload::{ImageSigner, PayloadEncoder, StoredImage, StoredImageError, WireStyle};
    /// use url_signer::cloudinary::Asset;
    ///
    /// fn body(
    ///     signer: &ImageSigner,
    ///     rows: Vec<(String, Option<Asset>)>,
    /// ) -> Result<Vec<u8>, StoredImageError> {
    ///     let mut encoder = PayloadEncoder::new(WireStyle::Rails);
    ///     for (text, asset) in rows {
    ///         let image = StoredImage::parse(text)?;
    ///         encoder.push_stored(signer, &image, &asset);
    ///     }
    ///     Ok(encoder.finish())
    /// }
    /// ```
    pub fn push_stored<'a>(
        &mut self,
        signer: &'a ImageSigner,
        image: &StoredImage,
        asset: impl Into<Option<&'a Asset>>,
    ) {
        let asset = asset.into();
        let has_stored_style =
            self.formatter.style() == WireStyle::Rails && !self.formatter.is_pretty();
        // If the text cannot be decoded, the image is still written, in the stored style.
        if !has_stored_style && let Ok(image) = image.decode() {
            return self.push_signed(signer, &image, asset);
        }
        self.begin_image();
        write_stored(
            &mut self.buffer,
            self.formatter,
            &mut self.scratch,
            signer,
            &image.url_facts(),
            image.segments(),
            asset,
        );
        self.end_image();
    }

    /// Appends an image that already has URLs, of any type that implements `Serialize`.
    ///
    /// ```
    /// use image_model::Image;
    /// use sync_payload::{PayloadEncoder, WireStyle, to_vec};
    ///
    /// let json = include_str!("../tests/data/response_body.wire.json");
    /// let images: Vec<Image> = image_model::from_str(json)?;
    ///
    /// let mut encoder = PayloadEncoder::new(WireStyle::Rails);
    /// for image in &images {
    ///     encoder.push(image)?;
    /// }
    /// assert_eq!(encoder.finish(), json.as_bytes());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - A URL fails to serialize. A `String` never fails.
    ///
    /// After an error, the payload does not contain the image, and the encoder remains
    /// usable.
    pub fn push<U: Serialize>(&mut self, image: &Image<U>) -> Result<(), EncodeError> {
        let (length, formatter) = (self.buffer.len(), self.formatter);
        self.begin_image();
        let written = if self.formatter.is_pretty() {
            let mut serializer = Serializer::with_formatter(&mut self.buffer, self.formatter);
            image.serialize(&mut serializer)
        } else {
            write_image(&mut self.buffer, self.formatter, image)
        };
        if let Err(source) = written {
            self.buffer.truncate(length);
            self.formatter = formatter;
            return Err(EncodeError::Image {
                index: self.images,
                source,
            });
        }
        self.end_image();
        Ok(())
    }

    /// Returns the bytes that were written since the last [`clear`](Self::clear) or
    /// [`take`](Self::take).
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.buffer
    }

    /// Returns the next chunk, or `None` while it has fewer than `chunk_size` bytes.
    ///
    /// Call this method after each image. Send the chunk, and then call
    /// [`clear`](Self::clear); until then, the chunk is returned again. A chunk exceeds
    /// `chunk_size` by less than one image. It is never empty: 0 means 1. At the end, send
    /// the bytes that [`finish`](Self::finish) returns.
    ///
    /// ```
    /// use sync_payload::{PayloadEncoder, WireStyle};
    ///
    /// let json = include_str!("../tests/data/response_body.wire.json");
    /// let (mut encoder, mut chunks) = (PayloadEncoder::new(WireStyle::Rails), Vec::new());
    /// for image in &image_model::from_str::<String>(json)? {
    ///     encoder.push(image)?;
    ///     if let Some(chunk) = encoder.ready(4096) {
    ///         chunks.push(chunk.to_vec());
    ///         encoder.clear();
    ///     }
    /// }
    /// chunks.push(encoder.finish());
    /// assert_eq!(chunks.concat(), json.as_bytes());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn ready(&self, chunk_size: usize) -> Option<&[u8]> {
        (self.buffer.len() >= chunk_size.max(1)).then_some(self.as_bytes())
    }

    /// Removes the bytes and keeps their memory for the next images.
    ///
    /// Call this method after sending the bytes.
    pub fn clear(&mut self) {
        self.buffer.clear();
    }

    /// Removes the bytes from the encoder and returns them.
    ///
    /// The next image allocates new memory.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        mem::take(&mut self.buffer)
    }

    /// Ends the payload and returns the remaining bytes.
    ///
    /// A payload without images is `[]`.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        if self.images == 0 {
            infallible(self.formatter.begin_array(&mut self.buffer));
        }
        infallible(self.formatter.end_array(&mut self.buffer));
        self.buffer
    }

    /// Appends what precedes an image in the list.
    fn begin_image(&mut self) {
        let first = self.images == 0;
        if first {
            infallible(self.formatter.begin_array(&mut self.buffer));
        }
        infallible(self.formatter.begin_array_value(&mut self.buffer, first));
    }

    fn end_image(&mut self) {
        infallible(self.formatter.end_array_value(&mut self.buffer));
        self.images += 1;
    }
}

/// Drops the result of writing to a `Vec`, which accepts every byte.
fn infallible(_: io::Result<()>) {}

/// Shows the number of buffered bytes. Omits the bytes, because their URLs grant access.
impl fmt::Debug for PayloadEncoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PayloadEncoder")
            .field("style", &self.formatter.style())
            .field("pretty", &self.formatter.is_pretty())
            .field("images", &self.images)
            .field("buffered_bytes", &self.buffer.len())
            .finish_non_exhaustive()
    }
}
