//! Signatures of paths that were decoded before they were signed.

use std::borrow::Cow;

use percent_encoding::percent_decode;

use crate::cloudinary::path::grammar::{is_path_char, is_step};
use crate::cloudinary::path::percent_encoding::is_escaped;

/// Which text of a path is signed, where the two differ: `%20` or a space.
///
/// The provider accepts both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PathEncoding {
    /// The path as it is printed, which the SDKs for Python, Node and Java sign.
    #[default]
    Encoded,
    /// The path decoded until nothing is left to decode, which the SDKs for
    /// Ruby, Go and PHP sign.
    ///
    /// That is the same text for `%2520`, `%20` and a space. Where it would be
    /// another path's too, the path is signed as it is printed: with a public id
    /// that has an escape even when decoded (`100%2541`), with a comma in a folder
    /// that reads as a step (`w_1,h_2/photo`), and with a comma or slash in the
    /// text of a layer that could end a parameter or a step (`a,w_1`, `a/b`).
    Decoded,
}

impl PathEncoding {
    /// What is signed of a part of a path that begins and ends at a `/`.
    pub(crate) fn of(self, part: &str) -> Cow<'_, [u8]> {
        match self {
            Self::Encoded => Cow::Borrowed(part.as_bytes()),
            Self::Decoded => fully_decoded(part),
        }
    }
}

/// After so many times, the SDKs stop.
const ROUNDS: usize = 10;

/// A text decoded until nothing is left to decode.
pub(crate) fn fully_decoded(text: &str) -> Cow<'_, [u8]> {
    let mut bytes = Cow::Borrowed(text.as_bytes());
    for _ in 0..ROUNDS {
        if !bytes.contains(&b'%') {
            break;
        }
        match Cow::from(percent_decode(&bytes)) {
            Cow::Borrowed(_) => break,
            Cow::Owned(decoded) => bytes = Cow::Owned(decoded),
        }
    }
    bytes
}

/// Whether steps and a source are the one way to write what they decode to.
///
/// Otherwise anybody could escape what is not escaped, or once more what is,
/// and the signature would hold of the decoded text as before.
pub(crate) fn is_canonical(steps: &str, source: &str) -> bool {
    let mut names = source.rsplit('/');
    steps.split('/').all(is_only_step)
        && names.next().is_none_or(is_only_name)
        && names.all(is_only_folder)
}

/// The same of a path of which it can't be told where its steps end.
pub(crate) fn is_canonical_path(path: &str) -> bool {
    let mut segments = path.rsplit('/');
    segments.next().is_none_or(is_only_name)
        && segments
            .skip_while(|folder| is_only_folder(folder))
            .all(is_only_step)
}

/// In a step, what can stand there as it is could have been so before. Text of
/// a layer has its commas and slashes escaped twice.
fn is_only_step(step: &str) -> bool {
    let text = has_text(step) && !could_end(&String::from_utf8_lossy(&fully_decoded(step)));
    step.chars().all(is_path_char)
        && escapes(step).all(|(byte, rest)| match byte {
            b'%' if is_hex_pair(rest) => text && matches!(rest, [b'2', b'C' | b'F', ..]),
            b'%' => true,
            _ => !is_path_char(char::from(byte)),
        })
}

/// Whether the commas and slashes in a step, once it is decoded, could be the
/// ends of parameters, steps and folders. A parameter follows such a comma.
fn could_end(decoded: &str) -> bool {
    decoded
        .split('/')
        .all(|segment| is_step(segment) || !segment.contains(','))
}

/// In a source, all is escaped that has to be, and that once.
fn is_only_name(segment: &str) -> bool {
    segment
        .bytes()
        .all(|byte| byte == b'%' || !is_escaped(byte))
        && escapes(segment)
            .all(|(byte, rest)| is_escaped(byte) && (byte != b'%' || !is_hex_pair(rest)))
}

/// A folder that reads as a step when decoded could have been one before.
fn is_only_folder(folder: &str) -> bool {
    let could_be_step =
        || has_text(folder) || is_step(&String::from_utf8_lossy(&fully_decoded(folder)));
    is_only_name(folder)
        && (escapes(folder).all(|(byte, _)| !is_path_char(char::from(byte))) || !could_be_step())
}

/// Whether a segment has a layer of text.
fn has_text(segment: &str) -> bool {
    segment
        .split(',')
        .any(|parameter| parameter.starts_with("l_text:") || parameter.starts_with("u_text:"))
}

fn is_hex_pair(rest: &[u8]) -> bool {
    matches!(rest, [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

/// The byte that each `%XX` of a segment stands for, and what comes after it.
/// One in lower case, and a lone `%`, stand for a byte that is never escaped.
fn escapes(segment: &str) -> impl Iterator<Item = (u8, &[u8])> {
    segment
        .as_bytes()
        .split(|byte| *byte == b'%')
        .scan(segment.as_bytes(), |rest, before| {
            *rest = rest.get(before.len()..)?;
            let after = rest.strip_prefix(b"%")?;
            *rest = after;
            let digit = |byte: u8| match byte {
                b'0'..=b'9' => Some(byte - b'0'),
                b'A'..=b'F' => Some(byte - b'A' + 10),
                _ => None,
            };
            Some(match after {
                [high, low, rest @ ..] => match (digit(*high), digit(*low)) {
                    (Some(high), Some(low)) => (high << 4 | low, rest),
                    _ => (b'a', after),
                },
                _ => (b'a', after),
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_goes_on_until_nothing_is_left() {
        for (text, decoded) in [
            ("a/b", "a/b"),
            ("a%20b", "a b"),
            ("a%2520b", "a b"),
            ("a%252Cb%252Fc", "a,b/c"),
            ("100%25", "100%"),
            ("100%", "100%"),
            ("50%25%20off", "50% off"),
            ("%zz%2", "%zz%2"),
            ("a+b", "a+b"),
        ] {
            assert_eq!(fully_decoded(text), decoded.as_bytes(), "{text}");
        }
        assert_eq!(*fully_decoded("%FF%C3"), [0xff, 0xc3]);
        // Ten times and no more.
        let deep = format!("%{}41", "25".repeat(10));
        assert_eq!(*fully_decoded(&deep), *b"%41");
    }

    #[test]
    fn there_is_one_way_to_write_what_is_decoded() {
        for (steps, source) in [
            ("", "a%20b"),
            ("", "a%2Cb.jpg"),
            ("", "w_1%2C2.jpg"),
            ("", "100%25"),
            ("", "50%25%20off/sale.jpg"),
            ("", "%E6%97%A5/a%2Cb"),
            ("e_gen_fill;prompt_a%20b", "x"),
            ("", "a_b%20c/x"),
            ("l_text:Arial_50:a%252Cb%252Fc,w_1", "x"),
            ("w_1,l_text:Arial_50:a%252C%20b", "x"),
            ("l_text:Arial_50:a%252Fb,w_1", "x"),
            ("u_text:Arial_50:100%20%25", "x"),
            ("zz_1,yy_2", "a%20b"),
            ("no", "escapes"),
        ] {
            assert!(is_canonical(steps, source), "{steps} {source}");
            let path = [steps, source].join("/");
            let path = path.trim_start_matches('/');
            assert!(is_canonical_path(path), "{path}");
        }
        for (steps, source) in [
            ("", "a%2Fb"),
            ("", "a%2fb"),
            ("", "%61"),
            ("", "a%e6b"),
            ("", "a%zz"),
            ("", "a%"),
            ("", "a%2"),
            ("", "a%2520b"),
            ("", "a%252Fb/x"),
            ("", "x/a%252Cb"),
            ("", "a%2E%2E/b"),
            ("", "w_1%2Ch_2/x"),
            ("", "a,b%20c"),
            ("", "é%20b"),
            ("w_1,h%5F2", "x"),
            ("w_1%2Ch_2", "x"),
            ("e_a%252Cb", "x"),
            ("l_text:Arial_50:a%2541", "x"),
            ("l_text:Arial_50:a%252Cw_1", "x"),
            ("l_text:Arial_50:a%252Fb", "x"),
            ("l_text:Arial_50:a%252F%C3%A9", "x"),
            ("l_text:Arial_50:a%252Cw_1%252Fb", "x"),
            ("é%20", "x"),
        ] {
            assert!(!is_canonical(steps, source), "{steps} {source}");
            let path = [steps, source].join("/");
            let path = path.trim_start_matches('/');
            assert!(!is_canonical_path(path), "{path}");
        }
        // What is known to be a folder or a step is not taken for the other.
        assert!(!is_canonical("", "x,y%20z/p"));
        assert!(!is_canonical("l_text:Arial_50:a%2Cb", "x"));
        assert!(!is_canonical_path("l_text:Arial_50:a%2Cb/x"));
    }
}
