//! The description of the endpoints.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

use super::response::text_response;

/// The `OpenAPI` document. The test `openapi` generates it.
const DOCUMENT: &str = include_str!("../../openapi.json");

/// Returns the `OpenAPI` document.
pub(super) async fn openapi() -> Response {
    let mut response = text_response(StatusCode::OK, Body::from(DOCUMENT));
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
