use std::fmt::{self, Write};

/// A text as it stands in a token, where it is signed and where it is sent.
pub(super) struct Encoded<'a>(pub(super) &'a str);

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

/// The text that was escaped to this one; none where a character is escaped
/// otherwise, or not at all, or needlessly.
pub(super) fn decode(escaped: &str) -> Option<String> {
    let mut pieces = escaped.split('%');
    let mut text = pieces.next()?.to_owned();
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2)?;
        text.push(u8::from_str_radix(digits, 16).ok()?.into());
        text.push_str(rest);
    }
    (Encoded(&text).to_string() == escaped).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_escaped_is_read_again() {
        let ascii: String = (0..128_u8).map(char::from).collect();
        for text in ["", "a", "%", "%2f", "/é/日/😀*!", "\u{a0}\u{2028}", &ascii] {
            let escaped = Encoded(text).to_string();
            assert_eq!(decode(&escaped).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_escaped_in_any_other_way_is_not_read() {
        for text in [
            "/", "a b", "~", "%", "%2", "%2F", "%7E", "%61", "%21", "%c3%a9", "%0a", "%+f", "%+1",
            "%é", "%zz", "%%2f",
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
