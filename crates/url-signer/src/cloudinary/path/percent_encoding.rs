//! The last part of a path: what is delivered, escaped.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// The bytes of a public id that are escaped in a URL.
pub(crate) const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'/')
    .remove(b':');

/// A public id, escaped once, whether it was before or not.
pub(crate) fn escape_once(public_id: &str) -> String {
    let decoded: Vec<u8> = percent_decode_str(public_id).collect();
    percent_encode(&decoded, ESCAPED).to_string()
}

/// A URL to fetch from, escaped as it is: what is escaped in it already is so twice.
pub(crate) fn escape_again(url: &str) -> String {
    percent_encode(url.as_bytes(), ESCAPED).to_string()
}

/// Whether a byte is never written as it is in a source.
pub(crate) const fn is_escaped(byte: u8) -> bool {
    !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'/' | b':'))
}

/// Whether a source is a URL to fetch from.
pub(crate) fn is_remote(source: &str) -> bool {
    source.starts_with("http:/") || source.starts_with("https:/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_are_escaped_and_said_to_be() {
        for byte in 0..=u8::MAX {
            let escaped = percent_encode(&[byte], ESCAPED).to_string().len() == 3;
            assert_eq!(is_escaped(byte), escaped, "{byte}");
        }
    }

    #[test]
    fn what_is_escaped_already_is_escaped_once_or_again() {
        assert_eq!(escape_once("a%20b c"), "a%20b%20c");
        assert_eq!(escape_once("100%"), "100%25");
        assert_eq!(escape_again("http://a/%20b c"), "http://a/%2520b%20c");
    }
}
