//! Authorization of upload forms.

use url_signer::cloudinary::api::ApiParameters;

use super::form::Form;
use super::time::reported;
use crate::http::Problem;
use crate::state::State;

/// The seconds for which a signed form is valid.
const VALID_FOR: i64 = 3_600;

/// The fields that a signature does not cover.
const UNSIGNED: [&str; 5] = [
    "api_key",
    "cloud_name",
    "file",
    "resource_type",
    "signature",
];

/// Checks the API key, the signature and the time of a form.
pub(super) fn authorize(state: &State, form: &Form, now: i64) -> Result<(), Problem> {
    let required = |name: &str| {
        form.get(name)
            .ok_or_else(|| Problem::bad_request(format!("Missing required parameter - {name}")))
    };
    let api_key = required("api_key")?;
    let timestamp = required("timestamp")?;
    let signature = required("signature")?;
    if form.file.is_none() {
        return Err(Problem::bad_request("Missing required parameter - file"));
    }
    if state.cloud.api_key().is_some_and(|known| known != api_key) {
        return Err(Problem::unauthorized(format!("Invalid api_key {api_key}")));
    }
    let is_signed = |(name, _): &&(String, String)| !UNSIGNED.contains(&&**name);
    let pairs: Vec<_> = form.fields.iter().filter(is_signed).cloned().collect();
    let parameters = ApiParameters::from_pairs(pairs.clone())
        .map_err(|error| Problem::bad_request(error.to_string()))?;
    if state.cloud.verify_request(&parameters, signature).is_err() {
        let text = signed_text(&pairs);
        return Err(Problem::unauthorized(format!(
            "Invalid Signature {signature}. String to sign - '{text}'."
        )));
    }
    let seconds: i64 = timestamp
        .parse()
        .map_err(|_| Problem::bad_request(format!("Invalid timestamp {timestamp}")))?;
    if seconds < now.saturating_sub(VALID_FOR) {
        return Err(Problem::bad_request(format!(
            "Stale request - reported time is {} which is more than 1 hour ago",
            reported(seconds)
        )));
    }
    Ok(())
}

/// Formats the text that is signed, for the error message. It has no secret: the client sent
/// all of it.
fn signed_text(pairs: &[(String, String)]) -> String {
    let mut pairs: Vec<_> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={value}").replace('&', "%26"))
        .collect();
    pairs.sort();
    pairs.join("&")
}
