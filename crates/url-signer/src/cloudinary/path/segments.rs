//! Segments of a path: runs of slashes, and dot segments.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::grammar::is_version;

/// Collapses runs of `/` into one. After `:`, two remain, as in `http://`.
pub(crate) fn collapse_slashes(text: &str) -> Cow<'_, str> {
    if !text.contains("//") {
        return Cow::Borrowed(text);
    }
    let mut collapsed = String::with_capacity(text.len());
    let mut allowed_slashes = 1;
    for char in text.chars() {
        if char == '/' {
            if allowed_slashes == 0 {
                continue;
            }
            allowed_slashes -= 1;
        } else {
            allowed_slashes = if char == ':' { 2 } else { 1 };
        }
        collapsed.push(char);
    }
    Cow::Owned(collapsed)
}

/// Splits off the first segment. Segments are short: a simple loop is faster than
/// `str::split_once`, which prepares a search.
pub(crate) fn split_segment(path: &str) -> Option<(&str, &str)> {
    let end = path.bytes().position(|byte| byte == b'/')?;
    path.get(..end).zip(path.get(end + 1..))
}

/// Returns the first folder of a public id that is named like a version, `v` and digits,
/// and its byte position. The public id may be percent-encoded.
pub(crate) fn version_folder(public_id: &str) -> Option<(usize, Cow<'_, str>)> {
    let bytes = public_id.as_bytes();
    let mut start = 0;
    for (end, byte) in bytes.iter().enumerate() {
        let length = match (byte, bytes.get(end + 1..end + 3)) {
            (b'/', _) => 1,
            (b'%', Some([b'2', b'F' | b'f'])) => 3,
            _ => continue,
        };
        if matches!(bytes.get(start), Some(b'v' | b'%')) {
            let folder = percent_decode_str(public_id.get(start..end)?).decode_utf8_lossy();
            if is_version(&folder) {
                return Some((start, folder));
            }
        }
        start = end + length;
    }
    None
}

/// Returns why a path would resolve to another path, if it would.
pub(crate) fn misleading_segment(path: &str) -> Option<&'static str> {
    if path.starts_with('/') {
        return Some("unexpected `/` at the start");
    }
    if path.ends_with('/') {
        return Some("unexpected `/` at the end");
    }
    dot_segment(path)
}

/// Returns an error text if a path has a dot segment (RFC 3986).
pub(crate) fn dot_segment(path: &str) -> Option<&'static str> {
    let path = path.as_bytes();
    let may_start = |byte: &u8| matches!(byte, b'.' | b'%');
    // Without an early exit, the compiler vectorizes this loop. Few paths need
    // the exact check that follows.
    let may_have_one = path.iter().zip(path.iter().skip(1)).fold(
        path.first().is_some_and(may_start),
        |found, (before, byte)| found | (*before == b'/') & may_start(byte),
    );
    (may_have_one && path.split(|byte| *byte == b'/').any(is_dot_segment))
        .then_some("unexpected dot segment (`.` or `..`)")
}

/// Returns whether a segment is `.` or `..`. Clients also resolve percent-encoded dots.
pub(crate) fn is_dot_segment(segment: &[u8]) -> bool {
    let mut dots = 0;
    let mut rest = segment;
    while let [b'.', after @ ..] | [b'%', b'2', b'e' | b'E', after @ ..] = rest {
        dots += 1;
        rest = after;
    }
    rest.is_empty() && (1..=2).contains(&dots)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn collapses_slashes_except_after_a_colon() {
        for (text, expected) in [
            ("a/b", "a/b"),
            ("a//b", "a/b"),
            ("deep//double///slash", "deep/double/slash"),
            ("http://a//b", "http://a/b"),
            ("l_fetch:http:////a", "l_fetch:http://a"),
            ("", ""),
        ] {
            assert_eq!(collapse_slashes(text), expected);
        }
    }

    #[test]
    fn version_folders_are_found_by_position() {
        for (public_id, found) in [
            ("v1/foo", Some((0, "v1"))),
            ("a/v012/foo", Some((2, "v012"))),
            ("a//v1//foo", Some((3, "v1"))),
            ("%761/foo", Some((0, "v1"))),
            ("é/v%31%2Ffoo", Some((3, "v1"))),
            ("a%2fv2%2fb", Some((4, "v2"))),
            ("v1", None),
            ("a/v1", None),
            ("v/a", None),
            ("v1x/a", None),
            ("V1/a", None),
            ("xv1/a", None),
            ("%25761/foo", None),
            ("v１/a", None),
            ("", None),
        ] {
            let folder = version_folder(public_id);
            let folder = folder
                .as_ref()
                .map(|(position, folder)| (*position, &**folder));
            assert_eq!(folder, found, "{public_id}");
        }
    }

    #[test]
    fn encoded_dots_are_dots() {
        for path in [".", "..", "a/%2e%2E/b", "a/.%2e", "%2e/b", "a/.."] {
            assert_eq!(
                misleading_segment(path),
                Some("unexpected dot segment (`.` or `..`)")
            );
        }
        for path in ["...", "a.", ".a", "%2e%2e%2e", "a/%2ea/b", "%252e"] {
            assert_eq!(misleading_segment(path), None);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn dot_segment_agrees_with_a_naive_search(path in "[./%2eEa]{0,120}") {
            let found = path.split('/').any(|segment| is_dot_segment(segment.as_bytes()));
            prop_assert_eq!(dot_segment(&path).is_some(), found);
        }
    }
}
