//! Data URIs (RFC 2397).

use base64::Engine;
use base64::engine::general_purpose::GeneralPurpose;
use base64::{alphabet, engine::DecodePaddingMode, engine::GeneralPurposeConfig};
use percent_encoding::percent_decode_str;

/// Base64, with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Returns the bytes of a data URI, `data:[<media type>][;<parameters>];base64,<data>`.
pub(super) fn decode(uri: &str) -> Option<Vec<u8>> {
    let (head, data) = uri.strip_prefix("data:")?.split_once(',')?;
    let (_, encoding) = head.rsplit_once(';')?;
    if !encoding.trim().eq_ignore_ascii_case("base64") {
        return None;
    }
    let is_plain = |byte: u8| !byte.is_ascii_whitespace() && byte != b'%';
    if data.bytes().all(is_plain) {
        return BASE64.decode(data).ok();
    }
    let data: Vec<u8> = percent_decode_str(data)
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    BASE64.decode(data).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_decoded() {
        for (uri, decoded) in [
            ("data:image/png;base64,aGVsbG8=", Some("hello")),
            ("data:image/png;base64,aGVsbG8", Some("hello")),
            ("data:;base64,aGVsbG8=", Some("hello")),
            ("data:image/png;name=x;base64,aGVsbG8=", Some("hello")),
            ("data:image/png;BASE64,aGVs\r\n bG8%3D", Some("hello")),
            ("data:image/png;base64,", Some("")),
            ("data:text/plain,hello", None),
            ("data:image/png;base64,*", None),
            ("data:image/png;base64", None),
            ("image/png;base64,aGVsbG8=", None),
            ("", None),
        ] {
            let decoded = decoded.map(|text| text.as_bytes().to_vec());
            assert_eq!(decode(uri), decoded, "{uri}");
        }
    }
}
