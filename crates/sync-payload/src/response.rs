//! What the documented host answers: status, headers, and the short bodies.
//!
//! ```
//! use std::time::Duration;
//! use sync_payload::response::{ResponseMeta, Response};
//! use uuid::Uuid;
//!
//! let answered = ResponseMeta {
//!     request_id: Uuid::from_u128(0x54ea8b98_0d67_4e1a_a1d4_e71f79217394),
//!     run_time: Duration::from_micros(36_653),
//! };
//! let response = Response::payload(answered, "eyJ0eXAi.eyJleHAi.F7OWGJTp")?;
//! assert_eq!(response.status(), 200);
//! assert!(response.headers().any(|header| header == ("x-runtime", "0.036653")));
//!
//! // A value can't begin a header of its own.
//! let error = Response::redirect(answered, "https://a.example/\r\nset-cookie:b").unwrap_err();
//! assert_eq!(error.to_string(), "header `location` cannot hold byte 0x0d, at 18");
//! # Ok::<(), sync_payload::response::HeaderError>(())
//! ```

use std::borrow::Cow;
use std::time::Duration;

use thiserror::Error;
use uuid::Uuid;

use crate::request::RequestError;

const NO_CACHE: [(&str, &str); 3] = [
    ("cache-control", "no-cache, no-store"),
    ("pragma", "no-cache"),
    ("expires", "Fri, 01 Jan 1990 00:00:00 GMT"),
];

const SECURITY: [(&str, &str); 6] = [
    ("x-frame-options", "DENY"),
    ("x-content-type-options", "nosniff"),
    ("x-xss-protection", "1; mode=block"),
    ("x-download-options", "noopen"),
    ("x-permitted-cross-domain-policies", "none"),
    (
        "referrer-policy",
        "origin-when-cross-origin, strict-origin-when-cross-origin",
    ),
];

const CONTENT_TYPE: &str = "content-type";
const TEXT: (&str, &str) = (CONTENT_TYPE, "text/plain; charset=utf-8");

/// What every answer says about the request that it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResponseMeta {
    /// A name for the request in logs, made by the host: `x-request-id`.
    pub request_id: Uuid,
    /// How long it took until now: `x-runtime`, in seconds with six decimals.
    pub run_time: Duration,
}

/// Status, headers and, where it is the same for every host, the body.
///
/// `Content-Length` and what compression needs are left to the host's
/// framework, which knows the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    status: u16,
    headers: Vec<(&'static str, Cow<'static, str>)>,
    body: Cow<'static, str>,
}

impl Response {
    /// 200: the head before a payload, with the token that came with the
    /// request.
    ///
    /// # Errors
    ///
    /// - A token with a space, a control character, or what is not ASCII;
    ///   that of a [`SyncRequest`](crate::request::SyncRequest) never has one.
    pub fn payload(answered: ResponseMeta, token: &str) -> Result<Self, HeaderError> {
        Ok(Self::new(200, answered)
            .with((CONTENT_TYPE, "application/json; charset=utf-8"))
            .with_checked("x-token", token)?
            .with(("vary", "Accept-Encoding"))
            .with((
                "p3p",
                r#"CP="NOI ADM DEV PSAi COM NAV OUR OTRo STP IND DEM""#,
            )))
    }

    /// 401: a caller who is not let in. It has no body.
    #[must_use]
    pub fn denied(answered: ResponseMeta) -> Self {
        Self::new(401, answered)
            .with((CONTENT_TYPE, "text/html"))
            .with(("x-message", "Access denied"))
    }

    /// What a refused request maps to: [`denied`](Self::denied), or its status
    /// with its text as the body.
    #[must_use]
    pub fn refused(answered: ResponseMeta, error: &RequestError) -> Self {
        match error.status() {
            401 => Self::denied(answered),
            status => Self::new(status, answered)
                .with(TEXT)
                .with_body(error.to_string()),
        }
    }

    /// 302: where a thumbnail is delivered. It has no body.
    ///
    /// # Errors
    ///
    /// - A location with a space, a control character, or what is not ASCII;
    ///   signed URLs never have one.
    pub fn redirect(answered: ResponseMeta, location: &str) -> Result<Self, HeaderError> {
        Self::new(302, answered).with_checked("location", location)
    }

    /// 400: a thumbnail's path or a proxy URL that does not verify.
    #[must_use]
    pub fn invalid_url(answered: ResponseMeta) -> Self {
        Self::new(400, answered).with(TEXT).with_body("Invalid url")
    }

    /// 404: a thumbnail of an image that the host does not know. It has no body.
    #[must_use]
    pub fn not_found(answered: ResponseMeta) -> Self {
        Self::new(404, answered)
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Names, in lower case, and values of the headers; each name once.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.headers
            .iter()
            .map(|(name, value)| (*name, value.as_ref()))
    }

    /// The body; empty where there is none, and before a payload.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The same answer of the `http` crate, with this body in place of its own:
    /// the payload, or the framework's way to send [`body`](Self::body).
    #[cfg(feature = "http")]
    #[must_use]
    pub fn into_http<B>(self, body: B) -> http::Response<B> {
        let mut response = http::Response::new(body);
        // Statuses and values are checked when an answer is made.
        if let Ok(status) = http::StatusCode::from_u16(self.status) {
            *response.status_mut() = status;
        }
        let headers = self.headers.into_iter().filter_map(|(name, value)| {
            let value = match value {
                Cow::Borrowed(value) => http::HeaderValue::from_static(value),
                Cow::Owned(value) => http::HeaderValue::try_from(value).ok()?,
            };
            Some((http::HeaderName::from_static(name), value))
        });
        response.headers_mut().extend(headers);
        response
    }

    /// The same answer of the `http` crate, with its own body.
    #[cfg(feature = "http")]
    #[must_use]
    pub fn into_http_text(mut self) -> http::Response<Cow<'static, str>> {
        let body = std::mem::take(&mut self.body);
        self.into_http(body)
    }

    fn new(status: u16, answered: ResponseMeta) -> Self {
        let ResponseMeta {
            request_id,
            run_time,
        } = answered;
        let run_time = format!("{}.{:06}", run_time.as_secs(), run_time.subsec_micros());
        let mut headers = Vec::with_capacity(16);
        for (name, value) in NO_CACHE.into_iter().chain(SECURITY) {
            headers.push((name, Cow::Borrowed(value)));
        }
        headers.push(("x-request-id", Cow::Owned(request_id.to_string())));
        headers.push(("x-runtime", Cow::Owned(run_time)));
        Self {
            status,
            headers,
            body: Cow::Borrowed(""),
        }
    }

    fn with(mut self, (name, value): (&'static str, &'static str)) -> Self {
        self.headers.push((name, Cow::Borrowed(value)));
        self
    }

    fn with_checked(mut self, name: &'static str, value: &str) -> Result<Self, HeaderError> {
        let mut bytes = value.bytes().enumerate();
        if let Some((at, byte)) = bytes.find(|(_, byte)| !byte.is_ascii_graphic()) {
            return Err(HeaderError { name, byte, at });
        }
        self.headers.push((name, Cow::Owned(value.to_owned())));
        Ok(self)
    }

    fn with_body(self, body: impl Into<Cow<'static, str>>) -> Self {
        Self {
            body: body.into(),
            ..self
        }
    }
}

/// A value that can't stand in its header.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("header `{name}` cannot hold byte {byte:#04x}, at {at}")]
pub struct HeaderError {
    name: &'static str,
    byte: u8,
    at: usize,
}

impl HeaderError {
    /// The header, in lower case.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}
