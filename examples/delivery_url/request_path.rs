//! Paths of requests, and patterns of an acl. A token for a text of another form
//! authorizes no request.

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

/// Rejects a text that is not the path of a request.
pub(crate) fn parse_path(text: &str) -> Result<String, String> {
    check_start(text, "path", "/")?;
    check(text)?;
    Ok(text.to_owned())
}

/// Rejects patterns, separated by `!`, that match no path of a request.
pub(crate) fn parse_acl(text: &str) -> Result<String, String> {
    for pattern in text.split('!') {
        if pattern.is_empty() {
            return Err("empty pattern".to_owned());
        }
        // A star also matches the start of a path.
        if !pattern.starts_with('*') {
            check_start(pattern, "pattern", "/` or `*")?;
        }
        check(pattern)?;
    }
    Ok(text.to_owned())
}

/// Returns a warning if a text contains a lower-case percent-encoding, such as `%c3`. The
/// URLs of this program and of the SDKs contain upper-case ones, and a token does not
/// treat them alike.
pub(crate) fn lower_case_warning(text: &str) -> Option<String> {
    let (position, encoded) = text.match_indices('%').find_map(|(position, _)| {
        let encoded = text.get(position..position + 3)?;
        let is_lower = encoded.bytes().any(|byte| byte.is_ascii_lowercase());
        is_lower.then_some((position, encoded))
    })?;
    let upper = encoded.to_ascii_uppercase();
    Some(format!(
        "`{encoded}` at byte {position} of `{text}` authorizes no URL that contains `{upper}`, as \
         signed URLs do"
    ))
}

fn check_start(text: &str, name: &str, start: &str) -> Result<(), String> {
    if text.starts_with('/') {
        return Ok(());
    }
    let Some((_, rest)) = text.split_once("://") else {
        return Err(format!("expected a {name} that begins with `{start}`"));
    };
    let path = rest.find('/').and_then(|start| rest.get(start..));
    let fix = path.map_or_else(String::new, |path| format!("; use `{path}`"));
    Err(format!("expected a {name}, not a URL{fix}"))
}

/// Checks the characters and the segments.
fn check(text: &str) -> Result<(), String> {
    for (position, char) in text.char_indices() {
        let reason = match char {
            '?' => "a token authorizes a path without its query".to_owned(),
            '#' => "percent-encode it as `%23`, or omit the fragment".to_owned(),
            '%' if !is_percent_encoded(text, position) => "percent-encode it as `%25`".to_owned(),
            '"' | '<' | '>' | '\\' | '`' | '{' | '|' | '}' => encoding_of(char),
            char if !char.is_ascii_graphic() => encoding_of(char),
            _ => continue,
        };
        return Err(format!("unexpected {char:?} at byte {position}; {reason}"));
    }
    let is_dot_segment = |segment: &str| {
        let decoded = segment.replace("%2e", ".").replace("%2E", ".");
        decoded == "." || decoded == ".."
    };
    if text.split('/').any(is_dot_segment) {
        return Err("unexpected dot segment (`.` or `..`), which clients resolve".to_owned());
    }
    Ok(())
}

fn is_percent_encoded(text: &str, position: usize) -> bool {
    let digits = text.as_bytes().get(position + 1..position + 3);
    digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

fn encoding_of(char: char) -> String {
    let mut buffer = [0; 4];
    let encoded = percent_encode(char.encode_utf8(&mut buffer).as_bytes(), NON_ALPHANUMERIC);
    format!("percent-encode it as `{encoded}`")
}
