//! Conditional requests (RFC 9110, section 13).

use std::time::SystemTime;

use headers::{
    ETag, HeaderMapExt, IfMatch, IfModifiedSince, IfNoneMatch, IfRange, IfUnmodifiedSince,
};
use http::{HeaderMap, header};

/// The result of the preconditions of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Precondition {
    /// The preconditions are true, or there are none.
    Passed,
    /// 304
    NotModified,
    /// 412
    Failed,
}

/// Evaluates the preconditions of a `GET` or `HEAD` request, in the order of
/// RFC 9110, section 13.2.2. `modified` has no fraction of a second.
pub(super) fn evaluate(headers: &HeaderMap, etag: &ETag, modified: SystemTime) -> Precondition {
    if headers.contains_key(header::IF_MATCH) {
        // A value that is not a list of tags contains no tag that matches.
        let matches = headers
            .typed_get::<IfMatch>()
            .is_some_and(|tags| tags.precondition_passes(etag));
        if !matches {
            return Precondition::Failed;
        }
    } else if headers
        .typed_get::<IfUnmodifiedSince>()
        .is_some_and(|date| !date.precondition_passes(modified))
    {
        return Precondition::Failed;
    }
    let is_known = if headers.contains_key(header::IF_NONE_MATCH) {
        headers
            .typed_get::<IfNoneMatch>()
            .is_some_and(|tags| !tags.precondition_passes(etag))
    } else {
        headers
            .typed_get::<IfModifiedSince>()
            .is_some_and(|date| !date.is_modified(modified))
    };
    if is_known {
        Precondition::NotModified
    } else {
        Precondition::Passed
    }
}

/// Returns whether `If-Range` allows a partial response: it is missing, or it is the
/// current strong tag or the exact date (section 13.1.5).
pub(super) fn allows_range(headers: &HeaderMap, etag: &ETag, modified: SystemTime) -> bool {
    let Some(value) = headers.get(header::IF_RANGE) else {
        return true;
    };
    let Ok(text) = value.to_str() else {
        return false;
    };
    match httpdate::parse_http_date(text) {
        Ok(date) => date == modified,
        Err(_) => headers
            .typed_get::<IfRange>()
            .is_some_and(|tag| !tag.is_modified(Some(etag), None)),
    }
}
