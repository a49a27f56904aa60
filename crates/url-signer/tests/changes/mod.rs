//! Small changes to signed texts.

/// Returns the text with each character from `start` changed, removed and doubled.
pub(crate) fn changes(text: &str, start: usize) -> impl Iterator<Item = String> {
    text.char_indices()
        .filter(move |(at, _)| *at >= start)
        .flat_map(move |(at, char)| {
            let (before, rest) = text.split_at(at);
            let after = rest.strip_prefix(char).unwrap();
            let other = if char == '0' { '1' } else { '0' };
            [
                format!("{before}{other}{after}"),
                format!("{before}{after}"),
                format!("{before}{char}{char}{after}"),
                format!("{before}{}{after}", char.to_ascii_uppercase()),
            ]
        })
        .filter(move |changed| changed != text)
}
