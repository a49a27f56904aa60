//! Text that is written with its special characters escaped.

use percent_encoding::{percent_decode_str, percent_encode, utf8_percent_encode};

use super::TransformationError;
use crate::cloudinary::path::percent_encoding::ESCAPED;

/// Escapes a text; `,` and `/`, which would end a parameter even so, twice.
pub(super) fn text(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED)
        .to_string()
        .replace("%2C", "%252C")
        .replace('/', "%252F")
}

/// Escapes a text in which `$(name)` stands for a variable and stays as it is.
pub(super) fn text_with_variables(whole: &str) -> String {
    let mut escaped = String::with_capacity(whole.len());
    let mut rest = whole;
    while let Some((before, variable, after)) = next_variable(rest) {
        escaped.push_str(&text(before));
        escaped.push_str(variable);
        rest = after;
    }
    escaped.push_str(&text(rest));
    escaped
}

/// The first `$(name)`, what is before it and what after it.
fn next_variable(text: &str) -> Option<(&str, &str, &str)> {
    text.match_indices("$(").find_map(|(at, _)| {
        let (before, from) = text.split_at_checked(at)?;
        let name = from.strip_prefix("$(")?;
        let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let length = name.bytes().take_while(word).count();
        // The official SDKs escape names of a single letter, too.
        if length < 2 || !name.starts_with(|char: char| char.is_ascii_alphabetic()) {
            return None;
        }
        let (variable, after) = from.split_at_checked(length + 3)?;
        variable.ends_with(')').then_some((before, variable, after))
    })
}

/// Escapes a public id, once also if it was before, and writes its folders
/// with `:`.
pub(super) fn public_id(part: &'static str, id: &str) -> Result<String, TransformationError> {
    // An escaped `,` would end the parameter as well.
    let decoded: Vec<u8> = percent_decode_str(id).collect();
    let decoded_text = String::from_utf8_lossy(&decoded);
    let stands = |char: char| char != ',' && !char.is_control();
    TransformationError::check(part, id, stands)?;
    TransformationError::check(part, &decoded_text, stands)?;
    Ok(percent_encode(&decoded, ESCAPED)
        .to_string()
        .replace('/', ":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_and_slashes_are_escaped_twice() {
        for (text_, escaped) in [
            ("Hello, World/…", "Hello%252C%20World%252F%E2%80%A6"),
            ("50% & more?", "50%25%20%26%20more%3F"),
            ("a%2Cb", "a%252Cb"),
            ("a_b.c-d:e", "a_b.c-d:e"),
            ("line\nline", "line%0Aline"),
        ] {
            assert_eq!(text(text_), escaped);
        }
    }

    #[test]
    fn variables_within_a_text_stay_and_what_only_looks_like_one_does_not() {
        for (text, escaped) in [
            ("a $(name), b", "a%20$(name)%252C%20b"),
            ("$(a1)$(b_c)", "$(a1)$(b_c)"),
            ("$(a)", "%24%28a%29"),
            ("$(1a)", "%24%281a%29"),
            ("$($(ab))", "%24%28$(ab)%29"),
            ("$(a b) $(ab", "%24%28a%20b%29%20%24%28ab"),
            ("$(aé)", "%24%28a%C3%A9%29"),
        ] {
            assert_eq!(text_with_variables(text), escaped);
        }
    }
}
