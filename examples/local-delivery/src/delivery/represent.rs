//! Responses with an image, or a part of it.

use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use headers::{ContentRange, ETag, HeaderMapExt, LastModified};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode, header};

use super::conditional::{Precondition, allows_range, evaluate};
use super::range::{Selection, select};
use crate::derived::Picture;
use crate::response::Problem;
use crate::sending::Reservation;
use crate::state::State;

/// Returns the response for the preconditions and the range of a request. Reserves memory for
/// a body, if the caller has not.
pub(super) async fn represent(
    state: &State,
    request: &Parts,
    picture: Picture,
    reservation: Option<Reservation>,
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
                let reservation = match reservation {
                    Some(reservation) => Some(reservation),
                    None => state.sending.reserve(picture.bytes.len()).await,
                };
                let reservation = reservation.ok_or_else(Problem::busy)?;
                picture.bytes = reservation.hold(picture.bytes);
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
pub(super) fn whole_seconds(time: SystemTime) -> SystemTime {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    let seconds = since.unwrap_or_default().as_secs();
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}
