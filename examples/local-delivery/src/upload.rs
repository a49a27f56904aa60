//! Uploads: `POST /v1_1/<cloud>/<resource type>/upload` with a signed form.

mod authorize;
mod data_uri;
mod facts;
mod fingerprint;
mod form;
mod naming;
mod response;
mod time;
mod webhook;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{self, Path, Request};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::{Map, Value, json};
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use url::Url;
use url_signer::cloudinary::DeliveryType;

use self::authorize::authorize;
use self::facts::Facts;
use self::form::{Content, Form};
use self::naming::{FileName, check_public_id, public_id};
use self::response::Stored;
use self::webhook::is_allowed;
use crate::asset_key::AssetKey;
use crate::digest::md5;
use crate::http::{Problem, add_common_headers, method_not_allowed, preflight};
use crate::originals::SaveError;
use crate::render::OutputFormat;
use crate::state::{State, now};

/// The time limit for receiving a form.
const RECEIVE_TIMEOUT: Duration = Duration::from_mins(1);

/// The parameters that have an effect or are checked.
const SUPPORTED: [&str; 21] = [
    "allowed_formats",
    "callback",
    "colors",
    "cloud_name",
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
    "tags",
    "timestamp",
    "type",
    "unique_filename",
    "use_filename",
    "api_key",
    "signature",
];

/// Stores an uploaded image.
pub(crate) async fn upload(
    extract::State(state): extract::State<Arc<State>>,
    Path((cloud, resource_type)): Path<(String, String)>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let mut response = match *request.method() {
        Method::POST => match respond(&state, &cloud, &resource_type, request).await {
            Ok(response) => response,
            Err(problem) => error_response(&problem),
        },
        Method::OPTIONS => preflight("POST, OPTIONS"),
        _ => method_not_allowed("POST, OPTIONS"),
    };
    add_common_headers(&headers, response.headers_mut());
    response
}

/// Returns the error as the provider's JSON.
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
    let headers = request.headers().clone();
    let limit = state.settings.limits.source_bytes;
    let received = Form::receive(request, limit, &state.uploads);
    let mut form = timeout(RECEIVE_TIMEOUT, received).await.map_err(|_| {
        let seconds = RECEIVE_TIMEOUT.as_secs();
        let reason = format!("The form was not received within {seconds} seconds");
        Problem::new(StatusCode::REQUEST_TIMEOUT, reason)
    })??;
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
        response
            .headers_mut()
            .insert("x-local-unsupported", unsupported);
    }
    Ok(response)
}

/// An image that is stored, with the response that describes it.
struct StoredImage {
    description: Map<String, Value>,
    /// False if the image existed and is not replaced.
    is_new: bool,
}

/// Checks the image and stores it.
async fn store(state: &Arc<State>, form: &mut Form) -> Result<StoredImage, Problem> {
    let limit = state.settings.limits.source_bytes;
    let file = form.file.take();
    let file = file.ok_or_else(|| Problem::bad_request("Missing required parameter - file"))?;
    let bytes: Arc<[u8]> = match file.content {
        Content::Bytes(bytes) => bytes.into(),
        Content::Text(text) if text.starts_with("data:") => {
            let decoded = spawn_blocking(move || data_uri::decode(&text)).await;
            let decoded = decoded.map_err(|error| Problem::internal(&error))?;
            decoded
                .ok_or_else(|| Problem::bad_request("Invalid data URI"))?
                .into()
        }
        Content::Text(_) => return Err(Problem::bad_request("Remote URLs are not supported")),
    };
    if bytes.len() > limit {
        return Err(form::too_large(limit));
    }
    let delivery_type = form.get("type").unwrap_or("upload");
    let delivery_type: DeliveryType = delivery_type
        .parse()
        .map_err(|_| Problem::bad_request(format!("Invalid type {delivery_type}")))?;
    let file_name = FileName::new(file.name.as_deref());
    let key = AssetKey::image(delivery_type, public_id(form, &file_name))
        .map_err(|error| Problem::bad_request(error.to_string()))?;
    check_public_id(key.public_id())?;
    let overwrites = form.get("overwrite") != Some("false");
    if !overwrites && let Some(existing) = existing(state, &key).await? {
        return Ok(existing);
    }

    let (decoded, limits) = (Arc::clone(&bytes), state.settings.limits.clone());
    let facts = state
        .derived
        .run(&bytes, move |deadline| {
            Facts::read(&decoded, deadline, &limits)
        })
        .await?
        .map_err(|error| Problem::bad_request(error.to_string()))?;
    check_format(form, facts.format)?;

    let stored = Stored {
        key,
        facts,
        file_name,
        bytes: bytes.len(),
        digest: md5(&bytes),
        now: now(),
    };
    let _saving = state.saving.lock().await;
    let previous = find_description(state, &stored.key).await?;
    let description = stored.describe(state, form, previous.as_ref())?;
    let saved = {
        let (state, description) = (Arc::clone(state), description.clone());
        spawn_blocking(move || {
            let (originals, key) = (&state.originals, &stored.key);
            originals.save_described(key, &bytes, Some(&description), overwrites)
        })
    };
    match saved.await.map_err(|error| Problem::internal(&error))? {
        Ok(()) => Ok(StoredImage {
            description,
            is_new: true,
        }),
        Err(SaveError::Format) => Err(Problem::bad_request("Invalid image file")),
        Err(SaveError::Exists(key)) => existing(state, &key)
            .await?
            .ok_or_else(|| Problem::not_found(key.public_id())),
        Err(error @ SaveError::FolderName(_)) => Err(Problem::bad_request(error.to_string())),
        Err(error @ SaveError::Write { .. }) => Err(Problem::internal(&error)),
    }
}

/// Returns the description of a stored image.
async fn find_description(
    state: &Arc<State>,
    key: &AssetKey,
) -> Result<Option<Map<String, Value>>, Problem> {
    let (state, key) = (Arc::clone(state), key.clone());
    let found = spawn_blocking(move || {
        let original = state.originals.find(&key)?;
        Ok::<_, std::io::Error>(
            original.map(|original| state.originals.description(&original).unwrap_or_default()),
        )
    });
    found
        .await
        .map_err(|error| Problem::internal(&error))?
        .map_err(|error| Problem::internal(&error))
}

/// Returns an image that is not replaced.
async fn existing(state: &Arc<State>, key: &AssetKey) -> Result<Option<StoredImage>, Problem> {
    let description = find_description(state, key).await?;
    Ok(description.map(|mut description| {
        description.insert("existing".to_owned(), Value::Bool(true));
        StoredImage {
            description,
            is_new: false,
        }
    }))
}

fn check_format(form: &Form, format: OutputFormat) -> Result<(), Problem> {
    let Some(allowed) = form.get("allowed_formats") else {
        return Ok(());
    };
    let mut allowed = allowed.split(',').map(str::trim);
    if allowed.any(|name| OutputFormat::from_extension(name) == Some(format)) {
        return Ok(());
    }
    let reason = format!("Image file format {} not allowed", format.extension());
    Err(Problem::bad_request(reason))
}

/// Returns a URL to which a request of this program or of a browser may go.
fn allowed_url(state: &State, form: &Form, name: &str) -> Result<Option<Url>, Problem> {
    let Some(text) = form.get(name) else {
        return Ok(None);
    };
    let invalid = || Problem::bad_request(format!("Invalid {name}"));
    let url = Url::parse(text).map_err(|_| invalid())?;
    if !is_allowed(&url, &state.settings.webhook_hosts) {
        let host = url.host_str().unwrap_or_default();
        return Err(Problem::bad_request(format!(
            "{name} points to {host}, which is not a loopback address; allow it with --webhook-host"
        )));
    }
    Ok(Some(url))
}

/// Returns whether a script sent the request. It receives no redirect.
fn is_script(headers: &HeaderMap) -> bool {
    headers.contains_key("x-requested-with")
        || headers
            .get("sec-fetch-mode")
            .is_some_and(|mode| mode != "navigate")
}

/// Redirects the browser of a form without JavaScript.
fn redirect(mut callback: Url, description: &Map<String, Value>) -> Response {
    for name in ["public_id", "version", "signature", "resource_type", "type"] {
        let value = match description.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => continue,
        };
        callback.query_pairs_mut().append_pair(name, &value);
    }
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(location) = HeaderValue::try_from(String::from(callback)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
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
