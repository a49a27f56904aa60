//! Responses as the recorded host sends them: status, headers and short bodies.
//!
//! ```
//! use std::time::Duration;
//! use sync_payload::request::{RequestLimits, SyncRequest};
//! use sync_payload::response::{Response, ResponseMeta};
//! use uuid::Uuid;
//!
//! let request_id = Uuid::from_u128(0x54ea8b98_0d67_4e1a_a1d4_e71f79217394);
//! let meta = ResponseMeta::new(request_id, Duration::from_micros(36_653));
//!
//! let authorization: &[u8] = b"Token a.b.c";
//! let response = match SyncRequest::parse(None, [authorization], &RequestLimits::new()) {
//!     Ok(request) => Response::ok(meta, &request.token),
//!     Err(error) => Response::from_error(meta, &error),
//! };
//! assert_eq!(response.status(), 200);
//! assert!(response.headers().any(|header| header == ("x-token", "a.b.c")));
//! assert!(response.headers().any(|header| header == ("x-runtime", "0.036653")));
//! ```

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use url_signer::cloudinary::SignedUrl;
use url_signer::url::Url;
use uuid::Uuid;

use crate::request::{RequestError, RequestToken};

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
const X_TOKEN: &str = "x-token";
const LOCATION: &str = "location";
const PLAIN_TEXT: &str = "text/plain; charset=utf-8";

/// The values of the headers `X-Request-Id` and `X-Runtime`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResponseMeta {
    /// The id of the request in the logs of the host, for `X-Request-Id`.
    pub request_id: Uuid,
    /// The time between the request and the response, for `X-Runtime`. The header
    /// contains the time in seconds, with six decimals: `0.036653`.
    pub runtime: Duration,
}

impl ResponseMeta {
    /// Creates the values from the id of the request and the time since its arrival.
    #[must_use]
    pub const fn new(request_id: Uuid, runtime: Duration) -> Self {
        Self {
            request_id,
            runtime,
        }
    }
}

/// A response: status, headers and a short body.
///
/// An [`ok`](Self::ok) response has an empty [`body`](Self::body): the host sends the
/// payload instead. The web framework adds `Content-Length` and `Content-Encoding`.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    status: u16,
    headers: Vec<(&'static str, Cow<'static, str>)>,
    body: Cow<'static, str>,
}

impl Response {
    /// Creates the status and headers of a 200 response. The payload is sent as its
    /// body.
    ///
    /// The header `X-token` contains the token of the request.
    #[must_use]
    pub fn ok(meta: ResponseMeta, token: &RequestToken<'_>) -> Self {
        Self::new(200, meta)
            .with(CONTENT_TYPE, "application/json; charset=utf-8")
            .with(X_TOKEN, token.as_str().to_owned())
            .with("vary", "Accept-Encoding")
            .with(
                "p3p",
                r#"CP="NOI ADM DEV PSAi COM NAV OUR OTRo STP IND DEM""#,
            )
    }

    /// Creates the 401 response to a client whose token is not valid. The response has
    /// no body.
    #[must_use]
    pub fn unauthorized(meta: ResponseMeta) -> Self {
        Self::new(401, meta)
            .with(CONTENT_TYPE, "text/html")
            .with("x-message", "Access denied")
    }

    /// Creates the response to a request that cannot be parsed.
    ///
    /// The response has the status of the error. If the status is 401, the response is
    /// [`unauthorized`](Self::unauthorized). Otherwise the body is the error message.
    #[must_use]
    pub fn from_error(meta: ResponseMeta, error: &RequestError) -> Self {
        match error.status() {
            401 => Self::unauthorized(meta),
            status => Self::text(meta, status, error.to_string()),
        }
    }

    /// Creates the 302 response to a thumbnail request. The response redirects to a
    /// delivery URL and has no body.
    ///
    /// [`ImageSigner::thumbnail`](crate::ImageSigner::thumbnail) returns the URL.
    #[must_use]
    pub fn redirect(meta: ResponseMeta, url: &SignedUrl<'_>) -> Self {
        let mut location = url.to_string();
        // The acl of a token may contain other characters. `Url` encodes them.
        if !location.is_ascii() {
            location = Url::from(url.clone()).into();
        }
        Self::new(302, meta).with(LOCATION, location)
    }

    /// Creates the 400 response to a request whose thumbnail path or proxy URL has no
    /// valid signature. The body is `Invalid url`.
    #[must_use]
    pub fn bad_request(meta: ResponseMeta) -> Self {
        Self::text(meta, 400, "Invalid url")
    }

    /// Creates the 404 response to a thumbnail request for an unknown image. The
    /// response has no body.
    #[must_use]
    pub fn not_found(meta: ResponseMeta) -> Self {
        Self::new(404, meta)
    }

    /// Creates the 405 response to a request whose method is not supported. The header
    /// `Allow` lists the supported `methods`. The response has no body.
    ///
    /// Requests for payloads and thumbnails use `GET` and `HEAD`. A name that is not a
    /// token of HTTP (RFC 9110, section 5.6.2) is omitted from the header.
    ///
    /// ```
    /// use sync_payload::response::{Response, ResponseMeta};
    ///
    /// fn reject(meta: ResponseMeta) -> Response {
    ///     let response = Response::method_not_allowed(meta, ["GET", "HEAD"]);
    ///     assert!(response.headers().any(|header| header == ("allow", "GET, HEAD")));
    ///     response
    /// }
    /// # reject(ResponseMeta::new(uuid::Uuid::nil(), std::time::Duration::ZERO));
    /// ```
    #[must_use]
    pub fn method_not_allowed<'a>(
        meta: ResponseMeta,
        methods: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let methods: Vec<_> = methods.into_iter().filter(|name| is_token(name)).collect();
        Self::new(405, meta).with("allow", methods.join(", "))
    }

    /// Creates the 503 response to a request that the host cannot serve now, for example
    /// because its database is not available. The response has no body.
    ///
    /// The header `Retry-After` contains the time in seconds, rounded up.
    #[must_use]
    pub fn unavailable(meta: ResponseMeta, retry_after: Duration) -> Self {
        let seconds = retry_after.as_secs();
        let rounded = seconds.saturating_add(u64::from(retry_after.subsec_nanos() > 0));
        Self::new(503, meta).with("retry-after", rounded.to_string())
    }

    /// Creates a response without a body, such as a 500 response to a request that fails
    /// in the host.
    ///
    /// A status that is not from 200 to 599 becomes 500: the statuses below 200 do not
    /// end a request, and clients treat other invalid ones as a server error (RFC 9110,
    /// section 15).
    ///
    /// ```
    /// use sync_payload::response::{Response, ResponseMeta};
    ///
    /// fn fail(meta: ResponseMeta, error: &dyn std::error::Error) -> Response {
    ///     eprintln!("{}: {error}", meta.request_id);
    ///     Response::empty(meta, 500)
    /// }
    /// ```
    #[must_use]
    pub fn empty(meta: ResponseMeta, status: u16) -> Self {
        let valid = (200..600).contains(&status);
        Self::new(if valid { status } else { 500 }, meta)
    }

    /// Creates a response with a text body, as `text/plain; charset=utf-8`.
    ///
    /// The text is public: it must not contain secrets. A status that is not from 200 to
    /// 599 becomes 500, as in [`empty`](Self::empty). If the status is 204, 205 or 304, the
    /// response is [`empty`](Self::empty): in HTTP it has no content (RFC 9110,
    /// section 6.4.1), so a client would read the text as the start of its next response.
    ///
    /// ```
    /// use sync_payload::response::{Response, ResponseMeta};
    ///
    /// fn health(meta: ResponseMeta) -> Response {
    ///     Response::text(meta, 200, "ok")
    /// }
    /// ```
    #[must_use]
    pub fn text(meta: ResponseMeta, status: u16, text: impl Into<Cow<'static, str>>) -> Self {
        let response = Self::empty(meta, status);
        match response.status {
            204 | 205 | 304 => response,
            _ => response.with(CONTENT_TYPE, PLAIN_TEXT).with_body(text),
        }
    }

    /// Returns the status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Returns the headers: names in lower case, and values.
    ///
    /// Each name occurs once. All values are valid in HTTP.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.headers
            .iter()
            .map(|(name, value)| (*name, value.as_ref()))
    }

    /// Returns the body, which is empty for most responses.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Converts the response to its status, its headers and its body, for web frameworks
    /// that do not use the `http` crate.
    ///
    /// For an [`ok`](Self::ok) response, send the payload instead of the empty body.
    ///
    /// The values of `x-token` and `location` may contain tokens: do not log them.
    /// `into_http`, with the feature `http`, marks them as sensitive.
    ///
    /// ```
    /// use sync_payload::response::{Response, ResponseMeta};
    ///
    /// /// The response of a web framework.
    /// struct Reply {
    ///     status: u16,
    ///     headers: Vec<(String, String)>,
    ///     body: Vec<u8>,
    /// }
    ///
    /// fn reject(meta: ResponseMeta) -> Reply {
    ///     let (status, headers, body) = Response::unauthorized(meta).into_parts();
    ///     Reply {
    ///         status,
    ///         headers: headers.map(|(name, value)| (name.into(), value.into())).collect(),
    ///         body: body.into_owned().into_bytes(),
    ///     }
    /// }
    /// ```
    pub fn into_parts(
        self,
    ) -> (
        u16,
        impl Iterator<Item = (&'static str, Cow<'static, str>)>,
        Cow<'static, str>,
    ) {
        (self.status, self.headers.into_iter(), self.body)
    }

    /// Converts the response to an `http::Response` with the given body. Requires the
    /// feature `http`.
    ///
    /// For an [`ok`](Self::ok) response, pass the payload. For other responses, pass
    /// the text that [`Response::body`](Self::body) returns, in the body type of your
    /// web framework.
    ///
    /// ```
    /// use image_model::{Image, Unsigned};
    /// use sync_payload::request::{RequestError, RequestLimits, SyncRequest};
    /// use sync_payload::response::{Response, ResponseMeta};
    /// use sync_payload::{ImageSigner, PayloadEncoder, WireStyle};
    /// use url_signer::cloudinary::Asset;
    ///
    /// fn image_syncs(
    ///     parts: &http::request::Parts,
    ///     meta: ResponseMeta,
    ///     signer: &ImageSigner,
    ///     records: &[(Image<Unsigned>, Option<Asset>)],
    /// ) -> Result<http::Response<Vec<u8>>, RequestError> {
    ///     let request = SyncRequest::from_parts(parts, &RequestLimits::new())?;
    ///     // The host verifies `request.token` and selects the records of `request.ids`.
    ///     let mut payload = PayloadEncoder::new(WireStyle::Rails);
    ///     for (image, asset) in records {
    ///         payload.push_signed(signer, image, asset);
    ///     }
    ///     Ok(Response::ok(meta, &request.token).into_http(payload.finish()))
    /// }
    /// ```
    #[cfg(feature = "http")]
    #[must_use]
    pub fn into_http<B>(self, body: B) -> http::Response<B> {
        let mut response = http::Response::new(body);
        // All statuses and values are valid, so nothing is left out here.
        if let Ok(status) = http::StatusCode::from_u16(self.status) {
            *response.status_mut() = status;
        }
        let headers = self.headers.into_iter().filter_map(|(name, value)| {
            let mut value = match value {
                Cow::Borrowed(value) => http::HeaderValue::from_static(value),
                Cow::Owned(value) => http::HeaderValue::try_from(value).ok()?,
            };
            // Hidden in the `Debug` of `http`: both may contain a token.
            value.set_sensitive(matches!(name, X_TOKEN | LOCATION));
            Some((http::HeaderName::from_static(name), value))
        });
        response.headers_mut().extend(headers);
        response
    }

    /// Converts the response to an `http::Response` with the text of
    /// [`body`](Self::body). Requires the feature `http`.
    ///
    /// ```
    /// use std::borrow::Cow;
    /// use sync_payload::response::{Response, ResponseMeta};
    ///
    /// fn reject(meta: ResponseMeta) -> http::Response<Cow<'static, str>> {
    ///     Response::unauthorized(meta).into_http_text()
    /// }
    /// ```
    #[cfg(feature = "http")]
    #[must_use]
    pub fn into_http_text(mut self) -> http::Response<Cow<'static, str>> {
        let body = std::mem::take(&mut self.body);
        self.into_http(body)
    }

    fn new(status: u16, meta: ResponseMeta) -> Self {
        let ResponseMeta {
            request_id,
            runtime,
        } = meta;
        let runtime = format!("{}.{:06}", runtime.as_secs(), runtime.subsec_micros());
        let mut headers = Vec::with_capacity(16);
        for (name, value) in NO_CACHE.into_iter().chain(SECURITY) {
            headers.push((name, Cow::Borrowed(value)));
        }
        headers.push(("x-request-id", Cow::Owned(request_id.to_string())));
        headers.push(("x-runtime", Cow::Owned(runtime)));
        Self {
            status,
            headers,
            body: Cow::Borrowed(""),
        }
    }

    fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn with_body(self, body: impl Into<Cow<'static, str>>) -> Self {
        Self {
            body: body.into(),
            ..self
        }
    }
}

/// Returns whether a name is a token of RFC 9110, section 5.6.2.
fn is_token(name: &str) -> bool {
    let is_tchar = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(is_tchar)
}

/// Omits the token in `X-token` and the query in `Location`, which may contain a token.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |(name, value)| {
            let value: Cow<'_, str> = match name {
                X_TOKEN => "..".into(),
                LOCATION => match str::split_once(value, '?') {
                    Some((location, _)) => format!("{location}?..").into(),
                    None => value.into(),
                },
                _ => value.into(),
            };
            (name, value)
        };
        let headers: Vec<_> = self.headers().map(shown).collect();
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &headers)
            .field("body", &self.body)
            .finish()
    }
}
