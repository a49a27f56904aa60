//! The JSON formatter of each wire style, for the serializer of `serde_json`.

use std::io::{self, Write};

use serde_json::ser::Formatter;

use crate::direct::escape::may_need_escape;
use crate::wire_style::WireStyle;

/// Formats JSON in a style, on one line or indented.
#[derive(Clone, Copy)]
pub(crate) struct WireFormatter {
    style: WireStyle,
    /// Levels of indentation; `None` on one line.
    depth: Option<usize>,
    has_value: bool,
}

impl WireFormatter {
    pub(crate) const fn new(style: WireStyle, pretty: bool) -> Self {
        Self {
            style,
            depth: if pretty { Some(0) } else { None },
            has_value: false,
        }
    }

    pub(crate) const fn style(&self) -> WireStyle {
        self.style
    }

    #[cfg(feature = "stream")]
    pub(crate) const fn set_style(&mut self, style: WireStyle) {
        self.style = style;
    }

    pub(crate) const fn is_pretty(&self) -> bool {
        self.depth.is_some()
    }

    fn begin<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth = self.depth.map(|depth| depth + 1);
        self.has_value = false;
        writer.write_all(bracket)
    }

    fn end<W: ?Sized + Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth = self.depth.map(|depth| depth - 1);
        if self.has_value {
            self.new_line(writer)?;
        }
        writer.write_all(bracket)
    }

    fn begin_entry<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        self.new_line(writer)
    }

    fn new_line<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if let Some(depth) = self.depth {
            writer.write_all(b"\n")?;
            for _ in 0..depth {
                writer.write_all(b"  ")?;
            }
        }
        Ok(())
    }
}

impl Formatter for WireFormatter {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        match self.style {
            WireStyle::Rails => write_rails_fragment(writer, fragment),
            WireStyle::Plain => writer.write_all(fragment.as_bytes()),
        }
    }

    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        // The four crop values of most images. The bits of `-0.0` differ.
        if value.to_bits() == 0 {
            return writer.write_all(b"0.0");
        }
        match self.style {
            WireStyle::Rails => write_rails_float(writer, value),
            WireStyle::Plain => serde_json::ser::CompactFormatter.write_f64(writer, value),
        }
    }

    // Called if a dependency enables the feature `arbitrary_precision` of
    // `serde_json`. A number is then the text that was parsed.
    fn write_number_str<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        value: &str,
    ) -> io::Result<()> {
        let is_float = value.contains(['.', 'e', 'E']);
        match (self.style, value.parse::<f64>()) {
            (WireStyle::Rails, Ok(float)) if is_float && float.is_finite() => {
                write_rails_float(writer, float)
            }
            _ => writer.write_all(value.as_bytes()),
        }
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.begin_entry(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.begin_entry(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(if self.depth.is_some() { b": " } else { b":" })
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
}

/// Characters that Rails escapes and `serde_json` does not.
const ESCAPED: [char; 5] = ['&', '<', '>', '\u{2028}', '\u{2029}'];

/// Bytes that are tested together.
const BLOCK: usize = 32;

fn write_rails_fragment<W: ?Sized + Write>(writer: &mut W, fragment: &str) -> io::Result<()> {
    if !may_need_escape(fragment.as_bytes()) {
        return writer.write_all(fragment.as_bytes());
    }
    let mut written = 0;
    for (block, bytes) in fragment.as_bytes().chunks(BLOCK).enumerate() {
        // No early exit, so that the compiler vectorizes the loop.
        if !bytes
            .iter()
            .fold(false, |any, byte| any | may_be_escaped(*byte))
        {
            continue;
        }
        let suspects = bytes
            .iter()
            .zip(block * BLOCK..)
            .filter(|(byte, _)| may_be_escaped(**byte));
        for (_, at) in suspects {
            let char = fragment.get(at..).and_then(|rest| rest.chars().next());
            let (Some(char), Some(plain)) = (char, fragment.get(written..at)) else {
                continue;
            };
            if ESCAPED.contains(&char) {
                writer.write_all(plain.as_bytes())?;
                write!(writer, "\\u{:04x}", u32::from(char))?;
                written = at + char.len_utf8();
            }
        }
    }
    writer.write_all(fragment.get(written..).unwrap_or_default().as_bytes())
}

/// Returns whether a byte may begin an escaped character. U+2028, U+2029 and
/// other characters begin with 0xE2.
const fn may_be_escaped(byte: u8) -> bool {
    matches!(byte, b'&' | b'<' | b'>' | 0xe2)
}

/// Writes a float as Ruby does.
///
/// Magnitudes from 1e-4 to 1e15 have fixed notation, all others `d.de+XX`. Floats
/// with a fraction keep fixed notation up to 1e16.
fn write_rails_float<W: ?Sized + Write>(writer: &mut W, value: f64) -> io::Result<()> {
    let magnitude = value.abs();
    let is_fixed = magnitude == 0.0
        || (1e-4..1e15).contains(&magnitude)
        || (1e15..1e16).contains(&magnitude) && magnitude.fract() != 0.0;
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(value);
    if is_fixed {
        return writer.write_all(text.as_bytes());
    }

    let sign = if value < 0.0 { "-" } else { "" };
    let text = text.strip_prefix('-').unwrap_or(text);
    let (number, power) = text.split_once('e').unwrap_or((text, "0"));
    let power: i32 = power.parse().map_err(io::Error::other)?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0');
    // Significant digits before the decimal point; negative below 0.1.
    let point = significant.len().cast_signed() - fraction.len().cast_signed();
    let significant = significant.trim_end_matches('0');
    let (first, rest) = significant.split_at_checked(1).unwrap_or(("0", ""));
    let rest = if rest.is_empty() { "0" } else { rest };
    let exponent = i64::from(power) + point as i64 - 1;
    let exponent_sign = if exponent < 0 { '-' } else { '+' };
    let exponent = exponent.abs();
    write!(writer, "{sign}{first}.{rest}e{exponent_sign}{exponent:02}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;
    use serde_json::{Serializer, Value, json};

    fn format(value: &Value, style: WireStyle, pretty: bool) -> String {
        let mut bytes = Vec::new();
        let formatter = WireFormatter::new(style, pretty);
        value
            .serialize(&mut Serializer::with_formatter(&mut bytes, formatter))
            .unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn rails_style_writes_what_active_support_writes() {
        let vectors = [
            (include_str!("../tests/data/rails_json.jsonl"), 454),
            (include_str!("../tests/data/rails_json_more.jsonl"), 958),
        ];
        for (jsonl, count) in vectors {
            assert_eq!(jsonl.lines().count(), count);
            for line in jsonl.lines() {
                let case: Value = serde_json::from_str(line).unwrap();
                let value = serde_json::from_str(case["json"].as_str().unwrap()).unwrap();
                assert_eq!(
                    format(&value, WireStyle::Rails, false),
                    case["rails"].as_str().unwrap()
                );
                let pretty = format(&value, WireStyle::Rails, true);
                assert_eq!(serde_json::from_str::<Value>(&pretty).unwrap(), value);
            }
        }
    }

    #[test]
    fn plain_style_writes_what_serde_json_writes() {
        for line in include_str!("../tests/data/rails_json.jsonl").lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            let value: Value = serde_json::from_str(case["json"].as_str().unwrap()).unwrap();
            assert_eq!(format(&value, WireStyle::Plain, false), value.to_string());
            assert_eq!(
                format(&value, WireStyle::Plain, true),
                serde_json::to_string_pretty(&value).unwrap()
            );
        }
    }

    #[test]
    fn numbers_kept_as_text_follow_the_style() {
        for (style, text, expected) in [
            (WireStyle::Rails, "1e-5", "1.0e-05"),
            (
                WireStyle::Rails,
                "123456789012345678901234567890",
                "123456789012345678901234567890",
            ),
            (WireStyle::Rails, "15E1", "150.0"),
            (WireStyle::Rails, "1e400", "1e400"),
            (WireStyle::Plain, "1.50e400", "1.50e400"),
            (WireStyle::Plain, "-7", "-7"),
        ] {
            let mut bytes = Vec::new();
            WireFormatter::new(style, false)
                .write_number_str(&mut bytes, text)
                .unwrap();
            assert_eq!(String::from_utf8(bytes).unwrap(), expected);
        }
    }

    #[test]
    fn empty_lists_and_objects_stay_on_one_line() {
        let value = json!({"a": [], "b": {}, "c": [[]]});
        assert_eq!(
            format(&value, WireStyle::Rails, true),
            "{\n  \"a\": [],\n  \"b\": {},\n  \"c\": [\n    []\n  ]\n}"
        );
    }
}
