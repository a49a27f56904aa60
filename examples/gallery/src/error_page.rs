//! Error pages.

use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use maud::html;

use crate::gallery::GallerySettings;
use crate::page;

/// Returns an error page.
pub(crate) fn error_page(
    settings: &GallerySettings,
    status: StatusCode,
    message: &str,
) -> Response {
    let reason = status.canonical_reason().unwrap_or("Error");
    let content = html! {
        h1 { (reason) }
        p.lead { (message) }
        p { a.button href="/" { "All images" } }
    };
    let html = page::page(settings, reason, &content);
    (status, Html(html.into_string())).into_response()
}
