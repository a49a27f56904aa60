//! Edits of signed texts, shared by the fuzz targets.

#![forbid(unsafe_code)]

use arbitrary::Arbitrary;

/// An edit of a text. Every combination of numbers is a valid edit of every text.
///
/// The numbers have a fixed size, so that a seed consists of zeros and a text.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub struct Edit {
    kind: u8,
    at: u16,
    to: u16,
    count: u8,
}

impl Edit {
    /// Returns the edited text. An edit may insert pieces of `other`, such as
    /// another signed text, or one of the `words`.
    pub fn apply(self, text: &str, other: &str, words: &[&str]) -> String {
        let (text, other) = (text.as_bytes(), other.as_bytes());
        let to = usize::from(self.to);
        let start = usize::from(self.at) % (text.len() + 1);
        let end = text.len().min(start + usize::from(self.count));
        let (before, piece, after) = (&text[..start], &text[start..end], &text[end..]);
        let of_other = &other[start.min(other.len())..end.min(other.len())];
        let rest_of_other = &other[to % (other.len() + 1)..];
        let replaced = |piece: &[u8]| [before, piece, after].concat();
        let changed = match self.kind % 15 {
            0 => replaced(b""),
            1 => replaced(words[to % words.len()].as_bytes()),
            2 => replaced(&[self.to.to_le_bytes()[0]]),
            3 => replaced(&piece.repeat(2)),
            4 => replaced(of_other),
            5 => [before, rest_of_other].concat(),
            6 => replaced(&piece.to_ascii_uppercase()),
            7 => replaced(&piece.to_ascii_lowercase()),
            8 => replaced(&decoded(piece)),
            9 => replaced(&encoded(piece, upper)),
            10 => replaced(&encoded(piece, lower)),
            11 => replaced(&encoded(piece, twice)),
            // All occurrences of one byte.
            12 => everywhere(text, after.first(), upper),
            13 => everywhere(text, after.first(), twice),
            _ => {
                let mut segments: Vec<_> = text.split(|byte| *byte == b'/').collect();
                let segment = segments.remove(start % segments.len());
                segments.insert(to % (segments.len() + 1), segment);
                segments.join(&b'/')
            }
        };
        String::from_utf8_lossy(&changed).into_owned()
    }
}

fn upper(byte: u8) -> String {
    format!("%{byte:02X}")
}

fn lower(byte: u8) -> String {
    format!("%{byte:02x}")
}

fn twice(byte: u8) -> String {
    format!("%25{byte:02X}")
}

fn encoded(bytes: &[u8], encode: fn(u8) -> String) -> Vec<u8> {
    let encoded: String = bytes.iter().map(|byte| encode(*byte)).collect();
    encoded.into_bytes()
}

fn everywhere(bytes: &[u8], wanted: Option<&u8>, encode: fn(u8) -> String) -> Vec<u8> {
    let pieces: Vec<_> = bytes.split(|byte| Some(byte) == wanted).collect();
    let encoded = wanted.map(|byte| encode(*byte)).unwrap_or_default();
    pieces.join(encoded.as_bytes())
}

/// Percent-decodes a text until no `%XX` is left.
pub fn fully_decoded(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    loop {
        let once = decoded(&bytes);
        if once == bytes {
            return bytes;
        }
        bytes = once;
    }
}

/// Percent-decodes bytes once.
fn decoded(mut bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    while let [first, rest @ ..] = bytes {
        // `from_str_radix` would accept `+` as a sign.
        let digits = rest
            .get(..2)
            .filter(|digits| *first == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        let byte = digits
            .and_then(|digits| str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes = rest.get(2..).filter(|_| byte.is_some()).unwrap_or(rest);
        decoded.push(byte.unwrap_or(*first));
    }
    decoded
}
