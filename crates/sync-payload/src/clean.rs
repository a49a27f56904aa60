//! Whether a text can stand in JSON as it is, in any style.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = ONES << 7;

/// Whether nothing in a text is escaped: no control character, `"`, `\`, `&`,
/// `<` or `>`, and nothing that begins as U+2028 and U+2029 do.
///
/// Most texts are short and of ASCII: they are looked at eight bytes at a time,
/// and what is left after that in pieces that overlap.
pub(crate) fn is_clean(text: &[u8]) -> bool {
    let suspicious = if let Some(last) = text.last_chunk() {
        let (words, _) = text.as_chunks();
        words.iter().fold(suspicious_in(*last), |found, word| {
            found | suspicious_in(*word)
        })
    } else if let (Some([a, b, c, d]), Some([e, f, g, h])) = (text.first_chunk(), text.last_chunk())
    {
        suspicious_in([*a, *b, *c, *d, *e, *f, *g, *h])
    } else {
        HIGHS
    };
    suspicious & HIGHS == 0 || !text.iter().copied().any(is_escaped)
}

/// Sets the highest bits of the bytes that are escaped, or no ASCII, and of
/// others only after those.
const fn suspicious_in(word: [u8; 8]) -> u64 {
    let word = u64::from_le_bytes(word);
    // `"` and `&` differ in one bit, and so do `<` and `>`.
    let quotes = (word & !(ONES * 0x04)) ^ (ONES * 0x22);
    let angles = (word & !(ONES * 0x02)) ^ (ONES * 0x3c);
    let backslashes = word ^ (ONES * 0x5c);
    // What is zero, or below a space, borrows.
    word | quotes.wrapping_sub(ONES)
        | angles.wrapping_sub(ONES)
        | backslashes.wrapping_sub(ONES)
        | word.wrapping_sub(ONES * 0x20)
}

const fn is_escaped(byte: u8) -> bool {
    byte < 0x20 || matches!(byte, b'"' | b'\\' | b'&' | b'<' | b'>' | 0xe2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_that_is_escaped_is_found_anywhere_and_no_other() {
        for char in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
            let mut plain = Vec::new();
            let mut rails = Vec::new();
            for (style, out) in [
                (crate::WireStyle::Plain, &mut plain),
                (crate::WireStyle::Rails, &mut rails),
            ] {
                let formatter = crate::json::WireFormatter::new(style, false);
                serde::Serialize::serialize(
                    &char,
                    &mut serde_json::Serializer::with_formatter(out, formatter),
                )
                .unwrap();
            }
            let as_it_is = format!("\"{char}\"").into_bytes();
            let is_escaped = plain != as_it_is || rails != as_it_is;
            let begins_alike = ('\u{2000}'..='\u{2fff}').contains(&char);
            for before in 0..if is_escaped { 40 } else { 1 } {
                let text = format!("{}{char}\u{7f}", "~".repeat(before));
                assert_eq!(
                    is_clean(text.as_bytes()),
                    !(is_escaped || begins_alike),
                    "{text:?}"
                );
            }
        }
    }
}
