//! Finds the end of a JSON value without parsing the value.

/// The opening quote or the closing quote of a string.
const QUOTE: u8 = b'"';

/// A scanner for the end of a JSON value that arrives in pieces.
///
/// The scanner knows strings, escapes and brackets. Whether the value is valid JSON is
/// checked by the parser, which agrees with the scanner on the end of a valid value.
#[derive(Debug)]
pub(crate) struct Scanner {
    max_depth: usize,
    /// The closing brackets of the open arrays and objects.
    closing: Vec<u8>,
    /// The number of open arrays and objects below `max_depth`.
    excess: u64,
    form: Form,
    /// The last byte was an unescaped backslash in a string.
    escaping: bool,
}

/// The token at the current position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A number or a word, which ends before the next delimiter.
    Scalar,
    /// A string.
    String,
    /// A part of an array or object outside of strings.
    Structure,
}

/// The result of scanning a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scanned {
    /// The value continues after the piece.
    All,
    /// The value ends after this number of bytes of the piece.
    End(usize),
    /// The last of these bytes opens an array or object that is nested too deeply.
    TooDeep(usize),
    /// The last of these bytes closes an array as an object, or an object as an array.
    Mismatch(usize),
}

impl Scanner {
    pub(crate) const fn new(max_depth: usize) -> Self {
        Self {
            max_depth,
            closing: Vec::new(),
            excess: 0,
            form: Form::Structure,
            escaping: false,
        }
    }

    pub(crate) const fn set_max_depth(&mut self, max_depth: usize) {
        self.max_depth = max_depth;
    }

    pub(crate) const fn max_depth(&self) -> usize {
        self.max_depth
    }

    /// Starts a value. `first` is its first byte, which is the first byte to scan.
    pub(crate) fn start(&mut self, first: u8) {
        self.closing.clear();
        self.excess = 0;
        self.escaping = false;
        self.form = match first {
            QUOTE | b'{' | b'[' => Form::Structure,
            _ => Form::Scalar,
        };
    }

    /// Returns whether the value is a number or a word, whose end is found only at the
    /// delimiter after it.
    pub(crate) fn is_scalar(&self) -> bool {
        self.form == Form::Scalar
    }

    /// Scans the next piece of the value.
    pub(crate) fn scan(&mut self, piece: &[u8]) -> Scanned {
        let length_before = |rest: &[u8]| piece.len() - rest.len();
        let mut rest = piece;
        match self.form {
            Form::Scalar => {
                let end = piece.iter().position(|byte| is_delimiter(*byte));
                return end.map_or(Scanned::All, Scanned::End);
            }
            Form::String => {
                let Some(after) = self.after_string(rest) else {
                    return Scanned::All;
                };
                self.form = Form::Structure;
                rest = after;
                if self.is_complete() {
                    return Scanned::End(length_before(rest));
                }
            }
            Form::Structure => {}
        }
        loop {
            let mut bytes = rest.iter();
            let Some(byte) = bytes.find(|byte| is_quote_or_bracket(**byte)) else {
                return Scanned::All;
            };
            rest = bytes.as_slice();
            match byte {
                &QUOTE => loop {
                    let Some(after) = self.after_string(rest) else {
                        self.form = Form::String;
                        return Scanned::All;
                    };
                    rest = after;
                    // Most strings follow another one directly.
                    match rest {
                        [b':' | b',', QUOTE, after @ ..] if !self.is_complete() => rest = after,
                        _ => break,
                    }
                },
                b'{' | b'[' => {
                    if !self.open(*byte) {
                        return Scanned::TooDeep(length_before(rest));
                    }
                    continue;
                }
                b'}' | b']' => {
                    if !self.close(*byte) {
                        return Scanned::Mismatch(length_before(rest));
                    }
                }
                _ => continue,
            }
            if self.is_complete() {
                return Scanned::End(length_before(rest));
            }
        }
    }

    /// Returns whether a value that started is complete.
    const fn is_complete(&self) -> bool {
        self.closing.is_empty() && self.excess == 0
    }

    /// Opens an array or object. Returns `false` if it is the first one that is nested
    /// too deeply.
    fn open(&mut self, bracket: u8) -> bool {
        if self.closing.len() < self.max_depth {
            self.closing.push(if bracket == b'{' { b'}' } else { b']' });
            return true;
        }
        // Only counted, so that memory is limited.
        self.excess += 1;
        self.excess > 1
    }

    /// Closes an array or object. Returns `false` if it was opened as the other one.
    fn close(&mut self, bracket: u8) -> bool {
        if self.excess > 0 {
            self.excess -= 1;
            return true;
        }
        self.closing.pop() == Some(bracket)
    }

    /// Returns the bytes after the current string.
    #[allow(clippy::inline_always, reason = "a tenth fewer instructions in `scan`")]
    #[inline(always)]
    fn after_string<'a>(&mut self, mut piece: &'a [u8]) -> Option<&'a [u8]> {
        loop {
            let Some((text, after)) = split_at_quote(piece) else {
                self.escaping = self.escapes_next(piece);
                return None;
            };
            let is_escaped = match text.last() {
                Some(byte) if *byte != b'\\' => false,
                _ => self.escapes_next(text),
            };
            self.escaping = false;
            if !is_escaped {
                return Some(after);
            }
            piece = after;
        }
    }

    /// Returns whether a piece of a string ends in an unescaped backslash.
    #[inline(never)]
    fn escapes_next(&self, piece: &[u8]) -> bool {
        let backslashes = piece.iter().rev().take_while(|byte| **byte == b'\\');
        let count = backslashes.count();
        let before = count == piece.len() && self.escaping;
        (count % 2 == 1) != before
    }
}

/// Returns whether a byte ends a number or a word.
const fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t' | b'\n' | b'\r' | b',' | b']' | b'}' | b'[' | b'{' | QUOTE
    )
}

/// Returns whether a byte is a quote, a bracket, or one of the few other bytes that are
/// as fast to find.
#[inline]
const fn is_quote_or_bracket(byte: u8) -> bool {
    // The bit 0x20 is the difference between brackets and braces.
    byte == QUOTE || matches!(byte | 0x20, b'{'..=b'}')
}

/// Splits bytes at the first quote, and removes the quote.
#[inline]
fn split_at_quote(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let quote = find_quote(bytes)?;
    Some((bytes.get(..quote)?, bytes.get(quote + 1..)?))
}

/// Returns the index of the first quote.
///
/// Most strings are keys and short values, for which a call of `memchr` costs more than
/// the search. Two words of eight bytes are searched here, before `memchr` is called.
#[inline]
fn find_quote(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    for index in [0, 8] {
        let Some((word, after)) = rest.split_first_chunk() else {
            return memchr::memchr(QUOTE, rest).map(|quote| index + quote);
        };
        if let Some(quote) = find_in_word(u64::from_le_bytes(*word)) {
            return Some(index + quote);
        }
        rest = after;
    }
    memchr::memchr(QUOTE, rest).map(|quote| 16 + quote)
}

/// Returns the index of the first quote of a word.
#[inline]
const fn find_in_word(word: u64) -> Option<usize> {
    const ONES: u64 = u64::from_le_bytes([0x01; 8]);
    const HIGH_BITS: u64 = u64::from_le_bytes([0x80; 8]);
    const QUOTES: u64 = u64::from_le_bytes([QUOTE; 8]);
    // Sets the high bit of the first zero byte. Bits above it may be wrong.
    let zero_if_quote = word ^ QUOTES;
    let found = zero_if_quote.wrapping_sub(ONES) & !zero_if_quote & HIGH_BITS;
    if found == 0 {
        return None;
    }
    Some(found.trailing_zeros() as usize / 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scans a text in pieces of a length and returns the number of bytes of the value.
    fn scan(text: &[u8], length: usize) -> Option<usize> {
        let mut scanner = Scanner::new(100);
        scanner.start(text[0]);
        let mut before = 0;
        for piece in text.chunks(length) {
            match scanner.scan(piece) {
                Scanned::All => before += piece.len(),
                Scanned::End(length) => return Some(before + length),
                other => panic!("{other:?}"),
            }
        }
        None
    }

    #[test]
    fn values_end_where_the_parser_ends() {
        for value in [
            r#""""#,
            r#""a\"b""#,
            r#""\\""#,
            r#""\\\"\\""#,
            r#""12345678\\""#,
            r#""1234567890123456\"]}{[""#,
            r#""a long text \u0022 with \\\\\" quotes, braces }} and brackets ]]""#,
            "{}",
            "[]",
            r#"{"a":[{},[[]],"]","}","\""],"b\\":{"c":"\\"}}"#,
            "[1,[2,[3]],\n\t{\"\":null}]",
            "12.5e-3",
            "null",
        ] {
            for after in [",1", "]", " ]", "\n,{\"a\":\"b\"}]"] {
                let text = format!("{value}{after}");
                let mut parsed =
                    serde_json::Deserializer::from_str(&text).into_iter::<serde::de::IgnoredAny>();
                parsed.next().unwrap().unwrap();
                for length in 1..=text.len() {
                    let end = scan(text.as_bytes(), length);
                    assert_eq!(end, Some(parsed.byte_offset()), "{text} in {length}");
                }
            }
            if value.ends_with(['"', ']', '}']) {
                for end in 1..value.len() {
                    assert!(
                        (1..=end).all(|length| scan(&value.as_bytes()[..end], length).is_none())
                    );
                }
            }
        }
    }

    #[test]
    fn quotes_are_found_at_every_index() {
        for length in 0..70 {
            for other in [b' ', b'!', b'#', 0x00, 0x80, 0xa2, 0xff] {
                let mut bytes = vec![other; length];
                assert_eq!(find_quote(&bytes), None);
                for index in (0..length).rev() {
                    bytes[index] = QUOTE;
                    assert_eq!(find_quote(&bytes), Some(index));
                }
            }
        }
    }

    #[test]
    fn depth_is_limited_and_counted() {
        let mut scanner = Scanner::new(2);
        scanner.start(b'[');
        assert_eq!(scanner.scan(b"[{},{\"[\":[["), Scanned::TooDeep(10));
        assert_eq!(scanner.scan(b"[{}]"), Scanned::All);
        assert_eq!(scanner.scan(b"]}], 1"), Scanned::End(3));
        assert_eq!(scanner.closing.capacity(), 8);
    }

    #[test]
    fn mismatched_brackets_are_found() {
        let mut scanner = Scanner::new(9);
        for (text, length) in [("[}", 2), ("{\"a\":[1}]", 8), ("{]", 2)] {
            scanner.start(text.as_bytes()[0]);
            assert_eq!(scanner.scan(text.as_bytes()), Scanned::Mismatch(length));
        }
    }
}
