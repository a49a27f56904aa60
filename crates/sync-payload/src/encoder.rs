use std::borrow::Borrow;
use std::io;
use std::mem;

use image_model::{Image, Unsigned};
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;
use thiserror::Error;
use url_signer::cloudinary::{Asset, Transformation};

use crate::direct::{DirectWriter, prefetch};
use crate::json::WireFormatter;
use crate::renditions::Edit;
use crate::{ImageSigner, WireStyle};

/// Bytes that [`to_writer`] gathers before it writes.
const CHUNK: usize = 64 * 1024;

/// Writes a payload image by image, in constant memory.
///
/// It does no I/O: push an image, take the bytes, send them as the host's
/// framework does, sync or async. The bytes are those of [`to_vec`].
///
/// ```
/// use image_model::Image;
/// use sync_payload::{PayloadEncoder, WireStyle, to_vec};
///
/// let json = include_str!("../tests/data/response_body.wire.json");
/// let images: Vec<Image> = image_model::from_str(json)?;
///
/// let mut body = Vec::new();
/// let mut encoder = PayloadEncoder::new(WireStyle::Rails);
/// for image in &images {
///     encoder.push(image)?;
///     body.extend_from_slice(encoder.as_bytes());
///     encoder.clear();
/// }
/// body.extend(encoder.finish());
/// assert_eq!(body, to_vec(&images, WireStyle::Rails)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct PayloadEncoder {
    formatter: WireFormatter,
    images: u64,
    buffer: Vec<u8>,
    memory: Memory,
}

/// Memory for what is different for each edited image.
#[derive(Debug, Default)]
struct Memory {
    edit: Edit,
    steps: Transformation,
}

impl PayloadEncoder {
    /// An encoder at the beginning of a payload.
    #[must_use]
    pub fn new(style: WireStyle) -> Self {
        Self::with_formatter(WireFormatter::new(style, false))
    }

    /// The same over many lines, for people.
    #[must_use]
    pub fn pretty(style: WireStyle) -> Self {
        Self::with_formatter(WireFormatter::new(style, true))
    }

    /// Goes on as if so many images had been pushed.
    #[cfg(feature = "rayon")]
    pub(crate) const fn continue_after(&mut self, images: u64) {
        self.images = images;
    }

    fn with_formatter(formatter: WireFormatter) -> Self {
        Self {
            formatter,
            images: 0,
            buffer: Vec::new(),
            memory: Memory::default(),
        }
    }

    /// Adds one image to the bytes.
    ///
    /// # Errors
    ///
    /// - A URL of a type whose `Serialize` fails; those of this crate and
    ///   `String` never do. No byte of the image is added then, and the next
    ///   may be pushed.
    pub fn push<U: Serialize>(&mut self, image: &Image<U>) -> Result<(), EncodeError> {
        self.add(|formatter, out, _| {
            image.serialize(&mut Serializer::with_formatter(out, formatter))
        })
    }

    /// Signs an image as [`ImageSigner::sign`] does and adds it, several times
    /// as fast: nothing is made of it but the bytes.
    ///
    /// ```
    /// use image_model::{Image, Unsigned};
    /// use sync_payload::{EncodeError, ImageSigner, PayloadEncoder, WireStyle};
    /// use url_signer::cloudinary::Asset;
    ///
    /// fn body(
    ///     signer: &ImageSigner,
    ///     records: &[(Image<Unsigned>, Asset)],
    /// ) -> Result<Vec<u8>, EncodeError> {
    ///     let mut encoder = PayloadEncoder::new(WireStyle::Rails);
    ///     for (image, asset) in records {
    ///         encoder.push_signed(signer, image, asset)?;
    ///     }
    ///     Ok(encoder.finish())
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// None that is known: all that an image holds can be written.
    pub fn push_signed<'a>(
        &mut self,
        signer: &'a ImageSigner,
        image: &Image<Unsigned>,
        asset: impl Into<Option<&'a Asset>>,
    ) -> Result<(), EncodeError> {
        let asset = asset.into();
        if self.formatter.is_pretty() {
            return self.push(&signer.sign(image.clone(), asset));
        }
        self.add(|formatter, out, Memory { edit, steps }| {
            prefetch(image, asset);
            edit.set(image);
            signer.with_image_urls(image, asset, edit, |urls| {
                let mut writer = DirectWriter {
                    out,
                    formatter,
                    signer,
                    urls,
                    steps,
                    last_delivery: 0..0,
                };
                writer.image(image)
            })
        })
    }

    /// Adds what is written, or no byte if it can't be.
    fn add(
        &mut self,
        write: impl FnOnce(WireFormatter, &mut Vec<u8>, &mut Memory) -> Result<(), serde_json::Error>,
    ) -> Result<(), EncodeError> {
        let (before, formatter) = (self.buffer.len(), self.formatter);
        let added = self.between(|this| write(this.formatter, &mut this.buffer, &mut this.memory));
        if let Err(source) = added {
            self.buffer.truncate(before);
            self.formatter = formatter;
            return Err(EncodeError::Image {
                index: self.images,
                source,
            });
        }
        self.images += 1;
        Ok(())
    }

    /// Writes what stands before and after an image in the list.
    fn between(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<(), serde_json::Error>,
    ) -> Result<(), serde_json::Error> {
        let first = self.images == 0;
        if first {
            self.formatter
                .begin_array(&mut self.buffer)
                .map_err(serde_json::Error::io)?;
        }
        self.formatter
            .begin_array_value(&mut self.buffer, first)
            .map_err(serde_json::Error::io)?;
        write(self)?;
        self.formatter
            .end_array_value(&mut self.buffer)
            .map_err(serde_json::Error::io)
    }

    /// The bytes since the last [`clear`](Self::clear) or [`take`](Self::take).
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.buffer
    }

    /// Drops the bytes, which have been sent, and keeps their memory for more.
    pub fn clear(&mut self) {
        self.buffer.clear();
    }

    /// Gives away the bytes and their memory.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        mem::take(&mut self.buffer)
    }

    /// Ends the payload, and gives the bytes that are left; `[]` if there was
    /// no image at all.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        // A `Vec` takes anything; the results are for other writers.
        if self.images == 0 {
            let _ = self.formatter.begin_array(&mut self.buffer);
        }
        let _ = self.formatter.end_array(&mut self.buffer);
        self.buffer
    }
}

/// Writes a payload into memory.
///
/// # Errors
///
/// Those of [`PayloadEncoder::push`].
pub fn to_vec<I, U>(images: I, style: WireStyle) -> Result<Vec<u8>, EncodeError>
where
    I: IntoIterator<Item: Borrow<Image<U>>>,
    U: Serialize,
{
    let mut encoder = PayloadEncoder::new(style);
    for image in images {
        encoder.push(image.borrow())?;
    }
    Ok(encoder.finish())
}

/// Writes a payload to a writer, some tens of kilobytes at a time.
///
/// # Errors
///
/// - Those of [`PayloadEncoder::push`].
/// - Those of the writer.
///
/// What the writer took before an error is no whole payload.
pub fn to_writer<I, U>(
    mut writer: impl io::Write,
    images: I,
    style: WireStyle,
) -> Result<(), EncodeError>
where
    I: IntoIterator<Item: Borrow<Image<U>>>,
    U: Serialize,
{
    let mut encoder = PayloadEncoder::new(style);
    for image in images {
        encoder.push(image.borrow())?;
        if encoder.as_bytes().len() >= CHUNK {
            writer.write_all(encoder.as_bytes())?;
            encoder.clear();
        }
    }
    writer.write_all(&encoder.finish())?;
    writer.flush()?;
    Ok(())
}

/// Why a payload could not be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// An image with a URL that could not be written.
    #[error("images[{index}]: {source}")]
    Image {
        /// Which image, from 0.
        index: u64,
        /// What its URL said.
        source: serde_json::Error,
    },
    /// The writer failed.
    #[error("payload could not be written: {0}")]
    Write(#[from] io::Error),
}
