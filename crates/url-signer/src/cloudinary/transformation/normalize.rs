//! Normalization of expressions with long names and operator symbols, as in the
//! official SDKs.

/// Operator symbols and their names. A symbol precedes its own prefixes.
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

/// Long and short names of operands.
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

/// Returns whether a text is the short name of an operand.
pub(super) fn is_operand(name: &str) -> bool {
    OPERANDS.iter().any(|(_, short)| *short == name)
}

/// Replaces the operator symbols, long names and spaces of an expression.
pub(super) fn normalize(expression: &str) -> String {
    if is_quoted(expression) {
        return expression.to_owned();
    }
    let mut normalized = String::with_capacity(expression.len());
    let mut rest = expression;
    let mut previous = None;
    while let Some(first) = rest.chars().next() {
        let (length, replacement) = operator(rest)
            .or_else(|| variable(rest))
            .or_else(|| operand(rest, previous))
            .unwrap_or((first.len_utf8(), None));
        let Some((taken, after)) = rest.split_at_checked(length) else {
            break;
        };
        normalized.push_str(replacement.unwrap_or(taken));
        previous = taken.chars().next_back();
        rest = after;
    }
    merge_separators(&normalized)
}

/// Returns whether a text begins and ends like a string, `!…!`.
fn is_quoted(text: &str) -> bool {
    text.len() > 2 && text.starts_with('!') && text.ends_with('!') && !text.contains('\n')
}

/// The number of matched bytes and their replacement. `None` keeps them.
type Match = Option<(usize, Option<&'static str>)>;

/// Matches an operator symbol that is followed by a space or `_`.
fn operator(text: &str) -> Match {
    OPERATORS.iter().find_map(|(symbol, operator)| {
        let after = text.strip_prefix(symbol)?;
        after
            .starts_with([' ', '_'])
            .then_some((symbol.len(), Some(*operator)))
    })
}

/// Matches a variable, whose name stays unchanged.
fn variable(text: &str) -> Match {
    let name = text.strip_prefix('$')?.trim_start_matches('_');
    let after = name.trim_start_matches(|char| !matches!(char, ' ' | '_'));
    (after.len() < name.len()).then_some((text.len() - after.len(), None))
}

/// Matches a long name that does not follow `$` or `:`.
fn operand(text: &str, previous: Option<char>) -> Match {
    if matches!(previous, Some('$' | ':')) {
        return None;
    }
    let (long, short) = OPERANDS.iter().find(|(long, _)| text.starts_with(long))?;
    Some((long.len(), Some(short)))
}

/// Replaces repeated spaces and `_` by one `_`.
fn merge_separators(text: &str) -> String {
    let mut merged = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            ' ' | '_' if merged.ends_with('_') => {}
            ' ' | '_' => merged.push('_'),
            _ => merged.push(char),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalized_expressions_stay_unchanged() {
        for text in [
            "w_gt_100_and_ar_lte_1.5",
            "$foo_mul_2",
            "!a_width!",
            "!my tag! = !x!",
        ] {
            assert_eq!(normalize(text), text);
        }
    }

    #[test]
    fn long_names_are_shortened_except_in_variables() {
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
            assert_eq!(normalize(text), expected);
        }
    }
}
