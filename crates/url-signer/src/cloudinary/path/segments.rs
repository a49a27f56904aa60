//! What is done to slashes in a source and in a transformation alike.

use std::borrow::Cow;

/// Runs of `/` made one, except after `:`, where two stand as in `http://`.
pub(crate) fn collapsed(text: &str) -> Cow<'_, str> {
    if !text.contains("//") {
        return Cow::Borrowed(text);
    }
    let mut collapsed = String::with_capacity(text.len());
    let mut left_of_run = 1;
    for char in text.chars() {
        if char == '/' {
            if left_of_run == 0 {
                continue;
            }
            left_of_run -= 1;
        } else {
            left_of_run = if char == ':' { 2 } else { 1 };
        }
        collapsed.push(char);
    }
    Cow::Owned(collapsed)
}

/// A path's first segment, and what is after its `/`. Segments are short, which
/// the standard library's search is slow to begin with.
pub(crate) fn split_segment(path: &str) -> Option<(&str, &str)> {
    let end = path.bytes().position(|byte| byte == b'/')?;
    path.get(..end).zip(path.get(end + 1..))
}

/// Why a path, once collapsed, would lead elsewhere than it says.
pub(crate) fn misleading_segment(path: &str) -> Option<&'static str> {
    if path.starts_with('/') {
        return Some("it begins with `/`");
    }
    if path.ends_with('/') {
        return Some("it ends with `/`");
    }
    has_dot_segment(path)
}

/// Why a path that may begin or end with `/` would lead elsewhere.
pub(crate) fn has_dot_segment(path: &str) -> Option<&'static str> {
    let path = path.as_bytes();
    let may_begin = |byte: &u8| matches!(byte, b'.' | b'%');
    // Without a way out of the loop, so that it takes many bytes at once; and
    // seldom is there anything to look at closer.
    let found = path.iter().zip(path.iter().skip(1)).fold(
        path.first().is_some_and(may_begin),
        |found, (before, byte)| found | (*before == b'/') & may_begin(byte),
    );
    (found && path.split(|byte| *byte == b'/').any(is_dot_segment))
        .then_some("it has a segment `.` or `..`")
}

/// Whether clients resolve a segment away before they send a request, which
/// they also do where its dots are escaped.
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
    fn runs_become_one_except_after_a_colon() {
        for (text, expected) in [
            ("a/b", "a/b"),
            ("a//b", "a/b"),
            ("deep//double///slash", "deep/double/slash"),
            ("http://a//b", "http://a/b"),
            ("l_fetch:http:////a", "l_fetch:http://a"),
            ("", ""),
        ] {
            assert_eq!(collapsed(text), expected);
        }
    }

    #[test]
    fn dots_are_dots_also_when_they_are_escaped() {
        for path in [".", "..", "a/%2e%2E/b", "a/.%2e", "%2e/b", "a/.."] {
            assert_eq!(
                misleading_segment(path),
                Some("it has a segment `.` or `..`")
            );
        }
        for path in ["...", "a.", ".a", "%2e%2e%2e", "a/%2ea/b", "%252e"] {
            assert_eq!(misleading_segment(path), None);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn dots_are_found_in_any_segment_and_nowhere_else(path in "[./%2eEa]{0,120}") {
            let found = path.split('/').any(|segment| is_dot_segment(segment.as_bytes()));
            prop_assert_eq!(has_dot_segment(&path).is_some(), found);
        }
    }
}
