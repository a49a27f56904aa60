//! The HTTP client for the endpoint of a host.

use std::io::Read;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, anyhow, ensure};
use ureq::Agent;
use ureq::http::header::{AUTHORIZATION, HeaderValue, RETRY_AFTER};

use crate::error::SyncError;

/// The time limit for connecting and for each read.
const IO_TIMEOUT: Duration = Duration::from_secs(30);

/// The time limit for the head of the response.
const RESPONSE_TIMEOUT: Duration = Duration::from_mins(2);

/// The endpoint that returns the payload.
pub(crate) struct Endpoint {
    agent: Agent,
    url: String,
    authorization: HeaderValue,
}

impl Endpoint {
    pub(crate) fn new(url: &str, token: &str) -> Result<Self> {
        ensure!(
            !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()),
            "IMAGE_SYNC_TOKEN is not a valid token"
        );
        let mut authorization = HeaderValue::try_from(format!("Token token=\"{token}\""))
            .context("IMAGE_SYNC_TOKEN is not a valid token")?;
        authorization.set_sensitive(true);
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(IO_TIMEOUT))
            .timeout_recv_response(Some(RESPONSE_TIMEOUT))
            // A long payload may take longer, so there is no total limit.
            .timeout_per_read(Some(IO_TIMEOUT))
            .build()
            .into();
        Ok(Self {
            agent,
            url: url.to_owned(),
            authorization,
        })
    }

    /// Requests the payload and returns a reader of the response body.
    pub(crate) fn fetch(&self) -> Result<impl Read + use<>, SyncError> {
        let response = self
            .agent
            .get(&self.url)
            .header(AUTHORIZATION, &self.authorization)
            .call()
            .map_err(request_error)?;
        let status = response.status();
        match status.as_u16() {
            200 => Ok(response.into_body().into_reader()),
            401 => Err(SyncError::Permanent(anyhow!("the host rejected the token"))),
            408 | 425 | 429 | 500 | 502..=504 => Err(SyncError::Transient {
                error: anyhow!("the host responded with {status}"),
                retry_after: response
                    .headers()
                    .get(RETRY_AFTER)
                    .and_then(|value| retry_after(value.to_str().ok()?, SystemTime::now())),
            }),
            _ => Err(SyncError::Permanent(anyhow!(
                "the host responded with {status}"
            ))),
        }
    }
}

fn request_error(error: ureq::Error) -> SyncError {
    match error {
        ureq::Error::Io(_)
        | ureq::Error::Timeout(_)
        | ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::Protocol(_)
        | ureq::Error::BodyStalled => SyncError::transient(error),
        error => SyncError::Permanent(error.into()),
    }
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
    fn invalid_tokens_are_rejected_and_not_shown() {
        for token in ["", "a b", "a\r\nb: c", "ä"] {
            let error = Endpoint::new("http://localhost", token).err().unwrap();
            assert_eq!(
                format!("{error:#}"),
                "IMAGE_SYNC_TOKEN is not a valid token"
            );
        }
    }
}
