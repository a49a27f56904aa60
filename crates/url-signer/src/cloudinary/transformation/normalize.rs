//! Expressions in words and signs, as the official SDKs shorten them.

/// Signs and the operators that they stand for; of two that begin alike, the
/// longer one first.
const OPERATORS: &[(&str, &str)] = &[
    ("||", "or"),
    (">=", "gte"),
    ("<=", "lte"),
    ("&&", "and"),
    ("!=", "ne"),
    (">", "gt"),
    ("=", "eq"),
    ("<", "lt"),
    ("/", "div"),
    ("-", "sub"),
    ("+", "add"),
    ("*", "mul"),
    ("^", "pow"),
];

/// Long names of operands, and the short ones.
const OPERANDS: &[(&str, &str)] = &[
    ("aspect_ratio", "ar"),
    ("aspectRatio", "ar"),
    ("context", "ctx"),
    ("current_page", "cp"),
    ("currentPage", "cp"),
    ("duration", "du"),
    ("face_count", "fc"),
    ("faceCount", "fc"),
    ("height", "h"),
    ("illustration_score", "ils"),
    ("illustrationScore", "ils"),
    ("initial_aspect_ratio", "iar"),
    ("initialAspectRatio", "iar"),
    ("initial_duration", "idu"),
    ("initialDuration", "idu"),
    ("initial_height", "ih"),
    ("initialHeight", "ih"),
    ("initial_width", "iw"),
    ("initialWidth", "iw"),
    ("page_count", "pc"),
    ("pageCount", "pc"),
    ("page_x", "px"),
    ("pageX", "px"),
    ("page_y", "py"),
    ("pageY", "py"),
    ("tags", "tags"),
    ("trimmed_aspect_ratio", "tar"),
    ("trimmedAspectRatio", "tar"),
    ("width", "w"),
];

/// The expression with its signs, long names and spaces replaced.
pub(super) fn normalized(expression: &str) -> String {
    if is_quoted(expression) {
        return expression.to_owned();
    }
    let mut written = String::with_capacity(expression.len());
    let mut rest = expression;
    let mut before = None;
    while let Some(first) = rest.chars().next() {
        let (taken, replacement) = operator(rest)
            .or_else(|| variable(rest))
            .or_else(|| operand(rest, before))
            .unwrap_or((first.len_utf8(), None));
        let Some((taken, after)) = rest.split_at_checked(taken) else {
            break;
        };
        written.push_str(replacement.unwrap_or(taken));
        before = taken.chars().next_back();
        rest = after;
    }
    with_single_separators(&written)
}

/// Whether a text is one string; what is between is not looked at.
fn is_quoted(text: &str) -> bool {
    text.len() > 2 && text.starts_with('!') && text.ends_with('!') && !text.contains('\n')
}

/// How many bytes are replaced, and by what; by themselves if `None`.
type Taken = Option<(usize, Option<&'static str>)>;

/// A sign before a space or `_`.
fn operator(text: &str) -> Taken {
    OPERATORS.iter().find_map(|(sign, operator)| {
        let after = text.strip_prefix(sign)?;
        after
            .starts_with([' ', '_'])
            .then_some((sign.len(), Some(*operator)))
    })
}

/// A variable that somebody named, in whose name nothing is replaced.
fn variable(text: &str) -> Taken {
    let name = text.strip_prefix('$')?.trim_start_matches('_');
    let after = name.trim_start_matches(|char| !matches!(char, ' ' | '_'));
    (after.len() < name.len()).then_some((text.len() - after.len(), None))
}

/// A long name, wherever it stands but after `$` and `:`.
fn operand(text: &str, before: Option<char>) -> Taken {
    if matches!(before, Some('$' | ':')) {
        return None;
    }
    let (long, short) = OPERANDS.iter().find(|(long, _)| text.starts_with(long))?;
    Some((long.len(), Some(short)))
}

/// Runs of spaces and `_` made one `_`.
fn with_single_separators(text: &str) -> String {
    let mut single = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            ' ' | '_' if single.ends_with('_') => {}
            ' ' | '_' => single.push('_'),
            _ => single.push(char),
        }
    }
    single
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_that_is_normalized_already_stays() {
        for text in [
            "w_gt_100_and_ar_lte_1.5",
            "$foo_mul_2",
            "!a_width!",
            "!my tag! = !x!",
        ] {
            assert_eq!(normalized(text), text);
        }
    }

    #[test]
    fn names_are_shortened_within_words_but_not_within_variables() {
        for (text, expected) in [
            ("widths", "ws"),
            ("my_width", "my_w"),
            ("$width", "$width"),
            ("$my_width", "$my_w"),
            ("$__width + 1", "$_width_add_1"),
            ("ctx:width", "ctx:width"),
            ("initial_width", "iw"),
            ("trimmedAspectRatio", "tar"),
        ] {
            assert_eq!(normalized(text), expected);
        }
    }
}
