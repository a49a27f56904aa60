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

/// Returns whether a segment reads as a transformation step: parameters with values,
/// joined with `,`.
pub(crate) fn is_step(segment: &str) -> bool {
    is_step_bytes(segment.as_bytes())
}

/// [`is_step`] for bytes.
pub(crate) fn is_step_bytes(segment: &[u8]) -> bool {
    let mut has_parameter = false;
    for parameter in segment.split(|byte| *byte == b',') {
        if parameter.is_empty() {
            continue;
        }
        has_parameter = true;
        let mut name_and_value = parameter.splitn(2, |byte| *byte == b'_');
        let (Some(name), Some([_, ..])) = (name_and_value.next(), name_and_value.next()) else {
            return false;
        };
        if !(name.starts_with(b"$") || is_parameter(name)) {
            return false;
        }
    }
    has_parameter
}

/// Returns whether a name is a transformation parameter of Cloudinary.
const fn is_parameter(name: &[u8]) -> bool {
    matches!(
        name,
        b"a" | b"ac"
            | b"af"
            | b"ar"
            | b"b"
            | b"bo"
            | b"br"
            | b"c"
            | b"co"
            | b"cs"
            | b"d"
            | b"dl"
            | b"dn"
            | b"dpr"
            | b"du"
            | b"e"
            | b"eo"
            | b"f"
            | b"fl"
            | b"fn"
            | b"fps"
            | b"g"
            | b"h"
            | b"if"
            | b"ki"
            | b"l"
            | b"o"
            | b"p"
            | b"pg"
            | b"q"
            | b"r"
            | b"so"
            | b"sp"
            | b"t"
            | b"u"
            | b"vc"
            | b"vs"
            | b"w"
            | b"x"
            | b"y"
            | b"z"
    )
}
