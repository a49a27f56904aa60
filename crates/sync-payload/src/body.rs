use std::borrow::Borrow;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::stream::{FusedStream, Stream};
use http_body::{Body, Frame, SizeHint};

use crate::record::PayloadRecord;
use crate::signer::ImageSigner;
use crate::stream::PayloadStream;
use crate::wire_style::WireStyle;

/// The body of a response: a payload that is encoded while its records are read. Requires
/// the feature `http-body`.
///
/// A `PayloadBody` is a [`PayloadStream`] for web frameworks that use the crate
/// `http-body`, such as axum and hyper. An error of a record ends the body with an error,
/// as in [`PayloadStream`](PayloadStream#errors-of-records). axum and hyper then abort the
/// connection.
///
/// Web frameworks require a body that is `Send` and `'static`: pass the signer as an
/// `Arc`, and a stream of records that owns its data. They also require that the error of
/// a record implements `std::error::Error`.
///
/// The size of the body is known after its last record was read. If
/// [`start`](Self::start) reads all records, the framework therefore sends a
/// `Content-Length`.
///
/// ```
/// use std::sync::Arc;
///
/// use futures_util::Stream;
/// use image_model::{Image, Unsigned};
/// use sync_payload::request::RequestToken;
/// use sync_payload::response::{Response, ResponseMeta};
/// use sync_payload::{ImageSigner, PayloadBody};
/// use url_signer::cloudinary::Asset;
///
/// fn respond<E: std::error::Error>(
///     meta: ResponseMeta,
///     token: &RequestToken<'_>,
///     signer: &Arc<ImageSigner>,
///     records: impl Stream<Item = Result<(Image<Unsigned>, Option<Asset>), E>>,
/// ) -> http::Response<impl http_body::Body> {
///     let body = PayloadBody::new(Arc::clone(signer), records)
///         .on_error(|error| eprintln!("cannot read an image: {error}"));
///     Response::ok(meta, token).into_http(body)
/// }
/// ```
#[must_use = "bodies do nothing unless polled"]
pub struct PayloadBody<S, R, F>(PayloadStream<S, R, F>);

impl<S, R, T, E> PayloadBody<S, R, fn(&E)>
where
    S: Borrow<ImageSigner>,
    R: Stream<Item = Result<T, E>>,
    T: PayloadRecord,
{
    /// Creates a body in the style [`WireStyle::Rails`] with chunks of 32 KiB.
    pub fn new(signer: S, records: R) -> Self {
        Self(PayloadStream::new(signer, records))
    }
}

impl<S, R, F, T, E> PayloadBody<S, R, F>
where
    S: Borrow<ImageSigner>,
    R: Stream<Item = Result<T, E>>,
    T: PayloadRecord,
{
    /// Sets the minimum number of bytes in a chunk, as in
    /// [`PayloadStream::with_chunk_size`].
    pub fn with_chunk_size(self, chunk_size: usize) -> Self {
        Self(self.0.with_chunk_size(chunk_size))
    }

    /// Sets the notation of strings and numbers, as in [`PayloadStream::with_style`].
    pub fn with_style(self, style: WireStyle) -> Self {
        Self(self.0.with_style(style))
    }

    /// Sets the callback that receives the error of a record, as in
    /// [`PayloadStream::on_error`].
    pub fn on_error<G: FnOnce(&E)>(self, callback: G) -> PayloadBody<S, R, G> {
        PayloadBody(self.0.on_error(callback))
    }

    /// Waits for the first chunk, as in [`PayloadStream::start`].
    ///
    /// # Errors
    ///
    /// - A record of the first chunk is an error.
    pub async fn start(self) -> Result<Self, E> {
        Ok(Self(self.0.start().await?))
    }
}

impl<S, R, F> From<PayloadStream<S, R, F>> for PayloadBody<S, R, F> {
    fn from(stream: PayloadStream<S, R, F>) -> Self {
        Self(stream)
    }
}

impl<S, R, F, T, E> Body for PayloadBody<S, R, F>
where
    S: Borrow<ImageSigner>,
    R: Stream<Item = Result<T, E>>,
    T: PayloadRecord,
    F: FnOnce(&E),
{
    type Data = Bytes;
    type Error = E;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, E>>> {
        let chunk = Pin::new(&mut self.0).poll_next(context);
        chunk.map(|chunk| chunk.map(|chunk| chunk.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_terminated()
    }

    fn size_hint(&self) -> SizeHint {
        let (lower, upper) = self.0.remaining_bytes();
        let mut hint = SizeHint::new();
        hint.set_lower(lower as u64);
        if let Some(upper) = upper {
            hint.set_upper(upper as u64);
        }
        hint
    }
}

impl<S, R, F> fmt::Debug for PayloadBody<S, R, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PayloadBody").field(&self.0).finish()
    }
}
