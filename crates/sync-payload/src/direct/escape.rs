//! The test whether a text can be copied into JSON unchanged, in any style.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = ONES << 7;

/// Returns whether a text has a byte that begins an escaped character: a control
/// character, `"`, `\`, `&`, `<`, `>`, U+2028 or U+2029.
///
/// The last two begin with the byte 0xE2, as do all characters from U+2000 to
/// U+2FFF. A text with any of these characters goes through the serializer, which
/// writes it correctly.
pub(super) fn needs_escape(text: &[u8]) -> bool {
    may_need_escape(text) && text.iter().copied().any(begins_escaped)
}

/// Returns whether [`needs_escape`] may be true. Returns `true` for texts that are not
/// ASCII or have fewer than four bytes.
///
/// Most texts are short ASCII. They are read eight bytes at a time; the last
/// eight bytes may overlap the words before them.
pub(crate) fn may_need_escape(text: &[u8]) -> bool {
    let suspicious = if let Some(last) = text.last_chunk() {
        let (words, _) = text.as_chunks();
        words.iter().fold(suspicious_bytes(*last), |found, word| {
            found | suspicious_bytes(*word)
        })
    } else if let (Some([a, b, c, d]), Some([e, f, g, h])) = (text.first_chunk(), text.last_chunk())
    {
        suspicious_bytes([*a, *b, *c, *d, *e, *f, *g, *h])
    } else {
        HIGH_BITS
    };
    suspicious & HIGH_BITS != 0
}

/// Sets the high bit of each byte that is escaped or not ASCII.
///
/// A borrow may also set the high bits of bytes after such a byte. The caller
/// therefore confirms a hit byte by byte.
const fn suspicious_bytes(word: [u8; 8]) -> u64 {
    let word = u64::from_le_bytes(word);
    // `"` and `&` differ in one bit, and so do `<` and `>`.
    let quotes = (word & !(ONES * 0x04)) ^ (ONES * 0x22);
    let angles = (word & !(ONES * 0x02)) ^ (ONES * 0x3c);
    let backslashes = word ^ (ONES * 0x5c);
    // The subtraction borrows from a byte that is zero, or less than a space.
    word | quotes.wrapping_sub(ONES)
        | angles.wrapping_sub(ONES)
        | backslashes.wrapping_sub(ONES)
        | word.wrapping_sub(ONES * 0x20)
}

const fn begins_escaped(byte: u8) -> bool {
    byte < 0x20 || matches!(byte, b'"' | b'\\' | b'&' | b'<' | b'>' | 0xe2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WireStyle;
    use crate::formatter::WireFormatter;

    #[test]
    fn every_escaped_character_needs_escape() {
        for char in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
            let mut plain = Vec::new();
            let mut rails = Vec::new();
            for (style, out) in [
                (WireStyle::Plain, &mut plain),
                (WireStyle::Rails, &mut rails),
            ] {
                let formatter = WireFormatter::new(style, false);
                serde::Serialize::serialize(
                    &char,
                    &mut serde_json::Serializer::with_formatter(out, formatter),
                )
                .unwrap();
            }
            let unchanged = format!("\"{char}\"").into_bytes();
            let is_escaped = plain != unchanged || rails != unchanged;
            let shares_first_byte = ('\u{2000}'..='\u{2fff}').contains(&char);
            for before in 0..if is_escaped { 40 } else { 1 } {
                let text = format!("{}{char}\u{7f}", "~".repeat(before));
                assert_eq!(
                    needs_escape(text.as_bytes()),
                    is_escaped || shares_first_byte,
                    "{text:?}"
                );
            }
        }
    }
}
