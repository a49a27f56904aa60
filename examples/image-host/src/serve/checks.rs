//! The rules of HTTP that the framework leaves to its users.

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, Version, header};

use super::context::LogFields;
use super::response::ApiError;

/// Rejects requests without a valid `Host` header (RFC 9112, section 3.2).
pub(super) async fn require_host(request: Request, next: Next) -> Response {
    match check_host(request.headers(), request.version()) {
        Ok(()) => next.run(request).await,
        Err(message) => ApiError::InvalidHost(message).into_response(),
    }
}

fn check_host(headers: &HeaderMap, version: Version) -> Result<(), &'static str> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let Some(host) = hosts.next() else {
        let required = version >= Version::HTTP_11;
        return if required {
            Err("the Host header is missing")
        } else {
            Ok(())
        };
    };
    if hosts.next().is_some() {
        return Err("the request has more than one Host header");
    }
    let host = host.as_bytes();
    let valid =
        host.is_empty() || Authority::try_from(host).is_ok_and(|host| !host.as_str().contains('@'));
    if valid {
        Ok(())
    } else {
        Err("the Host header is not a host and an optional port")
    }
}

/// The status before the response was compressed.
#[derive(Clone, Copy)]
struct UncompressedStatus(StatusCode);

/// Keeps the status of a response for [`reject_unacceptable`].
pub(super) async fn keep_status(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let status = UncompressedStatus(response.status());
    response.extensions_mut().insert(status);
    response
}

/// Omits the payload from a response to a client that accepts no encoding.
///
/// The compression layer sets the status 406 in that case, but keeps the payload,
/// and also replaces the status of redirects and errors.
pub(super) async fn reject_unacceptable(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let status = response.extensions_mut().remove();
    let Some(UncompressedStatus(status)) = status else {
        return response;
    };
    if response.status() != StatusCode::NOT_ACCEPTABLE {
        return response;
    }
    if status != StatusCode::OK {
        *response.status_mut() = status;
        return response;
    }
    let fields: LogFields = response.extensions_mut().remove().unwrap_or_default();
    let mut response = ApiError::NotAcceptable.into_response();
    response.extensions_mut().insert(fields);
    let vary = HeaderValue::from_static("Accept-Encoding");
    response.headers_mut().insert(header::VARY, vary);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_valid_host_is_required() {
        for (hosts, version, valid) in [
            (&["localhost"][..], Version::HTTP_11, true),
            (&["127.0.0.1:3000"], Version::HTTP_11, true),
            (&["[::1]:3000"], Version::HTTP_11, true),
            (&[""], Version::HTTP_11, true),
            (&[], Version::HTTP_11, false),
            (&["a", "a"], Version::HTTP_11, false),
            (&["a", "b"], Version::HTTP_10, false),
            (&["user@a"], Version::HTTP_11, false),
            (&["a b"], Version::HTTP_11, false),
            (&["a/b"], Version::HTTP_11, false),
            (&["a, b"], Version::HTTP_11, false),
            (&[], Version::HTTP_10, true),
            (&["a"], Version::HTTP_10, true),
        ] {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(header::HOST, HeaderValue::from_static(host));
            }
            let checked = check_host(&headers, version);
            assert_eq!(checked.is_ok(), valid, "{hosts:?} {version:?}: {checked:?}");
        }
    }
}
