//! Deliveries: from a request to an image.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::extract;
use axum::response::{IntoResponse, Response};
use headers::{ContentRange, ETag, HeaderMapExt, LastModified};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use tokio::task::spawn_blocking;
use url_signer::cloudinary::transformation::ParsedValue;

use super::attachment::attachment;
use super::authorize::{Authorized, authorize};
use super::conditional::{Precondition, allows_range, evaluate};
use super::cors::{add_common_headers, preflight};
use super::error::Problem;
use super::negotiate::{accepts_webp, dpr};
use super::range::{Selection, select};
use crate::derived::{Derivation, Failure, Picture};
use crate::originals::Original;
use crate::render::{
    Choice, FileIdentity, Hints, OutputFormat, Plan, RenderError, RequestedFormat,
};
use crate::state::{State, now};

/// The maximum number of bytes in a request target.
const MAX_TARGET_BYTES: usize = 8 * 1024;

/// The maximum number of bytes in a note about a transformation.
const MAX_NOTE_BYTES: usize = 1_000;

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
        Method::OPTIONS => preflight("GET, HEAD"),
        _ => method_not_allowed("GET, HEAD"),
    };
    add_common_headers(&parts.headers, response.headers_mut());
    if parts.method == Method::HEAD {
        *response.body_mut() = Body::empty();
    }
    response
}

/// Returns the response to a method that the target does not have.
pub(crate) fn method_not_allowed(methods: &'static str) -> Response {
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed");
    let mut response = problem.into_response();
    let methods = HeaderValue::from_static(methods);
    response.headers_mut().insert(header::ALLOW, methods);
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
    let headers = plan_headers(state, &authorized, &plan);
    let attachment_name = plan.attachment().map(|attachment| {
        let requested = attachment.name.clone();
        requested
            .or_else(|| original_name(state, &original))
            .unwrap_or(name)
    });
    let picture = picture(state, request, original, plan, extension).await?;
    let format = picture.format;
    let mut response = represent(state, request, picture, modified).await?;
    if let Some(name) = attachment_name {
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

/// Finds the original. The end of a public id may look like an extension.
async fn find(state: &Arc<State>, authorized: &Authorized) -> Result<Found, Problem> {
    let (state, key) = (Arc::clone(state), authorized.key.clone());
    let found = spawn_blocking(move || {
        let without_extension = key.split_extension();
        let readings = without_extension
            .map(|(key, extension)| (key, OutputFormat::from_extension(extension)))
            .into_iter()
            .chain([(key.clone(), None)]);
        for (key, extension) in readings {
            if let Some(original) = state.originals.find(&key)? {
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
        .ok_or_else(|| Problem::not_found(authorized.key.public_id()))
}

/// Returns the name of the file that was uploaded.
fn original_name(state: &State, original: &Original) -> Option<String> {
    let description = state.originals.description(original)?;
    let name = description.get("original_filename")?.as_str()?;
    Some(name.to_owned())
}

/// Returns the stored bytes or a derived image.
async fn picture(
    state: &Arc<State>,
    request: &Parts,
    original: Original,
    plan: Plan,
    extension: Option<OutputFormat>,
) -> Result<Picture, Problem> {
    let stored = original
        .format
        .ok_or_else(|| Problem::from(Failure::Render(RenderError::NotAnImage)))?;
    let choice = match plan.format() {
        Some(RequestedFormat::Fixed(format)) => Choice::Fixed(format),
        Some(RequestedFormat::Auto) => Choice::Auto {
            accepts_webp: accepts_webp(&request.headers),
        },
        None => Choice::Fixed(extension.unwrap_or(stored)),
    };
    let is_stored = plan.is_empty() && choice == Choice::Fixed(stored);
    let limits = state.settings.limits.clone();
    let limit = limits.source_bytes;
    let identity = FileIdentity::new(&original.identity());
    let read = move || {
        original.read(limit)?.map_err(|bytes| {
            let error = RenderError::FileTooLarge { bytes, limit };
            Failure::Render(error)
        })
    };
    let picture = if is_stored {
        state.derived.stored(&identity, read).await
    } else {
        let derivation = Derivation {
            identity,
            plan,
            choice,
            limits,
        };
        state.derived.get(derivation, read).await
    };
    picture.map_err(Problem::from)
}

/// Returns the headers that depend on the authorization and the transformation.
fn plan_headers(state: &State, authorized: &Authorized, plan: &Plan) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let max_age = state.settings.max_age;
    headers.insert(header::CACHE_CONTROL, cache_control(authorized, max_age));
    if plan.uses_accept() {
        headers.append(header::VARY, HeaderValue::from_static("Accept"));
    }
    if plan.uses_dpr_hint() {
        headers.append(header::VARY, HeaderValue::from_static("Sec-CH-DPR, DPR"));
    }
    for (name, value) in [
        ("x-local-unsupported", note(plan.unsupported())),
        ("x-local-approximation", note(plan.approximations())),
        ("x-local-gravity", note(plan.gravity_note().as_slice())),
    ] {
        if let Some(value) = value {
            headers.insert(name, value);
        }
    }
    headers
}

fn cache_control(authorized: &Authorized, max_age: Duration) -> HeaderValue {
    let scope = if authorized.is_public {
        "public"
    } else {
        "private"
    };
    let seconds = max_age.as_secs();
    let value = if seconds == 0 {
        format!("{scope}, no-transform, no-cache")
    } else if authorized.has_version || has_immutable_flag(authorized) {
        format!("{scope}, no-transform, immutable, max-age={seconds}")
    } else {
        format!("{scope}, no-transform, max-age={seconds}")
    };
    HeaderValue::try_from(value).unwrap_or_else(|_| HeaderValue::from_static("no-store"))
}

/// Returns whether the transformation has the flag `immutable_cache`.
fn has_immutable_flag(authorized: &Authorized) -> bool {
    let steps = authorized.transformation.steps();
    steps.flat_map(|step| step.parameters()).any(|parameter| {
        matches!(parameter.value(), ParsedValue::Flags(flags)
            if flags.iter().any(|flag| flag.name == "immutable_cache"))
    })
}

/// Joins notes. The texts of a transformation are ASCII.
fn note(notes: &[impl AsRef<str>]) -> Option<HeaderValue> {
    let mut text = String::new();
    for note in notes {
        let note = note.as_ref();
        if !text.is_empty() {
            text.push_str(", ");
        }
        if text.len() + note.len() > MAX_NOTE_BYTES {
            text.push_str("...");
            break;
        }
        text.push_str(note);
    }
    (!text.is_empty()).then(|| HeaderValue::try_from(text).ok())?
}

/// Returns the response for the preconditions and the range of a request.
async fn represent(
    state: &State,
    request: &Parts,
    picture: Picture,
    modified: SystemTime,
) -> Result<Response, Problem> {
    let headers = &request.headers;
    let etag: ETag = format!("\"{}\"", picture.digest)
        .parse()
        .map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal error"))?;
    let mut response = match evaluate(headers, &etag, modified) {
        Precondition::Passed => {
            let mut picture = picture;
            if request.method == Method::GET {
                let reserved = state.sending.reserve(picture.bytes.len()).await;
                picture.bytes = reserved.ok_or_else(Problem::busy)?.hold(picture.bytes);
            }
            body(request, picture, &etag, modified)
        }
        Precondition::NotModified => StatusCode::NOT_MODIFIED.into_response(),
        Precondition::Failed => {
            let reason = "The precondition of the request is false";
            return Err(Problem::new(StatusCode::PRECONDITION_FAILED, reason));
        }
    };
    let headers = response.headers_mut();
    headers.typed_insert(etag);
    headers.typed_insert(LastModified::from(modified));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    Ok(response)
}

/// Returns the whole body, or the requested range.
fn body(request: &Parts, picture: Picture, etag: &ETag, modified: SystemTime) -> Response {
    let Picture { bytes, format, .. } = picture;
    let length = bytes.len();
    // Only `GET` defines ranges.
    let has_range = request.method == Method::GET && allows_range(&request.headers, etag, modified);
    let selection = if has_range {
        select(&request.headers, length)
    } else {
        Selection::All
    };
    let length_u64 = u64::try_from(length).unwrap_or(u64::MAX);
    let (status, content_range, bytes) = match selection {
        Selection::All => (StatusCode::OK, None, bytes),
        Selection::Part(range) => {
            let start = u64::try_from(range.start).unwrap_or(u64::MAX);
            let end = u64::try_from(range.end).unwrap_or(u64::MAX);
            let content_range = ContentRange::bytes(start..end, length_u64).ok();
            (
                StatusCode::PARTIAL_CONTENT,
                content_range,
                bytes.slice(range),
            )
        }
        Selection::Unsatisfiable => {
            let problem = Problem::new(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "The range is outside of the image",
            );
            let mut response = problem.into_response();
            let range = ContentRange::unsatisfied_bytes(length_u64);
            response.headers_mut().typed_insert(range);
            return response;
        }
    };
    let sent = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(format.media_type()),
    );
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(sent));
    if let Some(content_range) = content_range {
        headers.typed_insert(content_range);
    }
    response
}

/// Returns a time without its fraction of a second, which HTTP cannot express.
fn whole_seconds(time: SystemTime) -> SystemTime {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    let seconds = since.unwrap_or_default().as_secs();
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}
