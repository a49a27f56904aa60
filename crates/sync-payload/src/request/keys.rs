//! The keys of a query.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// The maximum length of a key in an error message, in bytes.
const SHOWN_KEY: usize = 64;

/// The characters of a key that an error message shows percent-encoded.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'&')
    .add(b'\'')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'`');

/// A key of a query.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// `ids`: one id.
    One,
    /// `ids[]`: one element of a list of ids.
    List,
    Other,
}

impl Key {
    /// Parses a key, which may be percent-encoded.
    pub(super) fn parse(key: &str) -> Self {
        let is = |name: &str| percent_decode_str(key).eq(name.bytes());
        if is("ids[]") {
            Self::List
        } else if is("ids") {
            Self::One
        } else {
            Self::Other
        }
    }
}

/// Returns the escaped key of a pair that has another key than [`Key::One`] and
/// [`Key::List`], if the key is a filter by ids.
///
/// Some frameworks separate pairs with `;` as well, so this function looks for the
/// keys between them.
pub(super) fn named_id_key(pair: &str) -> Option<Box<str>> {
    pair.split(';')
        .map(|pair| pair.split_once('=').map_or(pair, |(key, _)| key))
        .find(|key| is_named_id(key))
        .map(escape)
}

/// Returns whether a key consists of words of which one is `id` or `ids`: `ids[0]`,
/// `IDS[]`, `filter[id]`, `ids%255B%255D`. Also returns `true` if the whole key is `id` or
/// `ids` without its brackets and other characters: `i[d]`, `id%00s`.
///
/// A word consists of letters, digits, `_` and `-`. `page_id` is a different word.
fn is_named_id(key: &str) -> bool {
    let key = decode_fully(key);
    // In Turkish, `ids` and `IDS` convert to `İDS` and `ıds`.
    let key = String::from_utf8_lossy(&key)
        .to_lowercase()
        .replace('ı', "i");
    let is_id = |word: &str| matches!(word, "id" | "ids");
    let mut words =
        key.split(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '_' | '-'));
    words.any(|word| is_id(word.trim_matches(['_', '-'])))
        || is_id(&key.replace(|letter: char| !letter.is_alphanumeric(), ""))
}

/// Percent-decodes a text until nothing is left to decode, in linear time.
fn decode_fully(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    for byte in text.bytes() {
        decoded.push(byte);
        // A decoded byte may complete the encoding of another byte.
        while let Some((start, &[b'%', high, low])) = decoded.split_last_chunk() {
            let (Some(high), Some(low)) = (hex_digit(high), hex_digit(low)) else {
                break;
            };
            let start = start.len();
            decoded.truncate(start);
            decoded.push(high << 4 | low);
        }
    }
    decoded
}

const fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Returns a key for an error message: visible ASCII characters of limited length.
fn escape(key: &str) -> Box<str> {
    let mut escaped = String::new();
    for part in utf8_percent_encode(key, ESCAPED) {
        let left = SHOWN_KEY.saturating_sub(escaped.len());
        match part.get(..left) {
            Some(start) if start.len() < part.len() => {
                // Never ends within the encoding of a byte that was encoded here.
                escaped.push_str(if part.starts_with('%') { "" } else { start });
                escaped.push_str("...");
                break;
            }
            _ => escaped.push_str(part),
        }
    }
    escaped.into()
}
