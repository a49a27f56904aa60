use std::borrow::Borrow;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::stream::{FusedStream, Stream};

use crate::encoder::PayloadEncoder;
use crate::record::PayloadRecord;
use crate::signer::ImageSigner;
use crate::wire_style::WireStyle;

const CHUNK_SIZE: usize = 32 * 1024;

/// A stream of the chunks of a payload, which is encoded while its records are read.
/// Requires the feature `stream`.
///
/// Memory use does not depend on the length of the payload. The stream spawns no task:
/// it reads records only while its next chunk is polled, so a slow client slows down
/// the reading. If the records come from an open query, a slow client keeps the
/// connection to the database. Set a time limit for clients that do not read, or read the
/// records in pages. Dropping the stream at any time drops the stream of records.
///
/// - `S` is the signer: an [`ImageSigner`], a reference, or an `Arc`.
/// - `R` is the stream of records, with items `Result<T, E>`. `T` is a
///   [`PayloadRecord`], such as `(Image<Unsigned>, Option<Asset>)`.
/// - `F` is the callback of [`on_error`](Self::on_error).
///
/// Web frameworks require a body that is `Send` and `'static`: pass the signer as an
/// `Arc`, and a stream of records that owns its data. Most frameworks also require that
/// `E` implements `std::error::Error`. Convert other errors in the stream of records, for
/// example to a [`std::io::Error`] with `TryStreamExt::map_err` of `futures-util`.
///
/// # Errors of records
///
/// The first error of a record is the last item of the stream. axum, hyper and actix-web
/// then abort the connection, so that the client receives an incomplete response. Other
/// frameworks, such as poem 3.1, end the response as if it were complete: test yours, and
/// close the connection in [`on_error`](Self::on_error) if necessary. The sent part is
/// never valid JSON, because the end of its array is missing. The images that precede the
/// error in its chunk are not sent. [`start`](Self::start) returns an early error while
/// another response is possible.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use futures_util::{TryStreamExt, stream};
/// use image_model::{Image, Unsigned};
/// use sync_payload::{ImageSigner, PayloadStream};
/// use url_signer::cloudinary::Asset;
///
/// /// The error of a database.
/// type Error = std::io::Error;
///
/// async fn payload(
///     signer: Arc<ImageSigner>,
///     rows: Vec<Result<(Image<Unsigned>, Option<Asset>), Error>>,
/// ) -> Result<Vec<u8>, Error> {
///     let records = stream::iter(rows);
///     let mut chunks = PayloadStream::new(signer, records)
///         .on_error(|error| eprintln!("cannot read an image: {error}"));
///     let mut sent = Vec::new();
///     while let Some(chunk) = chunks.try_next().await? {
///         sent.extend_from_slice(&chunk);
///     }
///     Ok(sent)
/// }
/// ```
#[must_use = "streams do nothing unless polled"]
pub struct PayloadStream<S, R, F> {
    signer: S,
    chunk_size: usize,
    on_error: Option<F>,
    /// The chunk that `start` waited for.
    first: Option<Bytes>,
    /// `None` after the end of the payload or an error.
    unfinished: Option<Unfinished<R>>,
}

struct Unfinished<R> {
    records: Pin<Box<R>>,
    encoder: PayloadEncoder,
}

impl<S, R, T, E> PayloadStream<S, R, fn(&E)>
where
    S: Borrow<ImageSigner>,
    R: Stream<Item = Result<T, E>>,
    T: PayloadRecord,
{
    /// Creates a stream in the style [`WireStyle::Rails`] with chunks of 32 KiB.
    pub fn new(signer: S, records: R) -> Self {
        Self {
            signer,
            chunk_size: CHUNK_SIZE,
            on_error: None,
            first: None,
            unfinished: Some(Unfinished {
                records: Box::pin(records),
                encoder: PayloadEncoder::new(WireStyle::Rails),
            }),
        }
    }
}

impl<S, R, F, T, E> PayloadStream<S, R, F>
where
    S: Borrow<ImageSigner>,
    R: Stream<Item = Result<T, E>>,
    T: PayloadRecord,
{
    /// Sets the minimum number of bytes in a chunk, except the last chunk.
    ///
    /// A chunk exceeds the size by less than one image. With a size of 0, each image is
    /// a chunk.
    pub fn with_chunk_size(self, chunk_size: usize) -> Self {
        Self { chunk_size, ..self }
    }

    /// Sets the notation of strings and numbers.
    ///
    /// Call this method before [`start`](Self::start): the images that are already encoded
    /// keep their style.
    pub fn with_style(mut self, style: WireStyle) -> Self {
        if let Some(unfinished) = &mut self.unfinished {
            unfinished.encoder.set_style(style);
        }
        self
    }

    /// Sets the callback that receives the error of a record, for the log.
    ///
    /// The stream calls it once at most, right before it returns the error. It is not
    /// called for an error that [`start`](Self::start) returns.
    pub fn on_error<G: FnOnce(&E)>(self, callback: G) -> PayloadStream<S, R, G> {
        let Self {
            signer,
            chunk_size,
            on_error: _,
            first,
            unfinished,
        } = self;
        PayloadStream {
            signer,
            chunk_size,
            on_error: Some(callback),
            first,
            unfinished,
        }
    }

    /// Reads records until the first chunk is full or the payload ends, and returns the
    /// stream, which still contains this chunk.
    ///
    /// Dropping the future, for example after a timeout, drops the stream and its records.
    ///
    /// A host that calls this method before it responds can respond to an early error
    /// with an error status, for example while its database is not available.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::time::Duration;
    ///
    /// use bytes::Bytes;
    /// use futures_util::Stream;
    /// use sync_payload::response::{Response, ResponseMeta};
    /// use sync_payload::{ImageSigner, PayloadRecord, PayloadStream};
    ///
    /// async fn payload<T: PayloadRecord, E>(
    ///     meta: ResponseMeta,
    ///     signer: Arc<ImageSigner>,
    ///     records: impl Stream<Item = Result<T, E>>,
    /// ) -> Result<impl Stream<Item = Result<Bytes, E>>, Response> {
    ///     let payload = PayloadStream::new(signer, records).start().await;
    ///     payload.map_err(|_| Response::unavailable(meta, Duration::from_secs(1)))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// - A record of the first chunk is an error.
    pub async fn start(mut self) -> Result<Self, E> {
        if self.first.is_none() {
            let first = poll_fn(|context| self.poll_chunk(context)).await;
            self.first = first.transpose()?;
        }
        Ok(self)
    }

    /// Reads records until a chunk is full or the payload ends.
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, E>>> {
        // Taken, so that the payload does not continue after a panic: it would look
        // complete without the lost record.
        let Some(mut unfinished) = self.unfinished.take() else {
            return Poll::Ready(None);
        };
        loop {
            let Unfinished { records, encoder } = &mut unfinished;
            match records.as_mut().poll_next(context) {
                Poll::Ready(Some(Ok(record))) => record.push_to(encoder, self.signer.borrow()),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => {
                    let end = unfinished.encoder.finish();
                    return Poll::Ready(Some(Ok(end.into())));
                }
                Poll::Pending => {
                    self.unfinished = Some(unfinished);
                    return Poll::Pending;
                }
            }
            if let Some(chunk) = encoder.ready(self.chunk_size) {
                // The encoder keeps its memory, which stays in the cache of the CPU.
                let chunk = Bytes::copy_from_slice(chunk);
                encoder.clear();
                self.unfinished = Some(unfinished);
                return Poll::Ready(Some(Ok(chunk)));
            }
        }
    }
}

impl<S, R, F> PayloadStream<S, R, F> {
    fn is_finished(&self) -> bool {
        self.first.is_none() && self.unfinished.is_none()
    }

    /// Returns bounds on the remaining bytes, if no record is an error.
    #[cfg(feature = "http-body")]
    pub(crate) fn remaining_bytes(&self) -> (usize, Option<usize>) {
        let first = self.first.as_ref().map_or(0, Bytes::len);
        match &self.unfinished {
            Some(unfinished) => (first + unfinished.encoder.remaining_bytes(), None),
            None => (first, Some(first)),
        }
    }
}

/// The records are in a box, and nothing else is pinned.
impl<S, R, F> Unpin for PayloadStream<S, R, F> {}

impl<S, R, F, T, E> Stream for PayloadStream<S, R, F>
where
    S: Borrow<ImageSigner>,
    R: Stream<Item = Result<T, E>>,
    T: PayloadRecord,
    F: FnOnce(&E),
{
    type Item = Result<Bytes, E>;

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, E>>> {
        let this = self.get_mut();
        if let Some(first) = this.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        let chunk = ready!(this.poll_chunk(context));
        if let Some(Err(error)) = &chunk
            && let Some(on_error) = this.on_error.take()
        {
            on_error(error);
        }
        Poll::Ready(chunk)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let first = usize::from(self.first.is_some());
        match &self.unfinished {
            // Each record completes one chunk at most, and the end is in the last one.
            Some(unfinished) => {
                let (_, records) = unfinished.records.size_hint();
                (
                    first + 1,
                    records.and_then(|records| records.checked_add(first + 1)),
                )
            }
            None => (first, Some(first)),
        }
    }
}

impl<S, R, F, T, E> FusedStream for PayloadStream<S, R, F>
where
    S: Borrow<ImageSigner>,
    R: Stream<Item = Result<T, E>>,
    T: PayloadRecord,
    F: FnOnce(&E),
{
    fn is_terminated(&self) -> bool {
        self.is_finished()
    }
}

/// Omits the bytes of the payload, because their URLs grant access.
impl<S, R, F> fmt::Debug for PayloadStream<S, R, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encoder = self
            .unfinished
            .as_ref()
            .map(|unfinished| &unfinished.encoder);
        f.debug_struct("PayloadStream")
            .field("chunk_size", &self.chunk_size)
            .field("encoder", &encoder)
            .finish_non_exhaustive()
    }
}
