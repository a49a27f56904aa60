//! The routes and their handlers.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{OriginalUri, State};
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::{get, post};
use http::request::Parts;
use sync_payload::request::{RequestLimits, SyncRequest};
use sync_payload::{PayloadEncoder, PayloadRecord, PayloadStream, WireStyle, response};
use tower::ServiceBuilder;
use tower_http::compression::CompressionLayer;

use super::AppState;
use super::checks::{keep_status, reject_unacceptable, require_host};
use super::context::{LogFields, RequestContext, log_request};
use super::openapi::openapi;
use super::query_time::in_time;
use super::response::ApiError;
use super::uploads::{WEBHOOK, native_upload};
use super::webhook::webhook;
use crate::store::Record;

/// The estimated number of bytes of an image in a payload.
const IMAGE_BYTES: usize = 4 * 1024;

pub(super) fn router(app: Arc<AppState>, mount: impl FnOnce(Router) -> Router) -> Router {
    let router = Router::new()
        .route("/api/v1/image_syncs", get(image_syncs))
        .route("/api/v1/native_upload", get(native_upload))
        .route(WEBHOOK, post(webhook))
        .route("/images/{id}/thumbnails/{file}", get(thumbnail))
        .route("/healthz", get(health))
        .route("/openapi.json", get(openapi))
        .route("/{slug}", get(proxy))
        .with_state(app);
    mount(router)
        .fallback(async || ApiError::NotFound)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(
            // One layer of the router, which boxes each of its layers.
            ServiceBuilder::new()
                .layer(from_fn(log_request))
                .layer(from_fn(require_host))
                .layer(from_fn(reject_unacceptable))
                .layer(CompressionLayer::new())
                .layer(from_fn(keep_status)),
        )
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
        // An error before anything is sent becomes an error response.
        let payload = PayloadStream::new(Arc::clone(&app.signer), records);
        (Body::from_stream(payload.start().await?), None)
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
    let meta = RequestContext::current().response_meta();
    let response = response::Response::text(meta, 200, "ok");
    Ok(response.into_http_text().map(Body::from))
}

impl AppState {
    fn encode(&self, records: Vec<Record>) -> Vec<u8> {
        let mut encoder = PayloadEncoder::new(WireStyle::Rails);
        for record in records {
            record.push_to(&mut encoder, &self.signer);
        }
        encoder.finish()
    }

    /// Redirects a signed thumbnail path to its delivery URL.
    async fn redirect(&self, path: &str) -> Result<Response, ApiError> {
        let thumbnail = self.thumbnails.verify(path);
        let thumbnail = thumbnail.map_err(|_| ApiError::InvalidUrl)?;
        let record = in_time(self.store.image(thumbnail.image_id)).await?;
        let record = record.ok_or(ApiError::NotFound)?;
        let (image, asset) = (record.decode()?, &record.asset);
        let url = self.signer.thumbnail(&image, asset, thumbnail.name);
        let url = url.ok_or(ApiError::NotFound)?;
        let meta = RequestContext::current().response_meta();
        let redirect = response::Response::redirect(meta, &url);
        Ok(redirect.into_http(Body::empty()))
    }
}
