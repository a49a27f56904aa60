//! Empty parameters: `w_1,,h_2`, or a `,` at the start or the end of a step.

/// Returns the byte position of the first empty parameter of the steps.
///
/// A percent-encoded `,` or `/` separates like the decoded character. A run of `/`
/// contains no parameters: it is shortened, or belongs to a URL.
pub(crate) fn empty_parameter(steps: &str) -> Option<usize> {
    let bytes = steps.as_bytes();
    // The start of the current parameter, and whether a `,` precedes it in its step.
    let (mut start, mut follows_comma) = (0, false);
    let mut position = 0;
    while let Some(rest) = bytes.get(position..).filter(|rest| !rest.is_empty()) {
        let (separator, length) = separator(rest);
        if let Some(separator) = separator {
            let is_empty = start == position;
            if is_empty && (follows_comma || separator == Separator::Comma) {
                return Some(position);
            }
            start = position + length;
            follows_comma = separator == Separator::Comma;
        }
        position += length;
    }
    (follows_comma && start == position).then_some(position)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    Comma,
    Slash,
}

/// Returns the separator at the start of a text, and its length.
const fn separator(text: &[u8]) -> (Option<Separator>, usize) {
    match text {
        [b',', ..] => (Some(Separator::Comma), 1),
        [b'/', ..] => (Some(Separator::Slash), 1),
        [b'%', b'2', b'C' | b'c', ..] => (Some(Separator::Comma), 3),
        [b'%', b'2', b'F' | b'f', ..] => (Some(Separator::Slash), 3),
        _ => (None, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_empty_parameter_is_found() {
        for (steps, position) in [
            ("l_banana,/fl_layer_apply", 9),
            ("c_fill,,w_100", 7),
            (",w_1", 0),
            ("w_1,", 4),
            (",", 0),
            (",,", 0),
            ("a_1/,", 4),
            ("a_1/,w_1/b", 4),
            ("a_1//w_1,", 9),
            ("w_1%2C,h_2", 6),
            ("w_1,%2ch_2", 4),
            ("w_1,%2Fh_2", 4),
            ("w_1%2C", 6),
            ("l_text:Arial_20:a%2C/x_1", 20),
            ("l_x:http://a,,b", 13),
        ] {
            assert_eq!(empty_parameter(steps), Some(position), "{steps}");
        }
    }

    #[test]
    fn other_texts_have_no_empty_parameter() {
        for steps in [
            "",
            "w_1",
            "w_1,h_2/a_3",
            "l_x:http://b,a/y_1",
            "l_text:Arial_20:%252C%252C,w_1",
            "l_text:Arial_20:a%252C",
            "w_1%2Ch_2",
            "w_1%20,h_2",
        ] {
            assert_eq!(empty_parameter(steps), None, "{steps}");
        }
    }
}
