//! The routes and their handlers.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{OriginalUri, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Router, middleware};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http::StatusCode;
use http::request::Parts;
use sync_payload::request::{RequestLimits, SyncRequest};
use sync_payload::{PayloadEncoder, WireStyle, response};
use tokio::time::timeout;
use tower_http::compression::CompressionLayer;

use super::AppState;
use super::checks::{keep_status, reject_unacceptable, require_host};
use super::context::{LogFields, RequestContext, log_request};
use super::openapi::openapi;
use super::response::{ApiError, text_response};
use super::uploads::{WEBHOOK, native_upload};
use super::webhook::webhook;
use crate::store::{Record, Records, StoreError};

/// The time limit for the first result of a query.
const QUERY_TIMEOUT: Duration = Duration::from_secs(10);

/// The minimum number of bytes in a chunk of a streamed payload.
const CHUNK: usize = 32 * 1024;

/// The estimated number of bytes of an image in a payload.
const IMAGE_BYTES: usize = 4 * 1024;

pub(super) fn router(app: Arc<AppState>) -> Router {
    Router::new()
        .route("/api/v1/image_syncs", get(image_syncs))
        .route("/api/v1/native_upload", get(native_upload))
        .route(WEBHOOK, post(webhook))
        .route("/images/{id}/thumbnails/{file}", get(thumbnail))
        .route("/healthz", get(health))
        .route("/openapi.json", get(openapi))
        .route("/{slug}", get(proxy))
        .fallback(async || ApiError::NotFound)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(middleware::from_fn(keep_status))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(reject_unacceptable))
        .layer(middleware::from_fn(require_host))
        .layer(middleware::from_fn(log_request))
        .with_state(app)
}

/// Returns the requested images, or streams all images that the user may see.
async fn image_syncs(State(app): State<Arc<AppState>>, parts: Parts) -> Result<Response, ApiError> {
    let request = SyncRequest::from_parts(&parts, &RequestLimits::new())?;
    let user = app.tokens.verify(request.token.as_str())?;
    let (body, images) = if let Some(ids) = request.ids {
        let memory = app.connections.reserve(ids.len() * IMAGE_BYTES).await?;
        let records = in_time(app.store.images(user, &ids)).await?;
        let images = records.len();
        let payload = memory.hold(app.encode(records))?;
        (Body::from(payload), Some(images))
    } else {
        let records = in_time(app.store.all_images(user)).await?;
        (first_chunk(app.stream(records)).await?, None)
    };
    let meta = RequestContext::current().response_meta();
    let head = response::Response::ok(meta, &request.token);
    let mut response = head.into_http(body);
    response.extensions_mut().insert(LogFields {
        user: Some(user),
        images,
        ..LogFields::default()
    });
    Ok(response)
}

/// Returns a streamed body. Waits for the first chunk, so that an error before
/// anything is sent becomes an error response.
async fn first_chunk<S>(chunks: S) -> Result<Body, StoreError>
where
    S: Stream<Item = Result<Bytes, StoreError>> + Send + 'static,
{
    let mut chunks = Box::pin(chunks);
    let first = chunks.next().await.transpose()?;
    // The compression layer polls the stream again after its end.
    let chunks = stream::iter(first.map(Ok)).chain(chunks).fuse();
    Ok(Body::from_stream(chunks))
}

/// Redirects a signed thumbnail path to the delivery URL.
async fn thumbnail(
    State(app): State<Arc<AppState>>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, ApiError> {
    app.redirect(uri.path()).await
}

/// Redirects a proxy URL to the delivery URL of its thumbnail.
async fn proxy(
    State(app): State<Arc<AppState>>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, ApiError> {
    let target = uri.path_and_query().map_or("", |target| target.as_str());
    let request = app.proxy.verify(target);
    let request = request.map_err(|_| ApiError::InvalidUrl)?;
    app.redirect(request.path()).await
}

/// Returns `ok` if the database is available.
async fn health(State(app): State<Arc<AppState>>) -> Result<Response, ApiError> {
    in_time(app.store.check()).await?;
    Ok(text_response(StatusCode::OK, "ok"))
}

/// Returns the result of a query, or an error if it takes too long.
pub(super) async fn in_time<T>(
    query: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    match timeout(QUERY_TIMEOUT, query).await {
        Ok(result) => result,
        Err(_) => Err(StoreError::Unavailable(sqlx::Error::PoolTimedOut)),
    }
}

impl AppState {
    fn encode(&self, records: Vec<Record>) -> Vec<u8> {
        let mut encoder = PayloadEncoder::new(WireStyle::Rails);
        for Record { image, asset } in records {
            encoder.push_signed(&self.signer, &image, &asset);
        }
        encoder.finish()
    }

    /// Streams a payload while its records are read.
    ///
    /// An error ends the body and aborts the connection, so that no client
    /// mistakes the part that was sent for the whole payload.
    fn stream(
        self: &Arc<Self>,
        records: Records,
    ) -> impl Stream<Item = Result<Bytes, StoreError>> + use<> {
        let app = Arc::clone(self);
        let encoder = PayloadEncoder::new(WireStyle::Rails);
        stream::unfold(Some((records, encoder)), move |state| {
            let app = Arc::clone(&app);
            async move {
                let (mut records, mut encoder) = state?;
                while encoder.as_bytes().len() < CHUNK {
                    match records.next().await {
                        None => return Some((Ok(encoder.finish().into()), None)),
                        Some(Ok(Record { image, asset })) => {
                            encoder.push_signed(&app.signer, &image, &asset);
                        }
                        Some(Err(error)) => return Some((Err(error), None)),
                    }
                }
                let chunk = encoder.take().into();
                Some((Ok(chunk), Some((records, encoder))))
            }
        })
    }

    /// Redirects a signed thumbnail path to its delivery URL.
    async fn redirect(&self, path: &str) -> Result<Response, ApiError> {
        let thumbnail = self.thumbnails.verify(path);
        let thumbnail = thumbnail.map_err(|_| ApiError::InvalidUrl)?;
        let record = in_time(self.store.image(thumbnail.image_id)).await?;
        let Record { image, asset } = record.ok_or(ApiError::NotFound)?;
        let url = self.signer.thumbnail(&image, &asset, thumbnail.name);
        let url = url.ok_or(ApiError::NotFound)?;
        let meta = RequestContext::current().response_meta();
        let redirect = response::Response::redirect(meta, &url);
        Ok(redirect.into_http(Body::empty()))
    }
}
