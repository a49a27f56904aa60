//! The header `Content-Disposition` (RFC 6266).

use http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::render::OutputFormat;

/// The bytes that are percent-encoded in an extended value (RFC 8187, `attr-char`).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// The maximum number of characters in a name.
const MAX_CHARS: usize = 200;

/// Returns the header that makes a browser save a file under a name, with the extension of
/// the format. A name that already ends with this extension does not repeat it.
pub(super) fn attachment(name: &str, format: OutputFormat) -> HeaderValue {
    let name = match name.rsplit_once('.') {
        Some((stem, extension))
            if !stem.is_empty() && OutputFormat::from_extension(extension) == Some(format) =>
        {
            stem
        }
        _ => name,
    };
    let safe = |character: char| match character {
        '"' | '\\' | '/' => '_',
        character if character.is_control() => '_',
        character => character,
    };
    let name: String = name.chars().take(MAX_CHARS).map(safe).collect();
    let file = format!("{name}.{}", format.extension());
    let ascii: String = file
        .chars()
        .map(|character| if character.is_ascii() { character } else { '_' })
        .collect();
    let mut value = format!("attachment; filename=\"{ascii}\"");
    // Some browsers percent-decode `filename`.
    if ascii != file || ascii.contains('%') {
        let encoded = utf8_percent_encode(&file, ENCODED);
        value = format!("{value}; filename*=UTF-8''{encoded}");
    }
    HeaderValue::try_from(value).unwrap_or_else(|_| HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_and_encoded() {
        for (name, value) in [
            ("photo", r#"attachment; filename="photo.jpg""#),
            ("My photo", r#"attachment; filename="My photo.jpg""#),
            (
                "été",
                r#"attachment; filename="_t_.jpg"; filename*=UTF-8''%C3%A9t%C3%A9.jpg"#,
            ),
            (
                "100%25",
                r#"attachment; filename="100%25.jpg"; filename*=UTF-8''100%2525.jpg"#,
            ),
            ("a\"b\\c/d\ne", r#"attachment; filename="a_b_c_d_e.jpg""#),
            (
                "€ rates",
                r#"attachment; filename="_ rates.jpg"; filename*=UTF-8''%E2%82%AC%20rates.jpg"#,
            ),
        ] {
            assert_eq!(attachment(name, OutputFormat::Jpeg), value);
        }
    }

    #[test]
    fn the_extension_is_not_repeated() {
        for (name, format, file) in [
            ("photo.jpg", OutputFormat::Jpeg, "photo.jpg"),
            ("photo.JPEG", OutputFormat::Jpeg, "photo.jpg"),
            ("photo.png", OutputFormat::Png, "photo.png"),
            ("photo.webp", OutputFormat::WebP, "photo.webp"),
            ("photo.jpg", OutputFormat::Png, "photo.jpg.png"),
            ("photo.v2", OutputFormat::Jpeg, "photo.v2.jpg"),
            (".jpg", OutputFormat::Jpeg, ".jpg.jpg"),
        ] {
            let value = format!("attachment; filename=\"{file}\"");
            assert_eq!(attachment(name, format), value, "{name}");
        }
    }

    #[test]
    fn long_names_are_truncated() {
        let value = attachment(&"é".repeat(10_000), OutputFormat::Png);
        assert!(value.len() < 2_000);
    }
}
