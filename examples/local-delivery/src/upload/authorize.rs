//! Authorization of upload forms.

use url_signer::cloudinary::api::ApiParameters;

use super::form::Form;
use crate::response::Problem;
use crate::state::State;
use crate::time::reported;

/// The seconds for which a signed form is valid.
const VALID_FOR: i64 = 3_600;

/// The seconds by which the clock of a client may be fast.
const MAX_AHEAD: i64 = 3_600;

/// Checks the API key, the signature and the time of a form.
pub(super) fn authorize(state: &State, form: &Form, now: i64) -> Result<(), Problem> {
    let required = |name: &str| {
        form.get(name)
            .ok_or_else(|| Problem::bad_request(format!("Missing required parameter - {name}")))
    };
    let api_key = required("api_key")?;
    let timestamp = required("timestamp")?;
    let signature = required("signature")?;
    if state.cloud.api_key().is_some_and(|known| known != api_key) {
        return Err(Problem::unauthorized(format!("Invalid api_key {api_key}")));
    }
    let parameters = ApiParameters::from_pairs(form.fields.iter().cloned())
        .map_err(|error| Problem::bad_request(error.to_string()))?;
    if state.cloud.verify_request(&parameters, signature).is_err() {
        let text = parameters.signed_text(state.cloud.api_signature_version());
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
    if seconds > now.saturating_add(MAX_AHEAD) {
        return Err(Problem::bad_request(format!(
            "Invalid timestamp {timestamp} - it is more than 1 hour ahead; check the clock of \
             the client"
        )));
    }
    Ok(())
}
