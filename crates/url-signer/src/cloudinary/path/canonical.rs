//! The canonical form of a path: the only spelling of its decoded text.
//!
//! Some SDKs sign the decoded path, or a part of it. Different paths can decode to the
//! same text (`%2520`, `%20` and a space), so a signature over decoded text is accepted
//! or created only for the canonical spelling. Otherwise, anybody could respell a signed
//! path as another one.

use std::borrow::Cow;

use percent_encoding::percent_decode;

use super::grammar::{is_path_char, is_step};
use super::percent_encoding::is_encoded;

/// The SDKs decode at most this many times.
const MAX_ROUNDS: usize = 10;

/// Decodes a text until no percent-encoding is left.
pub(crate) fn decode_fully(text: &str) -> Cow<'_, [u8]> {
    let mut bytes = Cow::Borrowed(text.as_bytes());
    for _ in 0..MAX_ROUNDS {
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

/// Returns whether transformation steps and a source are the only spelling of their
/// decoded text.
pub(crate) fn is_canonical(steps: &str, source: &str) -> bool {
    let has_text = has_text_layer(steps);
    steps
        .split('/')
        .all(|step| is_canonical_step(step) && (!has_text || is_step(step)))
        && is_canonical_source(steps, source)
}

/// Returns whether a source after these transformation steps is the only spelling of the
/// text that is signed if only the source is decoded.
///
/// The steps may be spelled in any way, because they are signed as they are. Two spellings
/// are excluded: the steps `e_a:100%` and `e_a:é` would be the decoded form of `e_a:100%25`
/// and `e_a:%C3%A9`.
pub(crate) fn is_raw_canonical(steps: &str, source: &str) -> bool {
    let mut after_percent = steps.as_bytes().split(|byte| *byte == b'%').skip(1);
    steps.chars().all(is_path_char)
        && after_percent.all(starts_with_hex_pair)
        && (!has_text_layer(steps) || steps.split('/').all(is_step))
        && is_canonical_source(steps, source)
}

fn is_canonical_source(steps: &str, source: &str) -> bool {
    let mut segments = source.rsplit('/');
    segments.next().is_none_or(is_canonical_name)
        && segments.all(is_canonical_folder)
        && !is_comma_of_text(steps, source)
}

/// Returns whether a path is canonical for every place at which its steps may end.
pub(crate) fn is_canonical_path(path: &str) -> bool {
    let has_text = has_text_layer(path);
    let mut segments = path.rsplit('/');
    segments.next().is_none_or(is_canonical_name)
        && segments
            .skip_while(|folder| is_canonical_folder(folder))
            .all(|step| is_canonical_step(step) && (!has_text || is_step(step)))
        && !is_comma_of_text("", path)
}

/// Characters that a step may contain unencoded must not be encoded. In the text
/// of a layer, commas and slashes are encoded twice.
fn is_canonical_step(step: &str) -> bool {
    let is_text =
        has_text_layer(step) && !is_ambiguous(&String::from_utf8_lossy(&decode_fully(step)));
    step.chars().all(is_path_char)
        && encoded_bytes(step).all(|(byte, rest)| match byte {
            b'%' if starts_with_hex_pair(rest) => {
                is_text && matches!(rest, [b'2', b'C' | b'F', ..])
            }
            b'%' => true,
            _ => !is_path_char(char::from(byte)),
        })
}

/// Returns whether the commas and slashes of a decoded step could end parameters, steps
/// and folders. Such a comma is followed by a parameter: in a path with a text layer, all
/// steps are known, and folders have [no comma](is_comma_of_text).
fn is_ambiguous(decoded: &str) -> bool {
    decoded
        .split('/')
        .all(|segment| is_step(segment) || !segment.contains(','))
}

/// Returns whether an encoded comma in a folder could be text of a layer: the step
/// `l_text:Arial_50:a%252Fb%252C%20c` and the folder `b%2C%20c` decode to the same text.
fn is_comma_of_text(steps: &str, source: &str) -> bool {
    let folders = source.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders.contains("%2C") && (has_text_layer(steps) || has_text_layer(folders))
}

/// Each byte of a source that must be encoded is encoded, exactly once.
fn is_canonical_name(segment: &str) -> bool {
    segment
        .bytes()
        .all(|byte| byte == b'%' || !is_encoded(byte))
        && encoded_bytes(segment)
            .all(|(byte, rest)| is_encoded(byte) && (byte != b'%' || !starts_with_hex_pair(rest)))
}

/// A folder that decodes to a step could have been signed as a step.
fn is_canonical_folder(folder: &str) -> bool {
    let may_be_step =
        || has_text_layer(folder) || is_step(&String::from_utf8_lossy(&decode_fully(folder)));
    is_canonical_name(folder)
        && (encoded_bytes(folder).all(|(byte, _)| !is_path_char(char::from(byte)))
            || !may_be_step())
}

/// Returns whether one of the steps has a text layer.
fn has_text_layer(steps: &str) -> bool {
    steps
        .split(['/', ','])
        .any(|parameter| parameter.starts_with("l_text:") || parameter.starts_with("u_text:"))
}

fn starts_with_hex_pair(text: &[u8]) -> bool {
    matches!(text, [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

/// Iterates over the percent-encoded bytes of a segment, each with the text after
/// it. Lower-case digits and a lone `%` are not canonical: they yield a letter,
/// which is never encoded.
fn encoded_bytes(segment: &str) -> impl Iterator<Item = (u8, &[u8])> {
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
    fn decodes_until_nothing_is_left() {
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
            assert_eq!(decode_fully(text), decoded.as_bytes(), "{text}");
        }
        assert_eq!(*decode_fully("%FF%C3"), [0xff, 0xc3]);
        // At most ten times.
        let deep = format!("%{}41", "25".repeat(10));
        assert_eq!(*decode_fully(&deep), *b"%41");
    }

    #[test]
    fn steps_before_a_raw_source_are_percent_encoded() {
        for (steps, source) in [
            ("", "a%20b"),
            ("l_text:Arial_50:a%2541", "a%20b"),
            ("l_text:Arial_50:a%252Cw_1/w_1,h_2", "%C3%A9/100%25"),
            ("w_1,h%5f2", "%C3%A9/100%25"),
            ("w_1%2Ch_2", "a_b%20c/x"),
        ] {
            assert!(is_raw_canonical(steps, source), "{steps} {source}");
        }
        for (steps, source) in [
            ("", "a%2520b"),
            ("", "w_1%2Ch_2/a%20b"),
            ("", "a%2Fb"),
            ("", "é"),
            ("e_a:100%", "a%20b"),
            ("e_a:100%/w_1", "a%20b"),
            ("e_a:1%2,w_1", "a%20b"),
            ("e_a:%zz", "a%20b"),
            ("e_a:é", "a%20b"),
        ] {
            assert!(!is_raw_canonical(steps, source), "{steps} {source}");
        }
    }

    #[test]
    fn one_spelling_is_canonical() {
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
            ("l_text:Arial_50:a%252Fb%252C%20c", "x"),
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
            ("l_text:Arial_50:a", "b%2Cw_1/x"),
            ("w_1,u_text:Arial_50:a/w_1", "b%2C%20c/x"),
            ("", "l_text:Arial_50:a/b%2C%20c/x"),
            ("l_text:Arial_50:Hello%20World,%20", "Nice%20day/x"),
            ("l_text:Arial_50:a/b,c", "x"),
            ("l_text:Arial_50:a%252Cw_1%252Fb", "x"),
            ("é%20", "x"),
        ] {
            assert!(!is_canonical(steps, source), "{steps} {source}");
            let path = [steps, source].join("/");
            let path = path.trim_start_matches('/');
            assert!(!is_canonical_path(path), "{path}");
        }
        // A known folder is not a step, and a known step is not a folder.
        assert!(!is_canonical("", "x,y%20z/p"));
        assert!(!is_canonical("l_text:Arial_50:a%2Cb", "x"));
        assert!(!is_canonical_path("l_text:Arial_50:a%2Cb/x"));
    }
}
