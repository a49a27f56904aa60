use std::error::Error;
use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use sync_payload::request::RequestError;
use sync_payload::response;

use super::log::{Asked, Noted};
use crate::store::StoreError;
use crate::token::TokenRefused;

/// Seconds after which a client may try again.
const RETRY_AFTER: &str = "1";

/// Why a request gets no image.
#[derive(Debug)]
pub(super) enum Refused {
    Request(RequestError),
    Token,
    InvalidUrl,
    NotFound,
    Store(StoreError),
}

impl From<RequestError> for Refused {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl From<TokenRefused> for Refused {
    fn from(TokenRefused: TokenRefused) -> Self {
        Self::Token
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Refused {
    pub(super) fn answer(self, asked: Asked) -> Response {
        let answered = asked.answered();
        let text = |response: response::Response| response.into_http_text().map(Body::from);
        match self {
            Self::Request(error) => text(response::Response::from_error(answered, &error)),
            Self::Token => text(response::Response::unauthorized(answered)),
            Self::InvalidUrl => text(response::Response::bad_request(answered)),
            Self::NotFound => text(response::Response::not_found(answered)),
            Self::Store(error @ StoreError::Unavailable(_)) => {
                let mut response = failed(asked, StatusCode::SERVICE_UNAVAILABLE, &error);
                response
                    .headers_mut()
                    .insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
                response
            }
            Self::Store(error) => failed(asked, StatusCode::INTERNAL_SERVER_ERROR, &error),
        }
    }
}

/// An answer without a body, whose reason is for the log alone.
fn failed(asked: Asked, status: StatusCode, error: &(dyn Error + 'static)) -> Response {
    let reasons: Vec<_> = std::iter::successors(Some(error), |&error| error.source())
        .map(ToString::to_string)
        .collect();
    let response = response::Response::not_found(asked.answered());
    let mut response = response.into_http(Body::empty());
    *response.status_mut() = status;
    response.extensions_mut().insert(Noted {
        error: Some(Arc::from(reasons.join(": "))),
        ..Noted::default()
    });
    response
}
