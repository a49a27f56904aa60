//! The grammar that building, parsing and verifying share: how to recognize a
//! transformation step, a version and a suffix, and how a path states its types.

/// The form in which a path states the resource type and the delivery type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum TypesLayout {
    /// `image/upload`.
    Full,
    /// `iu`, for `image/upload` only.
    Short,
    /// `images`: one segment for both types, in a URL with a suffix.
    Suffixed,
    /// No segment: `image/upload`, possibly with a suffix.
    Root,
}

/// Returns whether a segment is `v` followed by digits.
pub(crate) fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Returns whether a character is allowed in a URL suffix.
pub(crate) fn is_suffix_char(char: char) -> bool {
    char.is_ascii_alphanumeric() || "-_~!$&'()*+,;=:@".contains(char)
}

/// Returns whether a character is allowed in a path without percent-encoding.
pub(crate) const fn is_path_char(char: char) -> bool {
    char.is_ascii_graphic()
        && !matches!(
            char,
            '"' | '#' | '<' | '>' | '?' | '\\' | '`' | '{' | '|' | '}'
        )
}

/// Returns whether a segment, which has no `/`, reads as a transformation step:
/// parameters with values, joined with `,`.
pub(crate) fn is_step(segment: &str) -> bool {
    after_step(segment.as_bytes()) == Some(&[])
}

/// Returns the rest of a path after its first segment, from the `/`, if the segment reads
/// as a transformation step.
pub(crate) fn after_step(path: &[u8]) -> Option<&[u8]> {
    let mut has_parameter = false;
    let mut rest = path;
    loop {
        rest = match rest {
            [] | [b'/', ..] => return has_parameter.then_some(rest),
            [b',', after @ ..] => after,
            _ => {
                has_parameter = true;
                after_parameter(rest)?
            }
        };
    }
}

/// Returns the rest of a step after its first parameter, which is a variable or a
/// transformation parameter of Cloudinary, `_` and a value.
fn after_parameter(step: &[u8]) -> Option<&[u8]> {
    // Names are short: matching the first bytes is faster than a search for `_`.
    let value = match step {
        [b'$', name @ ..] => {
            let end = name
                .iter()
                .position(|byte| matches!(byte, b'_' | b',' | b'/'))?;
            name.get(end..)?.strip_prefix(b"_")?
        }
        [name, b'_', value @ ..] if is_short_name(*name) => value,
        [first, second, b'_', value @ ..] if is_long_name([*first, *second]) => value,
        [b'd', b'p', b'r', b'_', value @ ..] | [b'f', b'p', b's', b'_', value @ ..] => value,
        _ => return None,
    };
    let end = value.iter().position(|byte| matches!(byte, b',' | b'/'));
    let (value, after) = value.split_at(end.unwrap_or(value.len()));
    (!value.is_empty()).then_some(after)
}

/// Returns whether a name is that of a variable or of a transformation parameter of
/// Cloudinary.
pub(crate) fn is_parameter_name(name: &str) -> bool {
    match name.as_bytes() {
        [b'$', ..] | b"dpr" | b"fps" => true,
        [name] => is_short_name(*name),
        [first, second] => is_long_name([*first, *second]),
        _ => false,
    }
}

/// Returns whether a transformation parameter of Cloudinary has a name of one letter.
const fn is_short_name(name: u8) -> bool {
    matches!(name, b'a'..=b'h' | b'l' | b'o'..=b'r' | b't' | b'u' | b'w'..=b'z')
}

/// Returns whether a transformation parameter of Cloudinary has a name of two letters.
const fn is_long_name(name: [u8; 2]) -> bool {
    matches!(
        &name,
        b"ac"
            | b"af"
            | b"ar"
            | b"bo"
            | b"br"
            | b"co"
            | b"cs"
            | b"dl"
            | b"dn"
            | b"du"
            | b"eo"
            | b"fl"
            | b"fn"
            | b"if"
            | b"ki"
            | b"pg"
            | b"so"
            | b"sp"
            | b"vc"
            | b"vs"
    )
}
