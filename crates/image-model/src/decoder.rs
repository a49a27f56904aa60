//! Decoding of a payload that arrives in pieces.

pub(crate) mod position;
pub(crate) mod read;
#[cfg(feature = "stream")]
pub(crate) mod stream;

mod elements;
mod scanner;

use std::error::Error;
use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;

use crate::decode_error::{DecodeError, DecodeErrorKind};
use crate::decoder::elements::{Elements, Fault, Part};
use crate::decoder::position::Position;
use crate::image::Image;

/// The default limit of the bytes of an image.
const MAX_IMAGE_BYTES: usize = 16 * 1024 * 1024;

/// The default limit of the depth of an image. With the array around the image, it is
/// the limit of `serde_json`.
const MAX_DEPTH: usize = 126;

/// A decoder that reads a payload image by image.
///
/// The decoder does no I/O, so it works with sync and async code: push bytes, take the
/// images, and repeat until the input ends. Then call [`finish`](Self::finish), which
/// checks that the payload is complete. The chunks of the input can have any length. The
/// results do not depend on how the payload is split.
///
/// `U` is the type of the URLs, `String` or [`Unsigned`](crate::Unsigned) for example.
/// It owns its data, because the decoder reuses its buffer. For a reader, see
/// [`read_images`](crate::read_images).
#[cfg_attr(
    feature = "stream",
    doc = "For an asynchronous stream, see [`stream_images`](crate::stream_images)."
)]
#[cfg_attr(
    not(feature = "stream"),
    doc = "For an asynchronous stream, see `stream_images` of the feature `stream`."
)]
///
/// ```
/// use std::io::Read;
///
/// use image_model::PayloadDecoder;
///
/// fn print_thumbnails(mut body: impl Read) -> Result<(), Box<dyn std::error::Error>> {
///     let mut decoder = PayloadDecoder::<String>::new();
///     let mut chunk = [0; 8 * 1024];
///     loop {
///         let length = body.read(&mut chunk)?;
///         if length == 0 {
///             break;
///         }
///         decoder.push(&chunk[..length]);
///         while let Some(image) = decoder.next_image() {
///             println!("{}", image?.thumbnails.mini);
///         }
///     }
///     decoder.finish()?;
///     Ok(())
/// }
/// # print_thumbnails(&include_bytes!("../tests/data/response_body.wire.json")[..])?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Errors have the paths, the texts, the lines and the columns of the errors of
/// [`from_slice`](crate::from_slice). There are two kinds of errors:
///
/// - An image that cannot be decoded, or exceeds a limit, is one error. The decoder
///   continues with the next image.
/// - If the array itself is invalid, or brackets do not match, the remaining images
///   cannot be found. The error [is final](DecodeError::is_final): [`next_image`](Self::next_image)
///   returns `None` from then on, and `finish` returns the error again.
///
/// A client that skips invalid images must still check the result of `finish`. If the
/// payload is incomplete, an image that is missing in it may still exist at the host, so
/// the client must not delete its copy of the image. The same applies to an image whose
/// error was skipped.
///
/// # Memory
///
/// The decoder buffers the bytes whose images were not taken, and the incomplete image.
/// The buffer can be about four times as large as these bytes, and keeps its size until
/// the decoder is dropped or a final error occurs. If the images are taken after each
/// `push`, the buffer does not depend on the length of the payload, but on the largest
/// image, which has at most [`with_max_image_bytes`](Self::with_max_image_bytes), and on
/// the longest `push`.
///
/// # Differences from `from_slice`
///
/// - An image must not exceed the limits. `from_slice` limits the depth of values that it
///   decodes, but not of unknown keys and ignored URLs.
/// - If a payload is [truncated](DecodeErrorKind::Truncated), this is the error, even if
///   the incomplete image also has an invalid value. JSON that is invalid before the end,
///   such as a string with an unescaped quote, is an error of
///   [syntax](DecodeErrorKind::Syntax), because a retry does not help.
#[must_use = "a payload is valid only if `finish` returns `Ok`"]
pub struct PayloadDecoder<U = String> {
    elements: Elements,
    failure: Option<Failure>,
    urls: PhantomData<fn() -> U>,
}

/// A final error, to be returned again.
struct Failure {
    kind: DecodeErrorKind,
    path: String,
    message: String,
}

impl<U> PayloadDecoder<U> {
    /// Creates a decoder of a payload.
    pub const fn new() -> Self {
        Self {
            elements: Elements::new(MAX_IMAGE_BYTES, MAX_DEPTH),
            failure: None,
            urls: PhantomData,
        }
    }

    /// Sets the maximum number of bytes of an image. The default is 16 MiB.
    ///
    /// ```
    /// use image_model::{DecodeErrorKind, PayloadDecoder};
    ///
    /// let mut decoder = PayloadDecoder::<String>::new().with_max_image_bytes(1000);
    /// decoder.push(br#"[{"title":""#);
    /// decoder.push(&[b'a'; 1000]);
    /// let error = decoder.next_image().unwrap().unwrap_err();
    /// assert_eq!(error.kind(), DecodeErrorKind::TooLong);
    /// assert_eq!(error.path(), "images[0]");
    /// ```
    pub const fn with_max_image_bytes(mut self, max_image_bytes: usize) -> Self {
        self.elements.set_max_bytes(max_image_bytes);
        self
    }

    /// Sets the maximum nesting depth of an image. The default is 126.
    ///
    /// An object without nested arrays and objects has the depth 1. An image beyond the
    /// limit has an error of the kind [`TooDeep`](DecodeErrorKind::TooDeep). With a limit
    /// above 127, `serde_json` rejects deeper values with an error of the kind
    /// [`Syntax`](DecodeErrorKind::Syntax), except in ignored values.
    ///
    /// ```
    /// use image_model::{DecodeErrorKind, PayloadDecoder};
    ///
    /// let mut decoder = PayloadDecoder::<String>::new().with_max_depth(2);
    /// decoder.push(br#"[{"exifs":{"a":[]}}]"#);
    /// let error = decoder.next_image().unwrap().unwrap_err();
    /// assert_eq!(error.kind(), DecodeErrorKind::TooDeep);
    /// assert_eq!(error.path(), "images[0]");
    /// ```
    pub const fn with_max_depth(mut self, max_depth: usize) -> Self {
        self.elements.set_max_depth(max_depth);
        self
    }

    /// Appends the next bytes of the payload.
    ///
    /// Take all available images with [`next_image`](Self::next_image) before the next
    /// `push`, so that the decoder can release their memory.
    pub fn push(&mut self, bytes: &[u8]) {
        self.elements.push(bytes);
    }

    /// Returns the bytes of the image that [`next_image`](Self::next_image) returned last,
    /// as received. If `next_image` returned the error of an image, returns the bytes of
    /// this image.
    ///
    /// The bytes may be invalid UTF-8, even if the image was decoded: values of unknown
    /// keys are not checked. To store the bytes as text, use [`str::from_utf8`] and handle
    /// its error.
    ///
    /// The slice is empty before the first image, after the next `push`, after
    /// `next_image` returned `None` or a final error, and if the image exceeds a limit.
    ///
    /// ```
    /// use image_model::PayloadDecoder;
    ///
    /// let json = include_bytes!("../tests/data/response_body.wire.json");
    /// let mut decoder = PayloadDecoder::<String>::new();
    /// decoder.push(json);
    /// let mut list = Vec::new();
    /// while let Some(image) = decoder.next_image() {
    ///     image?;
    ///     list.push(decoder.raw_image().to_vec());
    /// }
    /// decoder.finish()?;
    /// assert_eq!([b"[", &*list.join(&b','), b"]"].concat(), json);
    /// # Ok::<(), image_model::DecodeError>(())
    /// ```
    #[must_use]
    pub fn raw_image(&self) -> &[u8] {
        self.elements.found()
    }

    /// Creates the error of a reader or stream.
    pub(crate) fn read_error(
        &self,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> DecodeError {
        let path = path(self.elements.next_index());
        DecodeError::with_kind(DecodeErrorKind::Read, path, source)
    }
}

impl<U: DeserializeOwned> PayloadDecoder<U> {
    /// Returns the next image, or `None` if more bytes are needed or the payload ended.
    ///
    /// # Errors
    ///
    /// - The image is invalid, as for [`from_slice`](crate::from_slice).
    /// - The image has too many bytes or is nested too deeply.
    /// - The payload is not an array, starts with a byte order mark, is not valid JSON, or
    ///   other text follows it. The error [is final](DecodeError::is_final).
    pub fn next_image(&mut self) -> Option<Result<Image<U>, DecodeError>> {
        match self.elements.next()? {
            Part::Element => match serde_json::from_slice(self.elements.found()) {
                Ok(image) => Some(Ok(image)),
                Err(_) => Some(self.decode_with_path()),
            },
            Part::Rejected(fault) => Some(Err(self.error(fault).of_image())),
            Part::Failed(fault) => Some(Err(self.fail(fault))),
        }
    }

    /// Checks that the payload is complete.
    ///
    /// Images that were not taken are decoded and dropped. If one of them is invalid and
    /// the payload is complete, the first of these errors is returned. To skip invalid
    /// images, take all images before you call this method.
    ///
    /// ```
    /// use image_model::{DecodeErrorKind, PayloadDecoder};
    ///
    /// let mut decoder = PayloadDecoder::<String>::new();
    /// decoder.push(br#"[{"gps":[48.86"#);
    /// assert!(decoder.next_image().is_none());
    ///
    /// let error = decoder.finish().unwrap_err();
    /// assert_eq!(error.path(), "images[0].gps");
    /// assert_eq!(error.kind(), DecodeErrorKind::Truncated);
    /// assert!(error.is_retryable());
    /// ```
    ///
    /// # Errors
    ///
    /// All errors [are final](DecodeError::is_final).
    ///
    /// - The payload is truncated.
    /// - `next_image` returned a final error, which is returned again.
    /// - An image that was not taken is invalid, and the payload is complete.
    pub fn finish(mut self) -> Result<(), DecodeError> {
        self.end()
    }

    pub(crate) fn end(&mut self) -> Result<(), DecodeError> {
        let mut invalid = None;
        while let Some(image) = self.next_image() {
            invalid = invalid.or(image.err());
        }
        if let Some(failure) = &self.failure {
            return Err(failure.error());
        }
        match self.elements.truncated() {
            None => invalid.map_or(Ok(()), |error| Err(error.into_final())),
            Some(fault) => Err(self.fail(fault)),
        }
    }

    /// Decodes an image that has an error again. Tracking the path costs time at every
    /// key, so the images without errors are decoded without it, as in `from_slice`.
    #[cold]
    fn decode_with_path(&self) -> Result<Image<U>, DecodeError> {
        let (json, position) = self.elements.delimited();
        let path = path(Some(self.elements.found_index()));
        let mut decoded = parse(json, &path, position);
        if let Err(error) = &decoded
            && error.kind() == DecodeErrorKind::Truncated
        {
            // The image is complete, but the parser reads four bytes after `\u`.
            decoded = parse(&[json, b"    "].concat(), &path, position);
        }
        decoded.map_err(DecodeError::of_image)
    }

    /// Ends the payload with an error.
    fn fail(&mut self, fault: Fault) -> DecodeError {
        let error = self.error(fault);
        self.failure = Some(Failure {
            kind: error.kind(),
            path: error.path().to_owned(),
            message: error.source().map(ToString::to_string).unwrap_or_default(),
        });
        self.elements.release();
        error
    }

    fn error(&self, fault: Fault) -> DecodeError {
        if fault.is_partial {
            // The parser knows the path, unless it finds another error before.
            let (json, position) = self.elements.partial();
            let parsed = parse::<U>(json, &path(fault.index), position);
            if let Err(error) = parsed
                && [fault.kind, DecodeErrorKind::Syntax].contains(&error.kind())
            {
                return error;
            }
        }
        let source = match fault.position {
            Some(position) => position.error(&fault.message),
            None => serde::de::Error::custom(fault.message),
        };
        DecodeError::with_kind(fault.kind, path(fault.index), source)
    }
}

impl<U> Default for PayloadDecoder<U> {
    fn default() -> Self {
        Self::new()
    }
}

impl<U> fmt::Debug for PayloadDecoder<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The buffer contains signed URLs.
        f.debug_struct("PayloadDecoder").finish_non_exhaustive()
    }
}

impl Failure {
    fn error(&self) -> DecodeError {
        let source: serde_json::Error = serde::de::Error::custom(&self.message);
        DecodeError::with_kind(self.kind, self.path.clone(), source)
    }
}

/// Parses an image at a position of a payload, with the path of an error.
fn parse<U: DeserializeOwned>(
    json: &[u8],
    path: &str,
    position: Position,
) -> Result<Image<U>, DecodeError> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    serde_path_to_error::deserialize(&mut deserializer)
        .map_err(|error| DecodeError::at_position(path, error, position))
}

/// Returns whether JSON allows a byte between values.
pub(crate) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Returns the path of an image, or of the array.
fn path(index: Option<u64>) -> String {
    match index {
        Some(index) => format!("images[{index}]"),
        None => "images".to_owned(),
    }
}
