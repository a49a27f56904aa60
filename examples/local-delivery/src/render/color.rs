use image::Rgba;

/// Parses a colour of a transformation: `rgb:` with 3, 4, 6 or 8 hexadecimal digits, or a
/// CSS colour name.
pub(super) fn parse(text: &str) -> Option<Rgba<u8>> {
    let is_hexadecimal = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let css = match text.strip_prefix("rgb:") {
        Some(digits) if is_hexadecimal(digits) => format!("#{digits}"),
        // The parser accepts hexadecimal digits without `#` as well. No name consists of
        // the letters from `a` to `f`.
        None if !is_hexadecimal(text) && text.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
            text.to_ascii_lowercase()
        }
        _ => return None,
    };
    csscolorparser::parse(&css)
        .ok()
        .map(|color| Rgba(color.to_rgba8()))
}

#[cfg(test)]
mod tests {
    use super::parse;

    /// Values of CSS Color Module Level 4, section 6.1.
    #[test]
    fn names_and_digits_are_colors() {
        for (text, expected) in [
            ("white", Some([255, 255, 255, 255])),
            ("rebeccapurple", Some([0x66, 0x33, 0x99, 255])),
            ("LightGoldenrodYellow", Some([0xfa, 0xfa, 0xd2, 255])),
            ("transparent", Some([0, 0, 0, 0])),
            ("rgb:0f8", Some([0, 255, 0x88, 255])),
            ("rgb:0f84", Some([0, 255, 0x88, 0x44])),
            ("rgb:102030", Some([0x10, 0x20, 0x30, 255])),
            ("rgb:10203040", Some([0x10, 0x20, 0x30, 0x40])),
            ("rgb:10203", None),
            ("rgb:", None),
            ("rgb:ggg", None),
            ("abc", None),
            ("abcdef", None),
            ("auto", None),
            ("", None),
            ("hsl(1)", None),
        ] {
            assert_eq!(parse(text).map(|color| color.0), expected, "{text}");
        }
    }
}
