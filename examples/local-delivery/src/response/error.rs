//! Error responses.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::names::X_CLD_ERROR;
use crate::derived::DeriveError;
use crate::render::RenderError;

/// The maximum number of bytes in `X-Cld-Error`.
const MAX_REASON_BYTES: usize = 256;

/// The seconds after which a client may repeat a request.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("1");

const ENCODED: &AsciiSet = CONTROLS;

/// A request that is not served, with the reason in the header `X-Cld-Error`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) reason: String,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self {
            status,
            reason: reason.into(),
        }
    }

    pub(crate) fn bad_request(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, reason)
    }

    pub(crate) fn unauthorized(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, reason)
    }

    pub(crate) fn not_found(public_id: &str) -> Self {
        let reason = format!("Resource not found - {public_id}");
        Self::new(StatusCode::NOT_FOUND, reason)
    }

    pub(crate) fn busy() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "Too many requests; try again",
        )
    }

    /// Logs an error of this program and returns a response without details.
    pub(crate) fn internal(error: &dyn std::error::Error) -> Self {
        let cause = error.source().map(ToString::to_string);
        tracing::error!(%error, cause, "request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal error")
    }

    /// Returns the value of `X-Cld-Error`. Public ids in it are from the client.
    pub(crate) fn header(&self) -> HeaderValue {
        let mut value = String::new();
        for piece in utf8_percent_encode(&self.reason, ENCODED) {
            if value.len() + piece.len() > MAX_REASON_BYTES {
                let fits = MAX_REASON_BYTES - value.len();
                value.push_str(piece.get(..fits).unwrap_or_default());
                break;
            }
            value.push_str(piece);
        }
        HeaderValue::try_from(value).unwrap_or_else(|_| HeaderValue::from_static("Invalid"))
    }
}

impl From<DeriveError> for Problem {
    fn from(error: DeriveError) -> Self {
        match error {
            DeriveError::Busy => Self::busy(),
            DeriveError::Render(error @ RenderError::TimedOut) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string())
            }
            DeriveError::Render(error) => Self::bad_request(error.to_string()),
            DeriveError::Read(_) | DeriveError::Panicked(_) => Self::internal(&error),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(X_CLD_ERROR, self.header());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        response
    }
}

/// Returns the response to a method that the target does not have.
pub(crate) fn method_not_allowed(methods: &'static str) -> Response {
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed");
    let mut response = problem.into_response();
    let methods = HeaderValue::from_static(methods);
    response.headers_mut().insert(header::ALLOW, methods);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_printable_and_short() {
        for (public_id, value) in [
            ("a b", "Resource not found - a b"),
            (
                "a\r\nSet-Cookie: x",
                "Resource not found - a%0D%0ASet-Cookie: x",
            ),
            ("é", "Resource not found - %C3%A9"),
        ] {
            assert_eq!(Problem::not_found(public_id).header(), value);
        }
        for public_id in ["é".repeat(1_000), "x".repeat(1_000)] {
            let value = Problem::not_found(&public_id).header();
            assert!((250..=256).contains(&value.len()));
        }
    }
}
