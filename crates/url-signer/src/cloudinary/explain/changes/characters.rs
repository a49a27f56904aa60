//! Changes to characters outside ASCII: Unicode normalization and character sets.

use percent_encoding::percent_encode_byte;
use unicode_normalization::UnicodeNormalization;

use super::collector::Collector;
use crate::cloudinary::explain::change::Change;

/// The characters of the bytes 0x80 to 0x9F in Windows-1252, which clients mean by
/// Latin-1. Five bytes have no character.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

pub(super) fn all(changes: &mut Collector<'_>) {
    let parts = changes.parts;
    let mut add = |change, map: fn(&[u8]) -> Option<Vec<u8>>| {
        changes.add(change, parts.map(|text| map_characters(text, map)));
    };
    add(Change::Decomposed, |bytes| {
        Some(utf8(bytes)?.nfc().collect::<String>().into_bytes())
    });
    add(Change::Composed, |bytes| {
        Some(utf8(bytes)?.nfd().collect::<String>().into_bytes())
    });
    // Text that is already UTF-8 is not Latin-1.
    add(Change::Latin1, |bytes| {
        utf8(bytes).is_none().then(|| from_latin1(bytes))
    });
    add(Change::SignedLatin1, |bytes| {
        to_latin1(utf8(bytes)?).filter(|before| utf8(before).is_none())
    });
    add(Change::Utf8ReadAsLatin1, |bytes| {
        to_latin1(utf8(bytes)?).filter(|before| utf8(before).is_some())
    });
}

/// Returns the percent-encoded, composed form of a text, if the text is decomposed.
pub(in crate::cloudinary::explain) fn composed(text: &str) -> Option<String> {
    let decoded = decode_outside_ascii(text);
    let decomposed = utf8(&decoded)?;
    let composed: String = decomposed.nfc().collect();
    (composed != decomposed).then(|| encode_outside_ascii(composed.as_bytes()))
}

fn utf8(bytes: &[u8]) -> Option<&str> {
    str::from_utf8(bytes).ok()
}

/// Maps a text whose bytes outside ASCII are percent-decoded. ASCII stays as it is, also
/// if it is percent-encoded. If there is no mapping, or if the text is not percent-encoded,
/// returns the text.
fn map_characters(text: &str, map: impl Fn(&[u8]) -> Option<Vec<u8>>) -> String {
    let decoded = decode_outside_ascii(text);
    if decoded.is_ascii() || !text.is_ascii() {
        return text.to_owned();
    }
    map(&decoded).map_or_else(|| text.to_owned(), |mapped| encode_outside_ascii(&mapped))
}

/// Percent-encodes the bytes outside ASCII.
pub(super) fn encode_outside_ascii(bytes: &[u8]) -> String {
    let mut encoded = String::with_capacity(bytes.len());
    for byte in bytes {
        if byte.is_ascii() {
            encoded.push(char::from(*byte));
        } else {
            encoded.push_str(percent_encode_byte(*byte));
        }
    }
    encoded
}

fn decode_outside_ascii(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let value = match rest {
            [b'%', high, low, ..] => digit(*high).zip(digit(*low)),
            _ => None,
        };
        let value = value.and_then(|(high, low)| u8::try_from(high << 4 | low).ok());
        if let (Some(value @ 0x80..), [_, _, after @ ..]) = (value, after) {
            decoded.push(value);
            rest = after;
        } else {
            decoded.push(*byte);
            rest = after;
        }
    }
    decoded
}

fn from_latin1(bytes: &[u8]) -> Vec<u8> {
    let char = |byte: &u8| match byte {
        0x80..=0x9f => WINDOWS_1252
            .get(usize::from(byte - 0x80))
            .copied()
            .unwrap_or_default(),
        _ => char::from(*byte),
    };
    bytes.iter().map(char).collect::<String>().into_bytes()
}

/// Returns `None` if a character has no byte.
fn to_latin1(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|char| {
            let place = WINDOWS_1252.iter().position(|known| *known == char);
            match place {
                Some(place) => u8::try_from(place + 0x80).ok(),
                None => u8::try_from(u32::from(char)).ok(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin1_text_is_converted_both_ways() {
        let every: Vec<u8> = (0..=u8::MAX).collect();
        let text = String::from_utf8(from_latin1(&every)).unwrap();
        assert_eq!(to_latin1(&text), Some(every));
        assert_eq!(to_latin1("日"), None);
    }

    #[test]
    fn encoded_ascii_is_kept() {
        let same = |text: &str| map_characters(text, |bytes| Some(bytes.to_vec()));
        assert_eq!(same("a%2fb%C3%a9%"), "a%2fb%C3%A9%");
        assert_eq!(same("é%41"), "é%41");
        assert_eq!(same("a%2"), "a%2");
    }
}
