//! The signed webhook that reports an upload.

use std::sync::Arc;
use std::time::Duration;

use http::header;
use serde_json::{Map, Value, json};
use thiserror::Error;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};
use ureq::Agent;
use url::Url;
use url_signer::Authority;
use url_signer::cloudinary::Cloud;
use uuid::Uuid;

use crate::loopback::is_loopback;
use crate::response::names::{X_CLD_SIGNATURE, X_CLD_TIMESTAMP};
use crate::time::{rfc3339, rfc3339_with_offset};

/// The waiting times before the attempts.
const WAITS: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_secs(1),
    Duration::from_secs(5),
];

/// The time limit of one attempt.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);

/// The time for which the response to an upload waits for its webhook.
const RESPONSE_WAIT: Duration = Duration::from_secs(5);

/// The maximum number of webhooks that are sent at once.
static SENDING: Semaphore = Semaphore::const_new(16);

/// A webhook that was not accepted.
#[derive(Debug, Error)]
enum SendError {
    #[error("the webhook was not received")]
    Request(#[source] ureq::Error),
    #[error("the response to the webhook has the status {0}")]
    Status(u16),
}

/// Returns whether requests to a URL stay on this machine or go to a listed host.
pub(super) fn is_allowed(url: &Url, hosts: &[Authority]) -> bool {
    let name = url.host_str().unwrap_or_default();
    let with_port = url
        .port_or_known_default()
        .map(|port| format!("{name}:{port}"));
    let is_listed =
        |host: &Authority| host.as_str() == name || with_port.as_deref() == Some(host.as_str());
    let has_userinfo = !url.username().is_empty() || url.password().is_some();
    matches!(url.scheme(), "http" | "https")
        && !has_userinfo
        && (url.host().is_some_and(|host| is_loopback(&host)) || hosts.iter().any(is_listed))
}

/// Sends the webhook of an upload. Returns when it was accepted, or after a short time: then
/// further attempts follow in the background.
pub(super) async fn send(cloud: &Cloud, url: Url, response: &Map<String, Value>, now: i64) {
    let body = body(cloud, response, now).to_string();
    let signed = cloud.sign_webhook(now, body.as_bytes());
    let request = Arc::new(Request {
        url,
        timestamp: signed.timestamp().to_owned(),
        signature: signed.signature().to_owned(),
        body,
    });
    let sent = tokio::spawn(send_repeatedly(request));
    let _ = timeout(RESPONSE_WAIT, sent).await;
}

struct Request {
    url: Url,
    timestamp: String,
    signature: String,
    body: String,
}

fn body(cloud: &Cloud, response: &Map<String, Value>, now: i64) -> Value {
    let mut body = Map::new();
    body.insert("notification_type".to_owned(), json!("upload"));
    body.insert("timestamp".to_owned(), json!(rfc3339_with_offset(now)));
    let request_id = Uuid::new_v4().simple().to_string();
    body.insert("request_id".to_owned(), json!(request_id));
    body.extend(response.clone());
    let key = cloud.api_key();
    body.insert(
        "notification_context".to_owned(),
        json!({
            "triggered_at": rfc3339(now),
            "triggered_by": { "source": "api", "id": key },
        }),
    );
    body.insert("signature_key".to_owned(), json!(key));
    Value::Object(body)
}

async fn send_repeatedly(request: Arc<Request>) {
    let _permit = SENDING.acquire().await;
    for wait in WAITS {
        sleep(wait).await;
        let attempt = Arc::clone(&request);
        match spawn_blocking(move || attempt.send()).await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                let host = request.url.host_str();
                tracing::warn!(host, %error, cause, "webhook failed");
            }
            Err(error) => tracing::error!(%error, "webhook failed"),
        }
    }
}

impl Request {
    /// Sends the webhook on this thread. The URL is not logged: it may have a token.
    fn send(&self) -> Result<(), SendError> {
        let agent: Agent = Agent::config_builder()
            .timeout_global(Some(ATTEMPT_TIMEOUT))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None)
            .build()
            .into();
        let response = agent
            .post(self.url.as_str())
            .header(header::CONTENT_TYPE, "application/json")
            .header(X_CLD_TIMESTAMP, &self.timestamp)
            .header(X_CLD_SIGNATURE, &self.signature)
            .send(&self.body)
            .map_err(SendError::Request)?;
        let status = response.status();
        if status.is_success() {
            Ok(())
        } else {
            Err(SendError::Status(status.as_u16()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_and_listed_hosts_are_allowed() {
        let hosts = [
            Authority::new("hooks.example.org").unwrap(),
            Authority::new("10.0.0.7:3000").unwrap(),
            Authority::new("10.0.0.8:80").unwrap(),
        ];
        for (url, allowed) in [
            ("http://127.0.0.1:3000/api?token=x", true),
            ("http://127.9.9.9/", true),
            ("http://localhost:3000/", true),
            ("http://[::1]:3000/", true),
            ("http://[::ffff:127.0.0.1]:3000/", true),
            ("http://app.localhost:3000/", true),
            ("http://hooks.example.org/", true),
            ("http://hooks.example.org:8080/", true),
            ("http://10.0.0.7:3000/", true),
            ("http://10.0.0.7:3001/", false),
            ("http://10.0.0.7/", false),
            // The default port.
            ("http://10.0.0.8/", true),
            ("https://10.0.0.8/", false),
            ("http://169.254.169.254/latest/meta-data", false),
            ("http://localhost.example.org/", false),
            ("http://127.0.0.1.example.org/", false),
            ("http://user@127.0.0.1/", false),
            ("ftp://127.0.0.1/", false),
            ("file:///etc/passwd", false),
        ] {
            let parsed = Url::parse(url).unwrap();
            assert_eq!(is_allowed(&parsed, &hosts), allowed, "{url}");
        }
    }
}
