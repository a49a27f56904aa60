//! Percent-encoding of texts within a parameter.

use std::borrow::Cow;

use percent_encoding::{percent_decode_str, percent_encode, utf8_percent_encode};

use super::error::TransformationError;
use crate::cloudinary::path::percent_encoding::ENCODED;

/// Percent-encodes a text. `,` and `/` are encoded twice because their simple
/// encoding still ends a parameter.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED)
        .to_string()
        .replace("%2C", "%252C")
        .replace('/', "%252F")
}

/// Percent-encodes the spaces of a text.
pub(super) fn encode_spaces(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains(' ') {
        text.replace(' ', "%20").into()
    } else {
        text
    }
}

/// Percent-encodes a text and keeps each variable reference `$(name)`.
pub(super) fn encode_with_variables(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, variable, after)) = split_at_variable(rest) {
        encoded.push_str(&encode(before));
        encoded.push_str(variable);
        rest = after;
    }
    encoded.push_str(&encode(rest));
    encoded
}

/// Splits a text into the part before the first `$(name)`, the reference, and
/// the part after it.
fn split_at_variable(text: &str) -> Option<(&str, &str, &str)> {
    text.match_indices("$(").find_map(|(at, _)| {
        let (before, from) = text.split_at_checked(at)?;
        let name = from.strip_prefix("$(")?;
        let is_name_byte = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let length = name.bytes().take_while(is_name_byte).count();
        // The official SDKs encode references to names of a single letter.
        if length < 2 || !name.starts_with(|char: char| char.is_ascii_alphabetic()) {
            return None;
        }
        let (variable, after) = from.split_at_checked(length + 3)?;
        variable.ends_with(')').then_some((before, variable, after))
    })
}

/// Percent-encodes a public id once, whether it was encoded before or not, and
/// separates its folders with `:`.
pub(super) fn encode_public_id(
    part: &'static str,
    id: &str,
) -> Result<String, TransformationError> {
    // An encoded `,` ends the parameter as well.
    let decoded: Vec<u8> = percent_decode_str(id).collect();
    let decoded_text = String::from_utf8_lossy(&decoded);
    let is_allowed = |char: char| char != ',' && !char.is_control();
    TransformationError::check(part, id, is_allowed)?;
    TransformationError::check(part, &decoded_text, is_allowed)?;
    Ok(percent_encode(&decoded, ENCODED)
        .to_string()
        .replace('/', ":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_and_slashes_are_encoded_twice() {
        for (text, encoded) in [
            ("Hello, World/…", "Hello%252C%20World%252F%E2%80%A6"),
            ("50% & more?", "50%25%20%26%20more%3F"),
            ("a%2Cb", "a%252Cb"),
            ("a_b.c-d:e", "a_b.c-d:e"),
            ("line\nline", "line%0Aline"),
        ] {
            assert_eq!(encode(text), encoded);
        }
    }

    #[test]
    fn only_variable_references_stay_unencoded() {
        for (text, encoded) in [
            ("a $(name), b", "a%20$(name)%252C%20b"),
            ("$(a1)$(b_c)", "$(a1)$(b_c)"),
            ("$(a)", "%24%28a%29"),
            ("$(1a)", "%24%281a%29"),
            ("$($(ab))", "%24%28$(ab)%29"),
            ("$(a b) $(ab", "%24%28a%20b%29%20%24%28ab"),
            ("$(aé)", "%24%28a%C3%A9%29"),
        ] {
            assert_eq!(encode_with_variables(text), encoded);
        }
    }
}
