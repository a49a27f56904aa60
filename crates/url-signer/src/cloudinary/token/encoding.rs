//! Percent-encoding of the URL and the acl of a token.

use std::fmt::{self, Write};

/// Percent-encodes a text like the official SDKs: with lower-case digits, and
/// only some ASCII characters.
pub(crate) struct Encoded<'a>(pub(crate) &'a str);

impl fmt::Display for Encoded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|char| match char {
            ' ' | '"' | '#' | '%' | '&' | '\'' | '/' | ':'..='@' | '['..='^' | '`' | '{'..='~' => {
                write!(f, "%{:02x}", u32::from(char))
            }
            _ => f.write_char(char),
        })
    }
}

/// Decodes a text. Returns `None` if [`Encoded`] writes the decoded text
/// differently.
pub(super) fn decode(encoded: &str) -> Option<String> {
    let mut pieces = encoded.split('%');
    let mut text = pieces.next()?.to_owned();
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2)?;
        text.push(u8::from_str_radix(digits, 16).ok()?.into());
        text.push_str(rest);
    }
    (Encoded(&text).to_string() == encoded).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_text_decodes_to_the_original() {
        let ascii: String = (0..128_u8).map(char::from).collect();
        for text in ["", "a", "%", "%2f", "/é/日/😀*!", "\u{a0}\u{2028}", &ascii] {
            let encoded = Encoded(text).to_string();
            assert_eq!(decode(&encoded).as_deref(), Some(text));
        }
    }

    #[test]
    fn other_encodings_do_not_decode() {
        for text in [
            "/", "a b", "~", "%", "%2", "%2F", "%7E", "%61", "%21", "%c3%a9", "%0a", "%+f", "%+1",
            "%é", "%zz", "%%2f",
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
