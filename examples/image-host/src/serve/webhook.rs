//! The webhook with which the provider reports stored files.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use futures_util::StreamExt;
use http::{HeaderMap, StatusCode};
use image_model::{Object, Timestamp};
use serde_json::Value;
use sync_payload::response;
use thiserror::Error;
use tokio::time::timeout;
use url_signer::cloudinary::Cloud;
use url_signer::cloudinary::api::WebhookError;
use url_signer::url::form_urlencoded;

use super::AppState;
use super::connection::Connection;
use super::context::{LogFields, RequestContext};
use super::query_time::in_time;
use super::response::ApiError;
use super::uploads::now;
use crate::store::UploadEffect;
use crate::token::{InvalidToken, TokenKey, UploadTarget};
use crate::upload::{InvalidValue, Upload};

/// The maximum number of bytes in the body of a webhook.
const BODY_BYTES: usize = 256 * 1024;

/// The number of bytes of a longer body that are read and discarded. A client that is
/// still sending would otherwise not receive the response.
const DISCARDED_BYTES: usize = 16 * 1024 * 1024;

/// The time limit for receiving a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// The reason why a webhook is rejected.
#[derive(Debug, Error)]
enum WebhookRejection {
    #[error("the body is longer than {BODY_BYTES} bytes")]
    TooLarge,
    #[error("the body was not received within {} seconds", BODY_TIMEOUT.as_secs())]
    Timeout,
    #[error("the body was not received")]
    Body(#[source] axum::Error),
    #[error("the header {0} is missing, repeated or not ASCII")]
    Header(&'static str),
    #[error("the signature or the time of the webhook is not valid")]
    Signature(#[source] WebhookError),
    #[error("the upload token is not valid")]
    Token(#[source] InvalidToken),
    #[error("the body is not a JSON object")]
    Json(#[source] serde_json::Error),
    #[error("the body has an invalid value")]
    Value(#[source] InvalidValue),
    #[error("the key `notification_type` is missing or not a string")]
    NotificationType,
    #[error("the image of the file is in another album than that of the upload token")]
    OtherAlbum,
    #[error("the clock of the host is wrong")]
    Clock,
}

impl WebhookRejection {
    const fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
            Self::Body(_) => StatusCode::BAD_REQUEST,
            Self::Header(_) | Self::Signature(_) | Self::Token(_) => StatusCode::UNAUTHORIZED,
            Self::OtherAlbum => StatusCode::FORBIDDEN,
            Self::Json(_) | Self::Value(_) | Self::NotificationType => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Clock => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<WebhookRejection> for ApiError {
    /// Returns the status 401 without a text if the webhook is not trusted.
    fn from(error: WebhookRejection) -> Self {
        Self::rejected(error.status(), &error)
    }
}

/// Creates or updates the image of an uploaded file. Acknowledges other notifications.
pub(super) async fn webhook(
    State(app): State<Arc<AppState>>,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let target = upload_target(&app.tokens, parts.uri.query().unwrap_or_default());
    // A body without a valid token is not kept in memory.
    let connection = parts.extensions.get::<Arc<Connection>>();
    connection.inspect(|connection| connection.set_receiving(true));
    let body = receive(body, target.is_ok()).await;
    connection.inspect(|connection| connection.set_receiving(false));
    let body = body?;
    let target = target.map_err(WebhookRejection::Token)?;
    let now = now().map_err(|_| WebhookRejection::Clock)?;
    let body = verify(&app.cloud, &parts.headers, &body, now)?;
    let body: Object = serde_json::from_slice(body).map_err(WebhookRejection::Json)?;
    let notification_type = body.get("notification_type").and_then(Value::as_str);
    let notification_type = notification_type.ok_or(WebhookRejection::NotificationType)?;
    let (status, effect) = if notification_type == "upload" {
        let upload = Upload::parse(&body).map_err(WebhookRejection::Value)?;
        let saved = app.store.save_upload(&upload, &target.album_id, now);
        let effect = match in_time(saved).await? {
            UploadEffect::Created => "created",
            UploadEffect::Updated => "updated",
            UploadEffect::Unchanged => "unchanged",
            UploadEffect::OtherAlbum => return Err(WebhookRejection::OtherAlbum.into()),
        };
        let effect = format!("{effect} image {}", upload.image_id());
        (StatusCode::CREATED, effect)
    } else {
        let ignored = notification_type.escape_debug();
        (
            StatusCode::OK,
            format!("ignored notification type {ignored}"),
        )
    };
    let meta = RequestContext::current().response_meta();
    let head = response::Response::empty(meta, status.as_u16());
    let mut response = head.into_http(Body::empty());
    response.extensions_mut().insert(LogFields {
        user: Some(target.user_id),
        effect: Some(Arc::from(effect)),
        ..LogFields::default()
    });
    Ok(response)
}

/// Returns what the token in a query authorizes.
fn upload_target(tokens: &TokenKey, query: &str) -> Result<UploadTarget, InvalidToken> {
    let mut values = form_urlencoded::parse(query.as_bytes())
        .filter(|(key, _)| key == "token")
        .map(|(_, value)| value);
    match (values.next(), values.next()) {
        (Some(token), None) => tokens.verify_upload(&token),
        _ => Err(InvalidToken),
    }
}

/// Receives a body, and returns it if it is to be kept.
async fn receive(body: Body, kept: bool) -> Result<Vec<u8>, WebhookRejection> {
    let received = async {
        let (mut bytes, mut length) = (Vec::new(), 0);
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(WebhookRejection::Body)?;
            length += chunk.len();
            if length > DISCARDED_BYTES {
                break;
            }
            if kept && length <= BODY_BYTES {
                bytes.extend_from_slice(&chunk);
            }
        }
        if length > BODY_BYTES {
            return Err(WebhookRejection::TooLarge);
        }
        Ok(bytes)
    };
    let received = timeout(BODY_TIMEOUT, received).await;
    received.unwrap_or(Err(WebhookRejection::Timeout))
}

/// Returns the body if its signature and time are valid.
fn verify<'b>(
    cloud: &Cloud,
    headers: &HeaderMap,
    body: &'b [u8],
    now: Timestamp,
) -> Result<&'b [u8], WebhookRejection> {
    let timestamp = header(headers, "X-Cld-Timestamp")?;
    let signature = header(headers, "X-Cld-Signature")?;
    let now = now.to_datetime().timestamp();
    let verified = cloud.verify_webhook(timestamp, signature, body, now);
    verified.map_err(WebhookRejection::Signature)
}

fn header<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, WebhookRejection> {
    let mut values = headers.get_all(name).iter();
    match (values.next().map(|value| value.to_str()), values.next()) {
        (Some(Ok(value)), None) => Ok(value),
        _ => Err(WebhookRejection::Header(name)),
    }
}
