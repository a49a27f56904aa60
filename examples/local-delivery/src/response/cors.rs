//! Cross-origin resource sharing (CORS).

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use url::Url;

use super::names::TIMING_ALLOW_ORIGIN;
use crate::loopback::is_loopback;

/// The headers that scripts may read.
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "Content-Disposition, Content-Length, ETag, Vary, X-Cld-Error, X-Local-Approximation, X-Local-Gravity, \
     X-Local-Unsupported",
);

/// Returns the response to `OPTIONS`, including preflight requests.
pub(crate) fn preflight(methods: &'static str) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let methods = HeaderValue::from_static(methods);
    let headers = response.headers_mut();
    headers.insert(header::ALLOW, methods.clone());
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "*"),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Adds the headers of all responses. Only pages of this machine may read a response: any
/// website that a developer visits can send requests to it.
pub(crate) fn add_common_headers(request: &HeaderMap, response: &mut HeaderMap) {
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::SERVER, "local-delivery"),
    ] {
        response.insert(name, HeaderValue::from_static(value));
    }
    response.append(header::VARY, HeaderValue::from_static("Origin"));
    let origin = request.get(header::ORIGIN);
    if let Some(origin) = origin.filter(|origin| is_local(origin)) {
        response.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        response.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        response.insert(TIMING_ALLOW_ORIGIN, origin.clone());
    }
}

/// Returns whether an origin is on this machine.
fn is_local(origin: &HeaderValue) -> bool {
    let origin = origin.to_str().ok().and_then(|text| Url::parse(text).ok());
    let host = origin.as_ref().and_then(Url::host);
    host.is_some_and(|host| is_loopback(&host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::response::names::{
        X_CLD_ERROR, X_LOCAL_APPROXIMATION, X_LOCAL_GRAVITY, X_LOCAL_UNSUPPORTED,
    };

    #[test]
    fn headers_of_this_program_are_exposed() {
        let exposed = EXPOSED.to_str().unwrap().to_ascii_lowercase();
        let exposed: Vec<_> = exposed.split(", ").collect();
        for name in [
            X_CLD_ERROR,
            X_LOCAL_APPROXIMATION,
            X_LOCAL_GRAVITY,
            X_LOCAL_UNSUPPORTED,
        ] {
            assert!(exposed.contains(&name.as_str()), "{name}");
        }
    }

    #[test]
    fn only_pages_of_this_machine_may_read() {
        for (origin, allowed) in [
            ("http://127.0.0.1:3000", true),
            ("https://127.0.0.1", true),
            ("http://localhost:3000", true),
            ("http://app.localhost", true),
            ("http://[::1]:3000", true),
            ("https://example.org", false),
            ("http://localhost.example.org", false),
            ("http://127.0.0.1.example.org", false),
            ("http://10.0.0.7:3000", false),
            ("null", false),
            ("", false),
        ] {
            let mut request = HeaderMap::new();
            request.insert(header::ORIGIN, HeaderValue::from_static(origin));
            let mut response = HeaderMap::new();
            add_common_headers(&request, &mut response);
            let found = response.get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
            let expected = HeaderValue::from_static(origin);
            assert_eq!(found, allowed.then_some(&expected), "{origin}");
            assert_eq!(response[header::VARY], "Origin");
        }
    }
}
