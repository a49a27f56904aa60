//! Characters that are percent-encoded any number of times.

/// Returns the byte position of the first such character in a text. The character may be
/// percent-encoded any number of times: `?`, `%3F`, `%253F`.
pub(super) fn find_encoded(text: &str, char: u8) -> Option<usize> {
    positions(text, char).next()
}

/// Returns the byte position of the last such character.
pub(super) fn rfind_encoded(text: &str, char: u8) -> Option<usize> {
    positions(text, char).last()
}

fn positions(text: &str, char: u8) -> impl Iterator<Item = usize> {
    let mut end = 0;
    encoded_chars(text).filter_map(move |(byte, encoded)| {
        let position = end;
        end += encoded.len();
        (byte == char).then_some(position)
    })
}

/// Iterates over the characters of a text: the first byte of the decoded character, and
/// its text. Bytes outside ASCII are decoded to themselves.
pub(super) fn encoded_chars(text: &str) -> impl Iterator<Item = (u8, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (byte, length) = decode_first(rest)?;
        let (char, after) = rest.split_at_checked(length)?;
        rest = after;
        Some((byte, char))
    })
}

/// Decodes the first character. Returns its first byte and the length of its text.
fn decode_first(text: &str) -> Option<(u8, usize)> {
    let first = text.chars().next()?;
    let mut nested = text.strip_prefix('%').unwrap_or_default();
    while let Some(rest) = nested.strip_prefix("25") {
        nested = rest;
    }
    let digits = nested.get(..2).filter(|_| first == '%');
    let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
    Some(match byte {
        Some(byte) => (byte, text.len() - nested.len() + 2),
        None => (*text.as_bytes().first()?, first.len_utf8()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_encoding_is_one_character() {
        for (text, position) in [
            ("a?b", Some(1)),
            ("a%3Fb", Some(1)),
            ("é%20%25253fb", Some(5)),
            ("%%3F", Some(1)),
            ("%25%3F", Some(3)),
            ("%2%33F%é?", Some(9)),
            ("%253", None),
            ("%25", None),
            ("a%3Eb", None),
            ("", None),
        ] {
            assert_eq!(find_encoded(text, b'?'), position, "{text}");
        }
        assert_eq!(rfind_encoded("a=%3Db", b'='), Some(2));
        assert_eq!(rfind_encoded("a", b'='), None);
        let deep = format!("%{}3F", "25".repeat(50_000));
        assert_eq!(find_encoded(&deep, b'?'), Some(0));
        let all: Vec<_> = encoded_chars("a%2541é%").map(|(_, text)| text).collect();
        assert_eq!(all, ["a", "%2541", "é", "%"]);
    }
}
