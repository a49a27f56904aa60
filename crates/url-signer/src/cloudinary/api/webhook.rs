//! Webhooks and polled notifications.

use std::fmt;

use base64::Engine;
use thiserror::Error;

use super::base64url::BASE64URL;
use super::signature;
use crate::cloudinary::account::cloud::Cloud;

/// Seconds for which a webhook is valid, unless the caller chooses otherwise.
const VALID_FOR: u64 = 7_200;

/// Seconds by which the clock of Cloudinary may be ahead.
const CLOCK_SKEW: i64 = 300;

impl Cloud {
    /// Verifies a webhook that was sent at most two hours ago, and returns its body.
    ///
    /// `timestamp` and `signature` are the values of the headers `X-Cld-Timestamp` and
    /// `X-Cld-Signature`. `body` is the body of the request, byte for byte. `now` is the
    /// current time in Unix seconds.
    ///
    /// ```
    /// use url_signer::Secret;
    /// use url_signer::cloudinary::Cloud;
    /// use url_signer::cloudinary::api::WebhookError;
    ///
    /// let cloud = Cloud::new("demo", Secret::new("shhh")?)?;
    /// let body = br#"{"public_id":"117e5550-7bfa-11e4-80d7-f962166bd3be","version":1417727468}"#;
    /// let timestamp = "1417727468";
    /// let signature = "bac927006d3ce039ef7632e2c03189348d02924a";
    ///
    /// let verified = cloud.verify_webhook(timestamp, signature, body, 1_417_727_470)?;
    /// assert_eq!(verified, body);
    ///
    /// let error = cloud.verify_webhook(timestamp, signature, body, 1_417_800_000).unwrap_err();
    /// assert_eq!(error, WebhookError::Expired { timestamp: 1_417_727_468 });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// These signatures are accepted: of the API secret and all retired secrets, with the
    /// [algorithm](Self::with_signature_algorithm) of this cloud and
    /// [additionally accepted ones](Self::with_accepted_algorithm).
    ///
    /// A webhook can arrive more than once: Cloudinary repeats a webhook that failed, and
    /// others may repeat a webhook while it is valid. Handling it must be idempotent.
    ///
    /// Parse the body as JSON and check its `notification_type`. Cloudinary signs API
    /// responses with the same secret in a similar way, and so does [`ApiSigner`]: for a
    /// file with the public id `a`, the text `public_id=a&version=` and the version as the
    /// timestamp have a valid signature.
    ///
    /// [`ApiSigner`]: crate::cloudinary::api::ApiSigner
    ///
    /// The signature covers the text of the timestamp, so it must not be reformatted. The
    /// timestamp consists of ASCII digits. A fraction, as in `1700000000.5`, is ignored. The
    /// signature consists of 40 or 64 lower-case hexadecimal digits. White space is not
    /// removed from either of them.
    ///
    /// # Errors
    ///
    /// - [`WebhookError::Signature`] for a signature that no key of the cloud creates for
    ///   this body and timestamp.
    ///
    /// The other reasons are reported only after the signature is valid:
    ///
    /// - [`WebhookError::Timestamp`] for a timestamp that is not a number, has a sign or a
    ///   leading zero, or does not fit into 64 bits.
    /// - [`WebhookError::Expired`] for a timestamp more than 7,200 seconds before `now`.
    /// - [`WebhookError::InFuture`] for a timestamp more than 300 seconds after `now`. The
    ///   official SDKs accept any timestamp in the future.
    pub fn verify_webhook<'b>(
        &self,
        timestamp: &str,
        signature: &str,
        body: &'b [u8],
        now: i64,
    ) -> Result<&'b [u8], WebhookError> {
        self.verify_webhook_within(VALID_FOR, timestamp, signature, body, now)
    }

    /// Verifies a webhook that was sent at most `valid_for` seconds ago, and returns its
    /// body.
    ///
    /// [`verify_webhook`](Self::verify_webhook) describes the other arguments. The SDKs call
    /// this option `valid_for`.
    ///
    /// # Errors
    ///
    /// - A webhook that [`verify_webhook`](Self::verify_webhook) rejects, with `valid_for`
    ///   instead of 7,200 seconds.
    pub fn verify_webhook_within<'b>(
        &self,
        valid_for: u64,
        timestamp: &str,
        signature: &str,
        body: &'b [u8],
        now: i64,
    ) -> Result<&'b [u8], WebhookError> {
        if !self.is_api_signature(&[body, timestamp.as_bytes()], signature) {
            return Err(WebhookError::Signature);
        }
        let timestamp = unix_seconds(timestamp).ok_or(WebhookError::Timestamp)?;
        let valid_for = i64::try_from(valid_for).unwrap_or(i64::MAX);
        if timestamp < now.saturating_sub(valid_for) {
            return Err(WebhookError::Expired { timestamp });
        }
        if timestamp > now.saturating_add(CLOCK_SKEW) {
            return Err(WebhookError::InFuture { timestamp });
        }
        Ok(body)
    }

    /// Verifies a notification that was polled from the API and was created at most two
    /// hours ago, and returns its body.
    ///
    /// The arguments are the values of the keys `timestamp`, `signature` and
    /// `signed_payload` of the notification, and the current time in Unix seconds. The
    /// payload is the body in URL-safe base64, with or without padding.
    ///
    /// Do not use the key `payload` of the notification, because it is not signed.
    ///
    /// ```
    /// use url_signer::Secret;
    /// use url_signer::cloudinary::Cloud;
    ///
    /// let cloud = Cloud::new("test123", Secret::new("secret")?)?;
    /// let body = cloud.verify_notification(
    ///     "1795676029",
    ///     "8e71c787bc7672b252c627b87f36b0b964daabf8",
    ///     "eyJub3RpZmljYXRpb25fdHlwZSI6InVwbG9hZCIsInB1YmxpY19pZCI6InNhbXBsZSIsInJlcXVlc3RfaWQiOiJyZXFfMSJ9",
    ///     1_795_676_029,
    /// )?;
    /// assert_eq!(
    ///     body,
    ///     br#"{"notification_type":"upload","public_id":"sample","request_id":"req_1"}"#,
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - [`WebhookError::Signature`] for a payload that is not valid base64.
    /// - A body that [`verify_webhook`](Self::verify_webhook) rejects.
    pub fn verify_notification(
        &self,
        timestamp: &str,
        signature: &str,
        signed_payload: &str,
        now: i64,
    ) -> Result<Vec<u8>, WebhookError> {
        self.verify_notification_within(VALID_FOR, timestamp, signature, signed_payload, now)
    }

    /// Verifies a notification that was polled from the API and was created at most
    /// `valid_for` seconds ago, and returns its body.
    ///
    /// [`verify_notification`](Self::verify_notification) describes the other arguments.
    ///
    /// # Errors
    ///
    /// - A notification that [`verify_notification`](Self::verify_notification) rejects,
    ///   with `valid_for` instead of 7,200 seconds.
    pub fn verify_notification_within(
        &self,
        valid_for: u64,
        timestamp: &str,
        signature: &str,
        signed_payload: &str,
        now: i64,
    ) -> Result<Vec<u8>, WebhookError> {
        let body = BASE64URL
            .decode(signed_payload)
            .map_err(|_| WebhookError::Signature)?;
        self.verify_webhook_within(valid_for, timestamp, signature, &body, now)?;
        Ok(body)
    }

    /// Signs a webhook, as Cloudinary does.
    ///
    /// A server that replaces Cloudinary in development or tests calls this method.
    ///
    /// `timestamp` is the current time in Unix seconds. `body` is the body of the request,
    /// byte for byte. [`verify_webhook`](Self::verify_webhook) verifies the result.
    ///
    /// ```
    /// use url_signer::Secret;
    /// use url_signer::cloudinary::Cloud;
    ///
    /// let cloud = Cloud::new("demo", Secret::new("shhh")?)?;
    /// let body = br#"{"public_id":"117e5550-7bfa-11e4-80d7-f962166bd3be","version":1417727468}"#;
    ///
    /// let signed = cloud.sign_webhook(1_417_727_468, body);
    /// assert_eq!(signed.timestamp(), "1417727468");
    /// assert_eq!(signed.signature(), "bac927006d3ce039ef7632e2c03189348d02924a");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// A negative timestamp, which is a time before 1970, does not verify.
    #[must_use]
    pub fn sign_webhook(&self, timestamp: i64, body: &[u8]) -> WebhookSignature {
        let timestamp = timestamp.to_string();
        let message = [body, timestamp.as_bytes()];
        let signature = signature::sign(self.algorithm, &message, self.keys.signing());
        WebhookSignature {
            signature: signature.to_string(),
            timestamp,
        }
    }
}

/// The signature of a webhook, and the time at which it was signed.
///
/// Only [`Cloud::sign_webhook`] creates this type. `Debug` hides the signature: anyone who
/// has it and the body can send the webhook again.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSignature {
    timestamp: String,
    signature: String,
}

impl WebhookSignature {
    /// Returns the value of the header `X-Cld-Timestamp`.
    #[must_use]
    pub fn timestamp(&self) -> &str {
        &self.timestamp
    }

    /// Returns the value of the header `X-Cld-Signature`: 40 hexadecimal digits for SHA-1,
    /// 64 for SHA-256.
    #[must_use]
    pub fn signature(&self) -> &str {
        &self.signature
    }
}

impl fmt::Debug for WebhookSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookSignature")
            .field("timestamp", &self.timestamp)
            .finish_non_exhaustive()
    }
}

/// Parses a timestamp. A leading zero is rejected: otherwise, a digit `0` could be moved
/// from the end of the body to the start of the timestamp, without a change of the signed
/// text.
fn unix_seconds(text: &str) -> Option<i64> {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = match text.split_once('.') {
        Some((seconds, fraction)) if is_digits(fraction) => seconds,
        Some(_) => return None,
        None => text,
    };
    if !is_digits(seconds) || (seconds.starts_with('0') && seconds != "0") {
        return None;
    }
    seconds.parse().ok()
}

/// An error verifying a webhook or a notification.
///
/// All reasons except [`Signature`](Self::Signature) are reported only for a valid
/// signature.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookError {
    /// No key of the cloud created the signature for this body and timestamp.
    #[error("invalid webhook signature")]
    Signature,
    /// The timestamp is not a number of seconds.
    #[error("invalid webhook timestamp: expected Unix seconds")]
    Timestamp,
    /// The webhook was sent too long ago.
    #[error("webhook of {timestamp} has expired")]
    Expired {
        /// The time of the webhook, in Unix seconds.
        timestamp: i64,
    },
    /// The webhook was sent in the future.
    #[error("webhook of {timestamp} is from the future; check the clock of this host")]
    InFuture {
        /// The time of the webhook, in Unix seconds.
        timestamp: i64,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_plain_numbers() {
        for (text, seconds) in [
            ("0", 0),
            ("1700000000", 1_700_000_000),
            ("9223372036854775807", i64::MAX),
            ("1700000000.634", 1_700_000_000),
            ("0.5", 0),
        ] {
            assert_eq!(unix_seconds(text), Some(seconds), "{text}");
        }
        for text in [
            "",
            "+1",
            "-1",
            " 1",
            "1 ",
            "1\n",
            "01",
            "00",
            "1_000",
            "1e9",
            "0x1",
            ".5",
            "1.",
            "1.5.5",
            "1.+5",
            "9223372036854775808",
            "\u{0661}",
            "now",
        ] {
            assert_eq!(unix_seconds(text), None, "{text:?}");
        }
    }
}
