//! Decoding of a payload from an asynchronous stream.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_core::stream::FusedStream;
use serde::de::DeserializeOwned;

use crate::decode_error::DecodeError;
use crate::decoder::PayloadDecoder;
use crate::image::Image;

/// Decodes the images of a payload from a stream of bytes, one at a time. Requires the
/// feature `stream`.
///
/// `U` is the type of the URLs. The items of `stream` are `Result<Bytes, E>`, or results
/// with other bytes such as `Vec<u8>`. With `reqwest`, pass `response.bytes_stream()`.
/// With `hyper`, pass `http_body_util::BodyDataStream::new(body)`.
///
/// `E` is an error type, or `Box<dyn Error + Send + Sync>`. It is the
/// [`source`](Error::source) of the `DecodeError`:
/// `error.source().and_then(|source| source.downcast_ref::<E>())` returns it.
///
/// The stream of images ends at the end of `stream`, or after an error that
/// [is final](DecodeError::is_final): the payload is truncated or not a valid array, or
/// `stream` failed. Other errors are errors of one image. If the stream of images ends
/// without a final error, the payload is complete. An image that is missing in it does not
/// exist at the host, unless the error of an image was returned.
///
/// Memory use depends on the chunks of `stream` and on the largest image, not on the
/// length of the payload.
///
/// ```
/// use bytes::Bytes;
/// use futures_util::{Stream, StreamExt};
/// use image_model::DecodeError;
///
/// async fn print_thumbnails(
///     body: impl Stream<Item = Result<Bytes, std::io::Error>>,
/// ) -> Result<(), DecodeError> {
///     let mut images = image_model::stream_images::<String>(body);
///     while let Some(image) = images.next().await {
///         println!("{}", image?.thumbnails.mini);
///     }
///     Ok(())
/// }
/// ```
#[cfg_attr(docsrs, doc(cfg(feature = "stream")))]
pub fn stream_images<U: DeserializeOwned>(
    stream: impl Stream<Item = Result<impl AsRef<[u8]>, impl Into<BoxError>>>,
) -> ImageStream<impl Stream<Item = Result<impl AsRef<[u8]>, impl Into<BoxError>>>, U> {
    ImageStream::new(stream, PayloadDecoder::new())
}

type BoxError = Box<dyn Error + Send + Sync>;

/// A stream of the images of a payload. [`stream_images`] creates one with the default
/// limits. Requires the feature `stream`.
///
/// Dropping a future that waits for the next image loses no data.
#[cfg_attr(docsrs, doc(cfg(feature = "stream")))]
#[must_use = "streams do nothing unless polled"]
pub struct ImageStream<S, U = String> {
    /// `None` after the last image.
    stream: Option<Pin<Box<S>>>,
    decoder: PayloadDecoder<U>,
}

impl<S, U> ImageStream<S, U> {
    /// Creates a stream that decodes with a decoder, which sets the limits.
    ///
    /// ```
    /// use futures_util::stream;
    /// use image_model::{ImageStream, PayloadDecoder};
    ///
    /// let body = stream::iter([Ok::<_, std::io::Error>("[]")]);
    /// let decoder = PayloadDecoder::<String>::new().with_max_image_bytes(1 << 20);
    /// let images = ImageStream::new(body, decoder);
    /// # let _ = images;
    /// ```
    pub fn new(stream: S, decoder: PayloadDecoder<U>) -> Self {
        Self {
            stream: Some(Box::pin(stream)),
            decoder,
        }
    }

    /// Returns the bytes of the last image; see [`PayloadDecoder::raw_image`].
    #[must_use]
    pub fn raw_image(&self) -> &[u8] {
        self.decoder.raw_image()
    }
}

impl<S, B, E, U> Stream for ImageStream<S, U>
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
    E: Into<BoxError>,
    U: DeserializeOwned,
{
    type Item = Result<Image<U>, DecodeError>;

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Image<U>, DecodeError>>> {
        let Self { stream, decoder } = &mut *self;
        while let Some(bytes) = stream {
            if let Some(image) = decoder.next_image() {
                if matches!(&image, Err(error) if error.is_final()) {
                    *stream = None;
                }
                return Poll::Ready(Some(image));
            }
            match ready!(bytes.as_mut().poll_next(context)) {
                Some(Ok(bytes)) => decoder.push(bytes.as_ref()),
                Some(Err(error)) => {
                    *stream = None;
                    return Poll::Ready(Some(Err(decoder.read_error(error))));
                }
                None => {
                    *stream = None;
                    return Poll::Ready(decoder.end().err().map(Err));
                }
            }
        }
        Poll::Ready(None)
    }
}

impl<S, B, E, U> FusedStream for ImageStream<S, U>
where
    S: Stream<Item = Result<B, E>>,
    B: AsRef<[u8]>,
    E: Into<BoxError>,
    U: DeserializeOwned,
{
    fn is_terminated(&self) -> bool {
        self.stream.is_none()
    }
}

impl<S, U> fmt::Debug for ImageStream<S, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImageStream").finish_non_exhaustive()
    }
}
