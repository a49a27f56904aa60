//! Redaction of signatures and tokens in the texts of an explanation.

use crate::cloudinary::path::canonical::decode_fully;

/// Replaces signatures and tokens in a path, also if they are percent-encoded.
pub(super) fn redact(text: &str) -> String {
    let segments: Vec<_> = text.split('/').map(redact_segment).collect();
    segments.join("/")
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

fn redact_segment(segment: &str) -> &str {
    if segment.len() > "s--".len() && segment.starts_with("s--") {
        return "s--..--";
    }
    let decoded = String::from_utf8_lossy(&decode_fully(segment)).to_ascii_lowercase();
    if decoded.contains("hmac=") || has_signature(&decoded) {
        return "..";
    }
    segment
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
            ("photo%3F__cld_token__%3Dexp%3D5~hmac%3D00", ".."),
            ("photo&t=exp=5~HMAC=00", ".."),
            ("S--WXZ5KFUS--/photo", "../photo"),
            ("S%2D-WXZ5KFUS--/photo", "../photo"),
            ("x=s--Wxz5KfuS--", ".."),
            ("photos--Wxz5KfuS--2/a", "../a"),
        ] {
            assert_eq!(redact(text), redacted, "{text}");
        }
        for text in ["c_fit,w_300/cats--and-dogs", "s--", "a/pics--b--c", "a%20b"] {
            assert_eq!(redact(text), text);
        }
    }

    #[test]
    fn query_values_are_omitted() {
        assert_eq!(redact_parameter("token=abc=def"), "token=..");
        assert_eq!(redact_parameter("abcdef"), "..");
    }
}
