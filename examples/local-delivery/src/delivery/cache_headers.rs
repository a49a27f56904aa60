//! The headers for caches, and the notes about a transformation.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};
use url_signer::cloudinary::transformation::ParsedValue;

use super::authorize::Authorized;
use crate::render::Plan;
use crate::response::names::{X_LOCAL_APPROXIMATION, X_LOCAL_GRAVITY, X_LOCAL_UNSUPPORTED};

/// The maximum number of bytes in a note about a transformation.
const MAX_NOTE_BYTES: usize = 1_000;

/// Returns the headers that depend on the authorization and the transformation.
pub(super) fn plan_headers(authorized: &Authorized, plan: &Plan, max_age: Duration) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, cache_control(authorized, max_age));
    if plan.uses_accept() {
        headers.append(header::VARY, HeaderValue::from_static("Accept"));
    }
    if plan.uses_dpr_hint() {
        headers.append(header::VARY, HeaderValue::from_static("Sec-CH-DPR, DPR"));
    }
    for (name, value) in [
        (X_LOCAL_UNSUPPORTED, note(plan.unsupported())),
        (X_LOCAL_APPROXIMATION, note(plan.approximations())),
        (X_LOCAL_GRAVITY, note(plan.gravity_note().as_slice())),
    ] {
        if let Some(value) = value {
            headers.insert(name, value);
        }
    }
    headers
}

fn cache_control(authorized: &Authorized, max_age: Duration) -> HeaderValue {
    let scope = if authorized.is_public {
        "public"
    } else {
        "private"
    };
    let seconds = max_age.as_secs();
    let value = if seconds == 0 {
        format!("{scope}, no-transform, no-cache")
    } else if authorized.has_version || has_immutable_flag(authorized) {
        format!("{scope}, no-transform, immutable, max-age={seconds}")
    } else {
        format!("{scope}, no-transform, max-age={seconds}")
    };
    HeaderValue::try_from(value).unwrap_or_else(|_| HeaderValue::from_static("no-store"))
}

/// Returns whether the transformation has the flag `immutable_cache`.
fn has_immutable_flag(authorized: &Authorized) -> bool {
    let steps = authorized.transformation.steps();
    steps.flat_map(|step| step.parameters()).any(|parameter| {
        matches!(parameter.value(), ParsedValue::Flags(flags)
            if flags.iter().any(|flag| flag.name == "immutable_cache"))
    })
}

/// Joins notes. The texts of a transformation are ASCII.
fn note(notes: &[impl AsRef<str>]) -> Option<HeaderValue> {
    let mut text = String::new();
    for note in notes {
        let note = note.as_ref();
        if !text.is_empty() {
            text.push_str(", ");
        }
        if text.len() + note.len() > MAX_NOTE_BYTES {
            text.push_str("...");
            break;
        }
        text.push_str(note);
    }
    (!text.is_empty()).then(|| HeaderValue::try_from(text).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_notes_are_truncated() {
        let none: [&str; 0] = [];
        assert_eq!(note(&none), None);
        assert_eq!(note(&["a", "b"]).unwrap(), "a, b");
        let long = "a".repeat(600);
        assert_eq!(
            note(&[&long, &long]).unwrap(),
            format!("{long}, ...").as_str()
        );
    }
}
