//! Deliveries: from a request to an image.

use std::sync::Arc;

use axum::body::Body;
use axum::extract;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{Method, StatusCode, header};
use tokio::task::spawn_blocking;

use super::attachment::attachment;
use super::authorize::{Authorized, authorize};
use super::cache_headers::plan_headers;
use super::negotiate::{accepts_webp, dpr};
use super::represent::{represent, whole_seconds};
use crate::derived::{Derivation, DeriveError, Picture};
use crate::originals::Original;
use crate::render::{
    Choice, FileIdentity, Hints, OutputFormat, Plan, RenderError, RequestedFormat,
};
use crate::response::{Problem, add_common_headers, method_not_allowed, preflight};
use crate::sending::Reservation;
use crate::state::State;
use crate::time::now;

/// The maximum number of bytes in a request target.
const MAX_TARGET_BYTES: usize = 8 * 1024;

/// Responds to a request for an image.
pub(crate) async fn deliver(
    extract::State(state): extract::State<Arc<State>>,
    request: extract::Request,
) -> Response {
    let (parts, _) = request.into_parts();
    let mut response = match parts.method {
        Method::GET | Method::HEAD => match respond(&state, &parts).await {
            Ok(response) => response,
            Err(problem) => problem.into_response(),
        },
        Method::OPTIONS => preflight("GET, HEAD, OPTIONS"),
        _ => method_not_allowed("GET, HEAD, OPTIONS"),
    };
    add_common_headers(&parts.headers, response.headers_mut());
    if parts.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

async fn respond(state: &Arc<State>, request: &Parts) -> Result<Response, Problem> {
    let target = request.uri.path_and_query();
    let target = target.map_or("/", |target| target.as_str());
    if target.len() > MAX_TARGET_BYTES {
        return Err(Problem::new(StatusCode::URI_TOO_LONG, "URL is too long"));
    }
    let url = state.url(target);
    let authorized = authorize(state, &url, now()).inspect_err(|problem| {
        if problem.status == StatusCode::UNAUTHORIZED {
            explain(state, url.clone());
        }
    })?;
    let Found {
        original,
        name,
        extension,
    } = find(state, &authorized).await?;
    let hints = Hints {
        dpr: dpr(&request.headers),
    };
    let settings = &state.settings;
    let plan = Plan::new(
        &authorized.transformation,
        &settings.named,
        &hints,
        &settings.limits,
    )
    .map_err(|error| Problem::bad_request(error.to_string()))?;

    let modified = whole_seconds(original.modified);
    let mut headers = plan_headers(&authorized, &plan, settings.max_age);
    let attachment_name = attachment_name(state, &plan, &original, name).await?;
    let (picture, reservation) = picture(state, request, original, plan, extension).await?;
    let format = picture.format;
    let mut response = represent(state, request, picture, reservation, modified).await?;
    if response.status().is_client_error() {
        // An error is never cached.
        headers.remove(header::CACHE_CONTROL);
    } else if let Some(name) = attachment_name {
        let value = attachment(&name, format);
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, value);
    }
    response.headers_mut().extend(headers);
    Ok(response)
}

/// Logs why a URL is probably rejected. The explanation is not for the client. While another
/// URL is explained, this one is not.
fn explain(state: &Arc<State>, url: String) {
    let Ok(permit) = Arc::clone(&state.explaining).try_acquire_owned() else {
        return;
    };
    let state = Arc::clone(state);
    spawn_blocking(move || {
        if let Some(cause) = state.cloud.explain(&url).likely_cause() {
            tracing::info!("rejected a URL: {cause}");
        }
        drop(permit);
    });
}

/// An original that a URL delivers.
struct Found {
    original: Original,
    /// The last component of the public id.
    name: String,
    /// The format that the extension of the URL requests.
    extension: Option<OutputFormat>,
}

/// Finds the original.
async fn find(state: &Arc<State>, authorized: &Authorized) -> Result<Found, Problem> {
    let (state, readings) = (Arc::clone(state), authorized.readings.clone());
    let found = spawn_blocking(move || {
        for (key, extension) in readings.keys() {
            if let Some(original) = state.originals.find(key)? {
                return Ok(Some(Found {
                    original,
                    name: key.name().to_owned(),
                    extension,
                }));
            }
        }
        Ok::<_, std::io::Error>(None)
    });
    found
        .await
        .map_err(|error| Problem::internal(&error))?
        .map_err(|error| Problem::internal(&error))?
        .ok_or_else(|| Problem::not_found(authorized.readings.public_id()))
}

/// Returns the name for `fl_attachment`: that of the flag, else that of the uploaded file,
/// else the end of the public id.
async fn attachment_name(
    state: &Arc<State>,
    plan: &Plan,
    original: &Original,
    public_name: String,
) -> Result<Option<String>, Problem> {
    let Some(attachment) = plan.attachment() else {
        return Ok(None);
    };
    let requested = attachment.name.as_ref();
    if let Some(name) = requested.filter(|name| !name.trim().is_empty()) {
        return Ok(Some(name.clone()));
    }
    let (state, path) = (Arc::clone(state), original.path.clone());
    let uploaded = spawn_blocking(move || {
        let description = state.originals.description(&path)?;
        let name = description.get("original_filename")?.as_str()?;
        Some(name.to_owned())
    });
    let uploaded = uploaded.await.map_err(|error| Problem::internal(&error))?;
    Ok(Some(uploaded.unwrap_or(public_name)))
}

/// Returns the stored bytes or a derived image. Stored bytes that are not in memory are read
/// after memory for them is reserved.
async fn picture(
    state: &Arc<State>,
    request: &Parts,
    original: Original,
    plan: Plan,
    extension: Option<OutputFormat>,
) -> Result<(Picture, Option<Reservation>), Problem> {
    let stored = original
        .format
        .ok_or_else(|| Problem::from(DeriveError::Render(RenderError::NotAnImage)))?;
    let choice = match plan.format() {
        Some(RequestedFormat::Fixed(format)) => Choice::Fixed(format),
        Some(RequestedFormat::Auto) => Choice::Auto {
            accepts_webp: accepts_webp(&request.headers),
        },
        None => Choice::Fixed(extension.unwrap_or(stored)),
    };
    let is_stored = plan.is_empty() && keeps_format(choice, stored);
    let limits = state.settings.limits.clone();
    let limit = limits.source_bytes;
    let identity = FileIdentity::new(&original.identity());
    let length = usize::try_from(original.length).unwrap_or(usize::MAX);
    let read = move || {
        original.read(limit)?.map_err(|bytes| {
            let error = RenderError::FileTooLarge { bytes, limit };
            DeriveError::Render(error)
        })
    };
    if !is_stored {
        let derivation = Derivation {
            identity,
            plan,
            choice,
            limits,
        };
        return Ok((state.derived.get(derivation, read).await?, None));
    }
    if let Some(picture) = state.derived.stored_in_memory(&identity).await {
        return Ok((picture, None));
    }
    // A file that is too large is not read.
    let length = if length > limit { 0 } else { length };
    let reservation = state.sending.reserve(length).await;
    let reservation = reservation.ok_or_else(Problem::busy)?;
    let reading = reservation.clone();
    let read = move || {
        // Kept while the file is read, even if the client disconnects.
        let _reading = reading;
        read()
    };
    let picture = state.derived.stored(&identity, read).await?;
    Ok((picture, Some(reservation)))
}

/// Returns whether an unchanged image keeps its stored format.
fn keeps_format(choice: Choice, stored: OutputFormat) -> bool {
    match choice {
        Choice::Fixed(format) => format == stored,
        Choice::Auto { accepts_webp: true } => stored == OutputFormat::WebP,
        // A JPEG has no transparent pixels. A PNG may have some, which is not known.
        Choice::Auto {
            accepts_webp: false,
        } => stored == OutputFormat::Jpeg,
    }
}
