//! The HTTP client for the endpoint of a host.

use std::io::Read;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, anyhow, ensure};
use ureq::Agent;
use ureq::http::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION, RETRY_AFTER,
};
use ureq::http::{HeaderMap, StatusCode, Uri};

use crate::error::{SyncError, printable};
use crate::limits::Limits;
use crate::payload::Payload;
use crate::progress::Deadline;

/// The time limit for connecting and for each read.
const IO_TIMEOUT: Duration = Duration::from_secs(30);

/// The time after a deadline at which a read fails, so that the error names the deadline.
const TIMEOUT_SLACK: Duration = Duration::from_millis(100);

/// The endpoint that returns the payload.
pub(crate) struct Endpoint {
    agent: Agent,
    url: String,
    /// The host and port of `url`, for error messages.
    host: String,
    token: String,
    authorization: HeaderValue,
}

impl Endpoint {
    pub(crate) fn new(url: &str, token: &str, limits: &Limits) -> Result<Self> {
        ensure!(
            !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()),
            "IMAGE_SYNC_TOKEN is not a valid token"
        );
        let host = host(url).with_context(|| {
            let url = printable(&url.replace(token, "..."));
            format!("invalid URL `{url}`: expected `https://…/api/v1/image_syncs`")
        })?;
        let mut authorization = HeaderValue::try_from(format!("Token token=\"{token}\""))
            .context("IMAGE_SYNC_TOKEN is not a valid token")?;
        authorization.set_sensitive(true);
        let timeout = limits.image_timeout();
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            // The payload of another URL must not become the copy.
            .max_redirects(0)
            .accept_encoding("gzip")
            .timeout_connect(Some(IO_TIMEOUT.min(timeout)))
            .timeout_recv_response(Some(timeout))
            .timeout_per_read(Some(IO_TIMEOUT.min(timeout)))
            .build()
            .into();
        Ok(Self {
            agent,
            url: url.to_owned(),
            host,
            token: token.to_owned(),
            authorization,
        })
    }

    /// Requests the payload and returns the response body.
    pub(crate) fn fetch(
        &self,
        deadline: Deadline,
    ) -> Result<Payload<impl Read + use<>>, SyncError> {
        deadline.check()?;
        let response = self
            .agent
            .get(&self.url)
            .config()
            .timeout_global(Some(deadline.remaining() + TIMEOUT_SLACK))
            .build()
            .header(AUTHORIZATION, &self.authorization)
            .call()
            .map_err(|error| match deadline.check() {
                Err(passed) => passed,
                Ok(()) => request_error(error).context(format!("no response from {}", self.host)),
            })?;
        let status = response.status();
        let headers = response.headers();
        match status.as_u16() {
            200 => {
                let gzip = self.check_payload(headers)?;
                let reader = response.into_body().into_reader();
                Ok(Payload { reader, gzip })
            }
            300..=303 | 305..=399 => Err(SyncError::Rejected(self.redirect_error(status, headers))),
            401 => Err(SyncError::Permanent(anyhow!("the host rejected the token"))),
            408 | 425 | 429 | 500 | 502..=504 => Err(SyncError::Transient {
                error: anyhow!("the host responded with {status}"),
                retry_after: headers
                    .get(RETRY_AFTER)
                    .and_then(|value| retry_after(value.to_str().ok()?, SystemTime::now())),
            }),
            _ => Err(SyncError::Rejected(anyhow!(
                "the host responded with {status}"
            ))),
        }
    }

    /// Checks that the body is JSON and returns whether it is compressed.
    fn check_payload(&self, headers: &HeaderMap) -> Result<bool, SyncError> {
        let content_type = values(headers, CONTENT_TYPE);
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        let count = headers.get_all(CONTENT_TYPE).iter().count();
        if count != 1 || !essence.eq_ignore_ascii_case("application/json") {
            return Err(SyncError::Rejected(if count == 0 {
                anyhow!("the response has no content type: `application/json` is required")
            } else {
                anyhow!(
                    "the content type of the response is `{}`: `application/json` is required",
                    self.printable(&content_type)
                )
            }));
        }
        let encoding = values(headers, CONTENT_ENCODING);
        match &*encoding.to_ascii_lowercase() {
            "" | "identity" => Ok(false),
            "gzip" | "x-gzip" => Ok(true),
            _ => Err(SyncError::Rejected(anyhow!(
                "the content encoding of the response is `{}`: only `gzip` is supported",
                self.printable(&encoding)
            ))),
        }
    }

    fn redirect_error(&self, status: StatusCode, headers: &HeaderMap) -> anyhow::Error {
        let location = values(headers, LOCATION);
        if location.is_empty() {
            anyhow!("the host responded with {status}")
        } else {
            anyhow!(
                "the host redirected to `{}`: the client follows no redirects; use this URL if you trust it",
                self.printable(&location)
            )
        }
    }

    /// Returns a text of the host for an error message, without the token.
    fn printable(&self, text: &str) -> String {
        printable(&text.replace(&self.token, "..."))
    }
}

/// Returns the values of a header, joined.
fn values(headers: &HeaderMap, name: HeaderName) -> String {
    let values = headers.get_all(name);
    let values: Vec<_> = values
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    values.join(", ")
}

fn request_error(error: ureq::Error) -> SyncError {
    match error {
        ureq::Error::Io(_)
        | ureq::Error::Timeout(_)
        | ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::Protocol(_)
        | ureq::Error::BodyStalled => SyncError::transient(error),
        error => SyncError::Rejected(error.into()),
    }
}

/// Returns the host and port of an absolute URL, or `None` if it has another form.
fn host(url: &str) -> Option<String> {
    let url: Uri = url.parse().ok()?;
    let authority = url.authority()?;
    let is_http = matches!(url.scheme_str(), Some("http" | "https"));
    let host = authority.as_str().rsplit('@').next()?;
    // A port with another form than `:` and a number up to 65535 is not returned.
    let has_port = host.len() > authority.host().len();
    let is_valid = is_http && !authority.host().is_empty();
    (is_valid && has_port == authority.port_u16().is_some()).then(|| host.to_owned())
}

/// Parses the number of seconds or the date in `Retry-After`.
fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = httpdate::parse_http_date(value).ok()?;
    Some(at.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        // The date of RFC 9110, section 5.6.7.
        let date = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let text = "Sun, 06 Nov 1994 08:49:37 GMT";
        let earlier = date - Duration::from_secs(90);
        for (value, seconds) in [
            ("120", Some(120)),
            ("0", Some(0)),
            (text, Some(90)),
            ("Sun, 06 Nov 1994 08:47:37 GMT", Some(0)),
            ("soon", None),
            ("-1", None),
            ("", None),
        ] {
            let seconds = seconds.map(Duration::from_secs);
            assert_eq!(retry_after(value, earlier), seconds, "{value}");
        }
    }

    #[test]
    fn only_absolute_http_urls_are_accepted() {
        for (url, expected) in [
            (
                "http://127.0.0.1:3000/api/v1/image_syncs",
                Some("127.0.0.1:3000"),
            ),
            ("https://images.example", Some("images.example")),
            ("https://images.example?ids[]=a", Some("images.example")),
            ("http://[::1]:80/", Some("[::1]:80")),
            // A password is not printed.
            (
                "http://user:password@images.example:1/",
                Some("images.example:1"),
            ),
            ("", None),
            ("images", None),
            ("127.0.0.1:3000/api", None),
            ("/api/v1/image_syncs", None),
            ("http://", None),
            ("http:///api", None),
            ("http://:3000/api", None),
            ("http://images.example:99999/", None),
            ("http://images.example:/", None),
            ("http://images.example:x/", None),
            ("http://a b/", None),
            ("http://images.example/\n", None),
            ("ftp://images.example/", None),
            ("file:///api", None),
        ] {
            assert_eq!(host(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn invalid_tokens_are_rejected_and_not_shown() {
        for token in ["", "a b", "a\r\nb: c", "ä"] {
            let limits = Limits::parse(&[]);
            let error = Endpoint::new("http://localhost", token, &limits);
            let error = error.err().unwrap();
            assert_eq!(
                format!("{error:#}"),
                "IMAGE_SYNC_TOKEN is not a valid token"
            );
        }
    }
}
