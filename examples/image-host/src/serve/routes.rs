use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{OriginalUri, Request, State};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router, middleware};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http::{HeaderValue, StatusCode, header};
use sync_payload::request::{RequestLimits, SyncRequest};
use sync_payload::{PayloadEncoder, WireStyle, response};
use tokio::time::timeout;
use tower_http::compression::CompressionLayer;

use super::Settings;
use super::answer::Refused;
use super::log::{Asked, Noted, log_request};
use crate::store::{Record, Records, StoreError};

/// How long the database may take until an answer begins.
const DATABASE_TIME: Duration = Duration::from_secs(10);

/// Bytes that are gathered before they are sent.
const CHUNK: usize = 32 * 1024;

pub(super) fn router(settings: Arc<Settings>) -> Router {
    Router::new()
        .route("/api/v1/image_syncs", get(image_syncs))
        .route("/images/{id}/thumbnails/{file}", get(thumbnail))
        .route("/healthz", get(health))
        .route("/{slug}", get(proxy))
        .fallback(async |Extension(asked): Extension<Asked>| Refused::NotFound.answer(asked))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(log_request))
        .with_state(settings)
}

/// The images that are asked for, or all that the user may see.
async fn image_syncs(
    State(settings): State<Arc<Settings>>,
    Extension(asked): Extension<Asked>,
    request: Request,
) -> Response {
    let (parts, _) = request.into_parts();
    match payload(&settings, asked, &parts).await {
        Ok(response) => response,
        Err(refused) => refused.answer(asked),
    }
}

async fn payload(
    settings: &Arc<Settings>,
    asked: Asked,
    parts: &http::request::Parts,
) -> Result<Response, Refused> {
    let request = SyncRequest::from_parts(parts, &RequestLimits::default())?;
    let user = settings.tokens.verify(request.token.as_str())?;
    let (body, images) = if let Some(ids) = request.ids {
        let records = in_time(settings.store.images(user, &ids)).await?;
        let images = records.len();
        (Body::from(settings.encode(records)), Some(images))
    } else {
        let records = in_time(settings.store.all_images(user)).await?;
        (Body::from_stream(settings.stream(records)), None)
    };
    let head = response::Response::ok(asked.answered(), &request.token);
    let mut response = head.into_http(body);
    response.extensions_mut().insert(Noted {
        user: Some(user),
        images,
        error: None,
    });
    Ok(response)
}

/// An answer of the database, or none in time.
async fn in_time<T>(answer: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    match timeout(DATABASE_TIME, answer).await {
        Ok(answer) => answer,
        Err(_) => Err(StoreError::Unavailable(sqlx::Error::PoolTimedOut)),
    }
}

impl Settings {
    fn encode(&self, records: Vec<Record>) -> Vec<u8> {
        let mut encoder = PayloadEncoder::new(WireStyle::Rails);
        for Record { image, asset } in records {
            encoder.push_signed(&self.signer, &image, &asset);
        }
        encoder.finish()
    }

    /// The payload as its images come. If they fail to, it breaks off without
    /// its end, and the connection with it.
    fn stream(
        self: &Arc<Self>,
        records: Records,
    ) -> impl Stream<Item = Result<Bytes, StoreError>> + use<> {
        let settings = Arc::clone(self);
        let encoder = PayloadEncoder::new(WireStyle::Rails);
        let chunks = stream::unfold(Some((records, encoder)), move |state| {
            let settings = Arc::clone(&settings);
            async move {
                let (mut records, mut encoder) = state?;
                while encoder.as_bytes().len() < CHUNK {
                    match records.next().await {
                        None => return Some((Ok(encoder.finish().into()), None)),
                        Some(Ok(Record { image, asset })) => {
                            encoder.push_signed(&settings.signer, &image, &asset);
                        }
                        Some(Err(error)) => {
                            tracing::error!(%error, "a payload broke off");
                            return Some((Err(error), None));
                        }
                    }
                }
                let chunk = encoder.take().into();
                Some((Ok(chunk), Some((records, encoder))))
            }
        });
        // Compression asks once more after the end.
        chunks.fuse()
    }

    /// The redirect to the thumbnail that a signed path names.
    async fn redirect(&self, path: &str, asked: Asked) -> Result<Response, Refused> {
        let thumbnail = self
            .thumbnails
            .verify(path)
            .map_err(|_| Refused::InvalidUrl)?;
        let record = in_time(self.store.image(thumbnail.image_id)).await?;
        let Record { image, asset } = record.ok_or(Refused::NotFound)?;
        let url = self.signer.thumbnail(&image, &asset, thumbnail.name);
        let url = url.ok_or(Refused::NotFound)?;
        let found = response::Response::redirect(asked.answered(), &url);
        Ok(found.into_http(Body::empty()))
    }
}

/// Where a thumbnail is delivered.
async fn thumbnail(
    State(settings): State<Arc<Settings>>,
    Extension(asked): Extension<Asked>,
    OriginalUri(uri): OriginalUri,
) -> Response {
    let redirect = settings.redirect(uri.path(), asked).await;
    redirect.unwrap_or_else(|refused| refused.answer(asked))
}

/// Where the thumbnail of a proxy URL is delivered.
async fn proxy(
    State(settings): State<Arc<Settings>>,
    Extension(asked): Extension<Asked>,
    OriginalUri(uri): OriginalUri,
) -> Response {
    let target = uri.path_and_query().map_or("", |target| target.as_str());
    let redirect = match settings.proxy.verify(target) {
        Ok(request) => settings.redirect(request.path(), asked).await,
        Err(_) => Err(Refused::InvalidUrl),
    };
    redirect.unwrap_or_else(|refused| refused.answer(asked))
}

/// Whether the database answers.
async fn health(
    State(settings): State<Arc<Settings>>,
    Extension(asked): Extension<Asked>,
) -> Response {
    match in_time(settings.store.check()).await {
        Ok(()) => {
            let mut response = Response::new(Body::from("ok"));
            *response.status_mut() = StatusCode::OK;
            let plain = HeaderValue::from_static("text/plain; charset=utf-8");
            response.headers_mut().insert(header::CONTENT_TYPE, plain);
            response
        }
        Err(error) => Refused::Store(error).answer(asked),
    }
}
