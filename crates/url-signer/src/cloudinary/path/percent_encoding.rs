//! Percent-encoding of the source: the public id and the extension.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// The bytes of a public id that are percent-encoded.
pub(crate) const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'/')
    .remove(b':');

/// Decodes a public id and encodes it again, so that an encoded public id is not
/// encoded twice.
pub(crate) fn encode_once(public_id: &str) -> String {
    let decoded: Vec<u8> = percent_decode_str(public_id).collect();
    percent_encode(&decoded, ENCODED).to_string()
}

/// Encodes a URL to fetch from. Its own percent-encoding is encoded again.
pub(crate) fn encode_again(url: &str) -> String {
    percent_encode(url.as_bytes(), ENCODED).to_string()
}

/// Returns whether a byte is always percent-encoded in a source.
pub(crate) const fn is_encoded(byte: u8) -> bool {
    !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'/' | b':'))
}

/// Returns whether a source is a URL to fetch from.
pub(crate) fn is_remote(source: &str) -> bool {
    source.starts_with("http:/") || source.starts_with("https:/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_encoded_agrees_with_the_set() {
        for byte in 0..=u8::MAX {
            let encoded = percent_encode(&[byte], ENCODED).to_string().len() == 3;
            assert_eq!(is_encoded(byte), encoded, "{byte}");
        }
    }

    #[test]
    fn encodes_once_or_again() {
        assert_eq!(encode_once("a%20b c"), "a%20b%20c");
        assert_eq!(encode_once("100%"), "100%25");
        assert_eq!(encode_again("http://a/%20b c"), "http://a/%2520b%20c");
    }
}
