//! Uploads: `POST /v1_1/<cloud>/<resource type>/upload` with a signed form.

mod authorize;
mod callback;
mod data_uri;
mod facts;
mod fingerprint;
mod form;
mod naming;
mod response;
mod speed;
mod store;
mod webhook;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{self, Path, Request};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};
use tokio::time::timeout;

use self::authorize::authorize;
use self::callback::{allowed_url, is_script, redirect};
use self::form::Form;
use self::speed::Speed;
use self::store::store;
use crate::response::names::X_LOCAL_UNSUPPORTED;
use crate::response::{Problem, add_common_headers, method_not_allowed, preflight};
use crate::state::State;
use crate::time::now;

/// The time limit for receiving a form.
const RECEIVE_TIMEOUT: Duration = Duration::from_mins(1);

/// The parameters that have an effect or are checked.
const SUPPORTED: [&str; 21] = [
    "allowed_formats",
    "api_key",
    "callback",
    "cloud_name",
    "colors",
    "context",
    "discard_original_filename",
    "faces",
    "folder",
    "image_metadata",
    "notification_url",
    "overwrite",
    "phash",
    "public_id",
    "resource_type",
    "signature",
    "tags",
    "timestamp",
    "type",
    "unique_filename",
    "use_filename",
];

/// Stores an uploaded image.
pub(crate) async fn upload(
    extract::State(state): extract::State<Arc<State>>,
    path: Result<Path<(String, String)>, PathRejection>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let mut response = match *request.method() {
        Method::POST => {
            let response = match path {
                Ok(Path((cloud, resource_type))) => {
                    respond(&state, &cloud, &resource_type, request).await
                }
                Err(_) => Err(Problem::bad_request("Invalid URL")),
            };
            response.unwrap_or_else(|problem| error_response(&problem))
        }
        Method::OPTIONS => preflight("POST, OPTIONS"),
        _ => {
            let mut response = method_not_allowed("POST, OPTIONS");
            let error = json!({ "error": { "message": "Method not allowed" } });
            set_json(&mut response, error.to_string());
            response
        }
    };
    add_common_headers(&headers, response.headers_mut());
    response
}

/// Returns the error as Cloudinary's JSON.
fn error_response(problem: &Problem) -> Response {
    let error = json!({ "error": { "message": problem.reason } });
    let mut response = problem.clone().into_response();
    set_json(&mut response, error.to_string());
    response
}

fn set_json(response: &mut Response, json: String) {
    *response.body_mut() = Body::from(json);
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=utf-8"),
    );
}

async fn respond(
    state: &Arc<State>,
    cloud: &str,
    resource_type: &str,
    request: Request,
) -> Result<Response, Problem> {
    let _permit = state
        .upload_requests
        .try_acquire()
        .map_err(|_| Problem::busy())?;
    let headers = request.headers().clone();
    let mut form = receive(state, request).await?;
    if cloud != state.cloud.name() {
        let reason = format!("Unknown cloud_name {cloud}");
        return Err(Problem::new(StatusCode::NOT_FOUND, reason));
    }
    if !matches!(resource_type, "image" | "auto") {
        return Err(Problem::bad_request(format!(
            "Resource type {resource_type} is not supported; use image or auto"
        )));
    }
    authorize(state, &form, now())?;
    let notification_url = allowed_url(state, &form, "notification_url")?;
    let callback = allowed_url(state, &form, "callback")?;

    let stored = store(state, &mut form).await?;
    if let (Some(url), true) = (notification_url, stored.is_new) {
        webhook::send(&state.cloud, url, &stored.description, now()).await;
    }
    let mut response = match callback {
        Some(callback) if !is_script(&headers) => redirect(callback, &stored.description),
        _ => {
            let mut response = StatusCode::OK.into_response();
            set_json(&mut response, Value::Object(stored.description).to_string());
            response
        }
    };
    if let Some(unsupported) = unsupported(&form) {
        let headers = response.headers_mut();
        headers.insert(X_LOCAL_UNSUPPORTED, unsupported);
    }
    Ok(response)
}

/// Receives a form from a client that is fast enough.
async fn receive(state: &State, request: Request) -> Result<Form, Problem> {
    let speed = Speed::default();
    let request = request.map(|body| speed.count(body));
    let limit = state.settings.limits.source_bytes;
    let received = Form::receive(request, limit, &state.upload_memory);
    tokio::select! {
        received = timeout(RECEIVE_TIMEOUT, received) => received.map_err(|_| {
            let seconds = RECEIVE_TIMEOUT.as_secs();
            let reason = format!("The form was not received within {seconds} seconds");
            Problem::new(StatusCode::REQUEST_TIMEOUT, reason)
        })?,
        problem = speed.too_slow() => Err(problem),
    }
}

/// Names the parameters that have no effect.
fn unsupported(form: &Form) -> Option<HeaderValue> {
    let names = form.fields.iter().map(|(name, _)| &**name);
    let is_plain = |name: &&str| name.bytes().all(|byte| byte.is_ascii_graphic());
    let is_unsupported = |name: &&str| !SUPPORTED.contains(name);
    let names: Vec<_> = names
        .filter(is_plain)
        .filter(is_unsupported)
        .take(20)
        .collect();
    if names.is_empty() {
        return None;
    }
    HeaderValue::try_from(names.join(", ")).ok()
}
