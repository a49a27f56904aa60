//! Decoding of a payload from a reader.

use std::fmt;
use std::io::{BufRead, ErrorKind};
use std::iter::FusedIterator;

use serde::de::DeserializeOwned;

use crate::decode_error::DecodeError;
use crate::decoder::PayloadDecoder;
use crate::image::Image;

/// The maximum number of bytes that the decoder copies at once. A reader in memory returns
/// the whole payload.
const PIECE: usize = 64 * 1024;

/// Decodes the images of a payload from a reader, one at a time.
///
/// `U` is the type of the URLs. The iterator ends at the end of the reader, or after an
/// error that [is final](DecodeError::is_final): the payload is truncated or not a valid
/// array, or the reader failed. Other errors are errors of one image.
///
/// If the iterator ends without a final error, the payload is complete. An image that is
/// missing in it does not exist at the host, unless the error of an image was returned.
///
/// The reader must end after the payload, because other text after the payload is an
/// error: pass the body of a response, not a connection. A read that fails with
/// `ErrorKind::Interrupted` is repeated. All other errors of the reader, including
/// `WouldBlock`, are final.
///
/// Memory use depends on the largest image, not on the length of the payload, which is
/// copied in pieces of at most 64 KiB.
///
/// ```
/// use std::fs::File;
/// use std::io::BufReader;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let file = File::open("tests/data/response_body.wire.json")?;
/// for image in image_model::read_images::<String>(BufReader::new(file)) {
///     println!("{}", image?.thumbnails.mini);
/// }
/// # Ok(())
/// # }
/// ```
///
/// Skip invalid images:
///
/// ```
/// use std::error::Error;
/// use std::io::BufRead;
///
/// use image_model::DecodeError;
///
/// fn print_valid_images(body: impl BufRead) -> Result<(), DecodeError> {
///     for image in image_model::read_images::<String>(body) {
///         match image {
///             Ok(image) => println!("{}", image.id),
///             // The payload is incomplete.
///             Err(error) if error.is_final() => return Err(error),
///             Err(error) => match error.source() {
///                 Some(source) => eprintln!("skipped: {error}: {source}"),
///                 None => eprintln!("skipped: {error}"),
///             },
///         }
///     }
///     Ok(())
/// }
/// # print_valid_images(&b"[5]"[..])?;
/// # assert!(print_valid_images(&b"[5"[..]).is_err());
/// # Ok::<(), DecodeError>(())
/// ```
pub fn read_images<U: DeserializeOwned>(reader: impl BufRead) -> Images<impl BufRead, U> {
    Images::new(reader, PayloadDecoder::new())
}

/// An iterator over the images of a payload from a reader. [`read_images`] creates one
/// with the default limits.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Images<R, U = String> {
    reader: R,
    decoder: PayloadDecoder<U>,
    has_ended: bool,
}

impl<R, U> Images<R, U> {
    /// Creates an iterator that decodes with a decoder, which sets the limits.
    ///
    /// ```
    /// use image_model::{Images, PayloadDecoder};
    ///
    /// let decoder = PayloadDecoder::<String>::new().with_max_image_bytes(1 << 20);
    /// let mut images = Images::new(&b"[]"[..], decoder);
    /// assert!(images.next().is_none());
    /// ```
    pub const fn new(reader: R, decoder: PayloadDecoder<U>) -> Self {
        Self {
            reader,
            decoder,
            has_ended: false,
        }
    }

    /// Returns the bytes of the last image; see [`PayloadDecoder::raw_image`].
    #[must_use]
    pub fn raw_image(&self) -> &[u8] {
        self.decoder.raw_image()
    }
}

impl<R: BufRead, U: DeserializeOwned> Iterator for Images<R, U> {
    type Item = Result<Image<U>, DecodeError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.has_ended {
            if let Some(image) = self.decoder.next_image() {
                self.has_ended = matches!(&image, Err(error) if error.is_final());
                return Some(image);
            }
            match self.reader.fill_buf() {
                Ok([]) => {
                    self.has_ended = true;
                    return self.decoder.end().err().map(Err);
                }
                Ok(bytes) => {
                    let piece = bytes.get(..PIECE).unwrap_or(bytes);
                    let length = piece.len();
                    self.decoder.push(piece);
                    self.reader.consume(length);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.has_ended = true;
                    return Some(Err(self.decoder.read_error(error)));
                }
            }
        }
        None
    }
}

impl<R: BufRead, U: DeserializeOwned> FusedIterator for Images<R, U> {}

impl<R, U> fmt::Debug for Images<R, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Images").finish_non_exhaustive()
    }
}
