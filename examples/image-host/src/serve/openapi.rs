//! The description of the endpoints.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, header};
use sync_payload::response;

use super::context::RequestContext;

/// The `OpenAPI` document. The test `openapi` generates it.
const DOCUMENT: &str = include_str!("../../openapi.json");

/// Returns the `OpenAPI` document.
pub(super) async fn openapi() -> Response {
    let meta = RequestContext::current().response_meta();
    let response = response::Response::text(meta, 200, DOCUMENT);
    let mut response = response.into_http_text().map(Body::from);
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
