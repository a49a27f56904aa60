//! The routes, and the checks of their requests.

use std::error::Error;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Path, Query, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::{HeaderMap, StatusCode, header};
use maud::html;
use serde::Deserialize;
use uuid::Uuid;

use crate::error_page::error_page;
use crate::gallery::Gallery;
use crate::images::{Images, ImagesError};
use crate::page::mark;
use crate::{detail, grid, upload_form};

type Shared<I> = State<Arc<Gallery<I>>>;

impl<I: Images> Gallery<I> {
    /// Returns the routes: `/` and paths that start with `/gallery/`.
    pub fn router<S: Clone + Send + Sync + 'static>(self: Arc<Self>) -> Router<S> {
        Router::new()
            .route("/", get(images::<I>))
            .route("/gallery/images/{id}", get(image::<I>))
            .route("/gallery/form", get(form::<I>))
            .route("/gallery/style.css", get(style))
            .route("/gallery/script.js", get(script))
            .route("/gallery/icon.svg", get(icon))
            .route_layer(from_fn_with_state(Arc::clone(&self), check::<I>))
            .with_state(self)
    }

    /// Returns the URL to which the delivery network redirects after an upload.
    fn callback(&self) -> String {
        format!("http://{}/?uploaded=true", self.settings.authority.as_str())
    }

    /// Logs an error and returns a page without its details.
    pub(crate) fn failed(&self, error: &ImagesError) -> Response {
        tracing::error!(error = error as &dyn Error, "the gallery failed");
        let message = "The images cannot be read. The log of the host has the reason.";
        error_page(&self.settings, StatusCode::INTERNAL_SERVER_ERROR, message)
    }
}

/// Rejects requests that a page of another site may cause, and adds the headers.
///
/// The check of the host prevents DNS rebinding: a name of an attacker that resolves to
/// the address of this host.
async fn check<I: Images>(State(gallery): Shared<I>, request: Request, next: Next) -> Response {
    let settings = &gallery.settings;
    let mut response = match host(request.headers(), settings.authority.as_str()) {
        Host::Gallery if is_cross_site(request.headers()) => {
            let message = "Another site requested this page.";
            error_page(settings, StatusCode::FORBIDDEN, message)
        }
        Host::Gallery => next.run(request).await,
        Host::Loopback => {
            let target = request.uri().path_and_query();
            let target = target.map_or("/", |target| target.as_str());
            let authority = settings.authority.as_str();
            Redirect::temporary(&format!("http://{authority}{target}")).into_response()
        }
        Host::Other => {
            let message = "This host name is not that of the gallery.";
            error_page(settings, StatusCode::MISDIRECTED_REQUEST, message)
        }
    };
    response.headers_mut().extend(gallery.headers.clone());
    response
}

enum Host {
    Gallery,
    /// Another name or address of this computer, which the content security policy does
    /// not contain.
    Loopback,
    Other,
}

fn host(headers: &HeaderMap, authority: &str) -> Host {
    // Browsers omit the default port.
    let short = authority.strip_suffix(":80");
    let host = headers
        .get(header::HOST)
        .map_or(&b""[..], |host| host.as_bytes());
    if host == authority.as_bytes() || short.is_some_and(|short| host == short.as_bytes()) {
        return Host::Gallery;
    }
    let port = authority.rsplit_once(':').map_or("80", |(_, port)| port);
    let host = str::from_utf8(host).unwrap_or_default();
    let (name, host_port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port),
        _ => (host, "80"),
    };
    let ip = name.trim_start_matches('[').trim_end_matches(']');
    let is_loopback = ip
        .parse()
        .is_ok_and(|ip: IpAddr| ip.to_canonical().is_loopback());
    if host_port == port && (name == "localhost" || is_loopback) {
        Host::Loopback
    } else {
        Host::Other
    }
}

/// Returns whether a page of another site causes the request, except by a link.
fn is_cross_site(headers: &HeaderMap) -> bool {
    let is = |name, value: &str| headers.get(name).is_some_and(|found| found == value);
    let is_link = is("sec-fetch-mode", "navigate") && is("sec-fetch-dest", "document");
    is("sec-fetch-site", "cross-site") && !is_link
}

#[derive(Deserialize)]
struct GridQuery {
    after: Option<i64>,
    /// Part of the callback of an upload.
    uploaded: Option<String>,
}

async fn images<I: Images>(
    State(gallery): Shared<I>,
    query: Result<Query<GridQuery>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let settings = &gallery.settings;
    let Ok(Query(query)) = query else {
        let message = "`after` is the position of an image: a number.";
        return error_page(settings, StatusCode::BAD_REQUEST, message);
    };
    let is_first = query.after.is_none();
    let page = match gallery.images.page(query.after).await {
        Ok(page) => page,
        Err(error) => return gallery.failed(&error),
    };
    let form = if is_first {
        match gallery.images.upload_form(&gallery.callback()).await {
            Ok(form) => form,
            Err(error) => return gallery.failed(&error),
        }
    } else {
        None
    };
    let is_uploaded = query.uploaded.is_some();
    let html = grid::render(settings, &page, is_first, is_uploaded, form.as_ref());
    Html(html.into_string()).into_response()
}

async fn image<I: Images>(State(gallery): Shared<I>, Path(id): Path<String>) -> Response {
    let settings = &gallery.settings;
    let found = match id.parse::<Uuid>() {
        Ok(id) => gallery.images.image(id).await,
        Err(_) => Ok(None),
    };
    match found {
        Ok(Some(entry)) => {
            let html = detail::render(settings, &entry);
            Html(html.into_string()).into_response()
        }
        Ok(None) => error_page(
            settings,
            StatusCode::NOT_FOUND,
            "There is no image with this id.",
        ),
        Err(error) => gallery.failed(&error),
    }
}

/// Returns a new upload form.
async fn form<I: Images>(State(gallery): Shared<I>) -> Response {
    match gallery.images.upload_form(&gallery.callback()).await {
        Ok(Some(form)) => Json(upload_form::to_json(&form)).into_response(),
        Ok(None) => {
            let message = "Uploads are not configured.";
            error_page(&gallery.settings, StatusCode::NOT_IMPLEMENTED, message)
        }
        Err(error) => gallery.failed(&error),
    }
}

async fn style() -> Response {
    asset(
        "text/css; charset=utf-8",
        include_str!("../assets/style.css"),
    )
}

async fn script() -> Response {
    asset(
        "text/javascript; charset=utf-8",
        include_str!("../assets/script.js"),
    )
}

async fn icon() -> Response {
    let icon = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" { (mark()) }
    };
    let content_type = [(header::CONTENT_TYPE, "image/svg+xml")];
    (content_type, icon.into_string()).into_response()
}

fn asset(content_type: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, content_type)], text).into_response()
}
