//! Error responses.

use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use sync_payload::request::RequestError;
use sync_payload::response::{self, ResponseMeta};

use super::connections::TooManyUnsent;
use super::context::{LogFields, RequestContext};
use super::uploads::UploadFormError;
use super::webhook::WebhookRejection;
use crate::report::report;
use crate::store::StoreError;
use crate::token::InvalidToken;

/// Seconds after which a client may retry.
const RETRY_AFTER: &str = "1";

/// The reason why a handler returns no image.
#[derive(Debug)]
pub(super) enum ApiError {
    Request(RequestError),
    InvalidToken,
    InvalidUrl,
    InvalidHost(&'static str),
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    Overloaded(TooManyUnsent),
    UploadForm(UploadFormError),
    Webhook(WebhookRejection),
    Store(StoreError),
}

impl From<RequestError> for ApiError {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl From<InvalidToken> for ApiError {
    fn from(InvalidToken: InvalidToken) -> Self {
        Self::InvalidToken
    }
}

impl From<TooManyUnsent> for ApiError {
    fn from(error: TooManyUnsent) -> Self {
        Self::Overloaded(error)
    }
}

impl From<UploadFormError> for ApiError {
    fn from(error: UploadFormError) -> Self {
        Self::UploadForm(error)
    }
}

impl From<WebhookRejection> for ApiError {
    fn from(error: WebhookRejection) -> Self {
        Self::Webhook(error)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let meta = RequestContext::current().response_meta();
        let text = |response: response::Response| response.into_http_text().map(Body::from);
        match self {
            Self::Request(error) => text(response::Response::from_error(meta, &error)),
            Self::InvalidToken => text(response::Response::unauthorized(meta)),
            Self::InvalidUrl => text(response::Response::bad_request(meta)),
            Self::InvalidHost(message) => text_response(StatusCode::BAD_REQUEST, message),
            Self::NotFound => text(response::Response::not_found(meta)),
            // The router adds `Allow`.
            Self::MethodNotAllowed => empty(StatusCode::METHOD_NOT_ALLOWED),
            Self::NotAcceptable => empty(StatusCode::NOT_ACCEPTABLE),
            Self::Overloaded(error) => unavailable(&error),
            Self::UploadForm(error) => explained(error.status(), &error),
            Self::Webhook(error) => rejected(meta, &error),
            Self::Store(error @ StoreError::Unavailable(_)) => unavailable(&error),
            Self::Store(error) => internal(StatusCode::INTERNAL_SERVER_ERROR, &error),
        }
    }
}

/// Returns a response with the recorded headers and a text.
pub(super) fn text_response(status: StatusCode, text: impl Into<Body>) -> Response {
    let meta = RequestContext::current().response_meta();
    let mut response = response::Response::bad_request(meta).into_http(text.into());
    *response.status_mut() = status;
    response
}

/// Returns a response with the text of an error, which is also written to the log.
fn explained(status: StatusCode, error: &(dyn std::error::Error + 'static)) -> Response {
    let reason = report(error);
    logged(text_response(status, reason.clone()), reason)
}

/// Returns the response to a webhook that is rejected. The reason why it is not
/// trusted is written to the log only.
fn rejected(meta: ResponseMeta, error: &WebhookRejection) -> Response {
    match error.status() {
        StatusCode::UNAUTHORIZED => {
            let unauthorized = response::Response::unauthorized(meta);
            let unauthorized = unauthorized.into_http_text().map(Body::from);
            logged(unauthorized, report(error))
        }
        status => explained(status, error),
    }
}

/// Writes an error to the log line of a response.
fn logged(mut response: Response, error: String) -> Response {
    response.extensions_mut().insert(LogFields {
        error: Some(Arc::from(error)),
        ..LogFields::default()
    });
    response
}

/// Returns a response with the recorded headers and no body.
pub(super) fn empty(status: StatusCode) -> Response {
    let meta = RequestContext::current().response_meta();
    let mut response = response::Response::not_found(meta).into_http(Body::empty());
    *response.status_mut() = status;
    response
}

/// Returns a response that asks the client to retry.
fn unavailable(error: &(dyn std::error::Error + 'static)) -> Response {
    let mut response = internal(StatusCode::SERVICE_UNAVAILABLE, error);
    response
        .headers_mut()
        .insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
    response
}

/// Returns a response without a body. The error is written to the log only.
fn internal(status: StatusCode, error: &(dyn std::error::Error + 'static)) -> Response {
    logged(empty(status), report(error))
}
