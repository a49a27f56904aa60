//! What the fuzz targets share: how what was signed is changed before it is
//! verified.

#![forbid(unsafe_code)]

use arbitrary::Arbitrary;

/// A change to a text, by numbers that any text has a place for.
///
/// All numbers are of a fixed size, so that a seed is zeros and a text.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub struct Edit {
    kind: u8,
    at: u16,
    to: u16,
    count: u8,
}

impl Edit {
    /// The text changed. `other` is what pieces may be taken from, such as
    /// another text that was signed; `words` are what may be put in.
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
            8 => replaced(&unescaped(piece)),
            9 => replaced(&escaped(piece, upper)),
            10 => replaced(&escaped(piece, lower)),
            11 => replaced(&escaped(piece, twice)),
            // Wherever this byte stands.
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

fn escaped(bytes: &[u8], escape: fn(u8) -> String) -> Vec<u8> {
    let escaped: String = bytes.iter().map(|byte| escape(*byte)).collect();
    escaped.into_bytes()
}

fn everywhere(bytes: &[u8], wanted: Option<&u8>, escape: fn(u8) -> String) -> Vec<u8> {
    let pieces: Vec<_> = bytes.split(|byte| Some(byte) == wanted).collect();
    let escape = wanted.map(|byte| escape(*byte)).unwrap_or_default();
    pieces.join(escape.as_bytes())
}

/// A text in which no `%XX` is left.
pub fn fully_unescaped(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    loop {
        let once = unescaped(&bytes);
        if once == bytes {
            return bytes;
        }
        bytes = once;
    }
}

/// Each `%XX` as the byte that it stands for, once.
fn unescaped(mut bytes: &[u8]) -> Vec<u8> {
    let mut unescaped = Vec::new();
    while let [first, rest @ ..] = bytes {
        // A `+` before a digit would be taken for a number's sign.
        let digits = rest
            .get(..2)
            .filter(|digits| *first == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        let escape = digits
            .and_then(|digits| str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes = rest.get(2..).filter(|_| escape.is_some()).unwrap_or(rest);
        unescaped.push(escape.unwrap_or(*first));
    }
    unescaped
}
