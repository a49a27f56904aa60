//! The URLs in a form: the callback of the browser, and the webhook.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Map, Value};
use url::Url;

use super::form::Form;
use super::webhook::is_allowed;
use crate::response::Problem;
use crate::response::names::{SEC_FETCH_MODE, X_REQUESTED_WITH};
use crate::state::State;

/// Returns a URL to which a request of this program or of a browser may go.
pub(super) fn allowed_url(state: &State, form: &Form, name: &str) -> Result<Option<Url>, Problem> {
    let Some(text) = form.get(name) else {
        return Ok(None);
    };
    let invalid = || Problem::bad_request(format!("Invalid {name}"));
    let url = Url::parse(text).map_err(|_| invalid())?;
    if !is_allowed(&url, &state.settings.webhook_hosts) {
        let host = url.host_str().unwrap_or_default();
        return Err(Problem::bad_request(format!(
            "{name} points to {host}, which is not a loopback address; allow it with --webhook-host"
        )));
    }
    Ok(Some(url))
}

/// Returns whether a script sent the request. It receives no redirect.
pub(super) fn is_script(headers: &HeaderMap) -> bool {
    headers.contains_key(X_REQUESTED_WITH)
        || headers
            .get(SEC_FETCH_MODE)
            .is_some_and(|mode| mode != "navigate")
}

/// Redirects the browser of a form without JavaScript.
pub(super) fn redirect(mut callback: Url, description: &Map<String, Value>) -> Response {
    for name in ["public_id", "version", "signature", "resource_type", "type"] {
        let value = match description.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => continue,
        };
        callback.query_pairs_mut().append_pair(name, &value);
    }
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(location) = HeaderValue::try_from(String::from(callback)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}
