//! Error responses.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use sync_payload::request::RequestError;
use sync_payload::response;

use super::connections::TooManyUnsent;
use super::context::{LogFields, RequestContext};
use crate::report::report;
use crate::store::StoreError;
use crate::token::InvalidToken;

/// The time after which a client may retry.
const RETRY_AFTER: Duration = Duration::from_secs(1);

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
    /// The reason is the text of the response and is written to the log. The response
    /// with the status 401 has no text.
    Rejected {
        status: StatusCode,
        reason: String,
    },
    Store(StoreError),
}

impl ApiError {
    /// Returns the rejection of a request because of an error.
    pub(super) fn rejected(status: StatusCode, error: &(dyn Error + 'static)) -> Self {
        Self::Rejected {
            status,
            reason: report(error),
        }
    }
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

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let meta = RequestContext::current().response_meta();
        let unavailable = |reason| {
            let response = response::Response::unavailable(meta, RETRY_AFTER);
            (response, Some(reason))
        };
        let (response, reason) = match self {
            Self::Request(error) => (response::Response::from_error(meta, &error), None),
            Self::InvalidToken => (response::Response::unauthorized(meta), None),
            Self::InvalidUrl => (response::Response::bad_request(meta), None),
            Self::InvalidHost(message) => (response::Response::text(meta, 400, message), None),
            Self::NotFound => (response::Response::not_found(meta), None),
            // The router adds `Allow`.
            Self::MethodNotAllowed => (response::Response::empty(meta, 405), None),
            Self::NotAcceptable => (response::Response::empty(meta, 406), None),
            Self::Overloaded(error) => unavailable(report(&error)),
            Self::Rejected {
                status: StatusCode::UNAUTHORIZED,
                reason,
            } => (response::Response::unauthorized(meta), Some(reason)),
            Self::Rejected { status, reason } => {
                let response = response::Response::text(meta, status.as_u16(), reason.clone());
                (response, Some(reason))
            }
            Self::Store(error @ StoreError::Unavailable(_)) => unavailable(report(&error)),
            Self::Store(error) => (response::Response::empty(meta, 500), Some(report(&error))),
        };
        let mut response = response.into_http_text().map(Body::from);
        if let Some(reason) = reason {
            response.extensions_mut().insert(LogFields {
                error: Some(Arc::from(reason)),
                ..LogFields::default()
            });
        }
        response
    }
}
