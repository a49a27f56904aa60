//! Redaction of signatures, tokens and passwords in the texts of an explanation.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::encoded_chars::{encoded_chars, find_encoded, rfind_encoded};
use crate::cloudinary::path::canonical::decode_fully;

/// Replaces signatures and tokens in a path, also if they are percent-encoded. A fetched
/// URL may also have a query, whose values are replaced, and a password.
pub(super) fn redact(text: &str) -> String {
    let mut redacted = String::with_capacity(text.len());
    let mut rest = text;
    // Where no `=` follows, there is no query with values.
    let equals = rfind_encoded(text, b'=').unwrap_or_default();
    loop {
        let end = rest.find('/').unwrap_or(rest.len());
        let (segment, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let position = text.len() - rest.len();
        let query = find_encoded(segment, b'?')
            .filter(|start| position + start < equals && !has_text_layer(segment));
        if let Some((path, query)) = query.and_then(|start| rest.split_at_checked(start)) {
            redacted.push_str(&redact_segment(path));
            redact_query(query, &mut redacted);
            return redacted;
        }
        redacted.push_str(&redact_segment(segment));
        let Some(after) = after.strip_prefix('/') else {
            return redacted;
        };
        redacted.push('/');
        rest = after;
    }
}

/// Appends a query, which may be percent-encoded, without its values.
fn redact_query(query: &str, redacted: &mut String) {
    let mut name = String::new();
    let mut is_name = true;
    for (char, text) in encoded_chars(query) {
        match char {
            b'?' | b'&' | b';' => {
                end_parameter(&name, is_name, redacted);
                redacted.push_str(text);
                name.clear();
                is_name = true;
            }
            b'=' if is_name => {
                name.push_str(text);
                is_name = false;
            }
            _ if is_name => name.push_str(text),
            _ => {}
        }
    }
    end_parameter(&name, is_name, redacted);
}

/// Appends the name of a parameter, and `..` for its value. A parameter without `=` may be
/// a value.
fn end_parameter(name: &str, is_value: bool, redacted: &mut String) {
    if !name.is_empty() {
        if !is_value {
            redacted.push_str(&redact_segment(name));
        }
        redacted.push_str("..");
    }
}

/// Omits the values of a query, which may contain the tokens of any system.
pub(super) fn redact_parameter(pair: &str) -> String {
    pair.split_once('=').map_or_else(
        || "..".to_owned(),
        |(name, _)| format!("{}=..", redact(name)),
    )
}

/// Escapes control characters, so that a URL cannot control a terminal or forge a line.
pub(super) fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    for char in text.chars() {
        // These characters reorder the text around them or end a line.
        if char.is_control()
            || matches!(char, '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            printable.extend(char.escape_default());
        } else {
            printable.push(char);
        }
    }
    printable
}

fn redact_segment(segment: &str) -> Cow<'_, str> {
    if segment.len() > "s--".len() && segment.starts_with("s--") {
        return "s--..--".into();
    }
    let decoded = String::from_utf8_lossy(&decode_fully(segment)).to_ascii_lowercase();
    if decoded.contains("hmac=") || has_signature(&decoded) || is_damaged_signature(&decoded) {
        return "..".into();
    }
    let host = find_encoded(segment, b'@').and_then(|at| segment.split_at_checked(at));
    if let Some((user, host)) = host
        && find_encoded(user, b':').is_some()
    {
        return format!("..{host}").into();
    }
    redact_layers(segment)
}

/// Replaces the encoded URL of each layer that has a query or a user.
fn redact_layers(step: &str) -> Cow<'_, str> {
    const FETCH: &str = "fetch:";
    const ENGINE: GeneralPurpose = GeneralPurpose::new(
        &URL_SAFE,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    if !step.contains(FETCH) {
        return step.into();
    }
    let parameters = step.split(',').map(|parameter| {
        let layer = parameter.split_once(FETCH).filter(|(_, url)| {
            let Ok(url) = ENGINE.decode(&*decode_fully(url)) else {
                return false;
            };
            let url = String::from_utf8_lossy(&url);
            find_encoded(&url, b'?').is_some() || find_encoded(&url, b'@').is_some()
        });
        match layer {
            Some((before, _)) => format!("{before}{FETCH}..").into(),
            None => Cow::from(parameter),
        }
    });
    parameters.collect::<Vec<_>>().join(",").into()
}

fn has_text_layer(step: &str) -> bool {
    step.contains("l_text:") || step.contains("u_text:")
}

/// Returns whether a segment is a signature whose dashes are damaged: `s-Wxz5KfuS--`, or
/// `s—Wxz5KfuS—`, as text editors write `--`.
pub(super) fn is_damaged_signature(segment: &str) -> bool {
    let dashes = ['\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}'];
    let decoded = String::from_utf8_lossy(&decode_fully(segment)).replace(dashes, "--");
    let url_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_signature = |text: &str| matches!(text.len(), 8 | 32) && text.bytes().all(url_safe);
    [
        ("s--", "--"),
        ("s-", "--"),
        ("S--", "--"),
        ("S-", "--"),
        ("--", "--"),
        ("-", "--"),
        ("s--", "-"),
        ("s-", "-"),
    ]
    .into_iter()
    .filter_map(|(start, end)| decoded.strip_prefix(start)?.strip_suffix(end))
    .any(is_signature)
}

/// Returns whether a text contains a signature of six characters or more, or a path whose segment
/// starts like one.
fn has_signature(text: &str) -> bool {
    let url_safe = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
    text.match_indices("s--").any(|(at, mark)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let rest = text.get(at + mark.len()..).unwrap_or_default();
        let run = rest
            .split(|char| !url_safe(char))
            .next()
            .unwrap_or_default();
        let is_signature = run.get(6..).is_some_and(|rest| rest.contains("--"));
        is_signature || matches!(before, None | Some('/')) && !run.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_and_tokens_are_omitted() {
        for (text, redacted) in [
            ("s--Wxz5KfuS--/photo", "s--..--/photo"),
            ("a/s--Wxz5KfuS/photo", "a/s--..--/photo"),
            ("s%2D%2DWxz5KfuS%2D%2D/photo", "../photo"),
            ("a%252Fs--Wxz5KfuS--%252Fb/c", "../c"),
            (
                "photo%3F__cld_token__%3Dexp%3D5~hmac%3D00",
                "photo%3F__cld_token__%3D..",
            ),
            ("photo%3F%2Fs--Wxz5KfuS--%2F=1", "photo%3F...."),
            ("photo&t=exp=5~HMAC=00", ".."),
            ("S--WXZ5KFUS--/photo", "../photo"),
            ("S%2D-WXZ5KFUS--/photo", "../photo"),
            ("x=s--Wxz5KfuS--", ".."),
            ("photos--Wxz5KfuS--2/a", "../a"),
            ("s-Wxz5KfuS--/a", "../a"),
            ("-Wxz5KfuS--/a", "../a"),
            ("s-Wxz5KfuS-/a", "../a"),
            ("s\u{2014}Wxz5KfuS\u{2014}/a", "../a"),
            ("s%E2%80%93Wxz5KfuS%E2%80%93/a", "../a"),
        ] {
            assert_eq!(redact(text), redacted, "{text}");
        }
        for text in [
            "c_fit,w_300/cats--and-dogs",
            "s--",
            "a/pics--b--c",
            "a%20b",
            "s-photo/s-photo12",
            "",
            "a//b/",
            "l_text:Arial_20:1%2B1=2%3F=/a",
            "a%3F/b?c",
            "me@example",
        ] {
            assert_eq!(redact(text), text);
        }
    }

    #[test]
    fn secrets_of_fetched_urls_are_omitted() {
        for (text, redacted) in [
            ("https://a/b?x=1&y=2", "https://a/b?x=..&y=.."),
            (
                "w_1/https://a/b%3Fx%3D1/2%26y%3D3",
                "w_1/https://a/b%3Fx%3D..%26y%3D..",
            ),
            (
                "https://a/b%253fx%253d1%2526key",
                "https://a/b%253fx%253d..%2526..",
            ),
            ("https://a%2Fb%3Fx=1=2;y=/c/d", "https://a%2Fb%3Fx=..;y=.."),
            ("photo%3Ftoken%3Dabc.jpg", "photo%3Ftoken%3D.."),
            ("https://user:pass@host/a", "https://..@host/a"),
            ("https%3A%2F%2Fuser%3Apass%40host/a", "..%40host/a"),
            // https://a/b?x=1 and https://user:pass@host/
            ("l_fetch:aHR0cHM6Ly9hL2I_eD0x,w_1/a", "l_fetch:..,w_1/a"),
            (
                "l_video:fetch:aHR0cHM6Ly91c2VyOnBhc3NAaG9zdC8=/a",
                "l_video:fetch:../a",
            ),
            // https://a/b.png
            (
                "l_fetch:aHR0cHM6Ly9hL2IucG5n/a",
                "l_fetch:aHR0cHM6Ly9hL2IucG5n/a",
            ),
        ] {
            assert_eq!(redact(text), redacted, "{text}");
        }
    }

    #[test]
    fn query_values_are_omitted() {
        assert_eq!(redact_parameter("token=abc=def"), "token=..");
        assert_eq!(redact_parameter("abcdef"), "..");
    }
}
