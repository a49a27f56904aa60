//! JSON numbers as texts.

use serde_json::Number;

/// Formats a number as JavaScript does. The SDK for Python formats it in the same way, or
/// the SDKs disagree.
pub(crate) fn text(number: &Number) -> String {
    let float = match number.as_f64() {
        Some(float) if number.is_f64() => float,
        _ => return number.to_string(),
    };
    if float == 0.0 {
        return "0".to_owned();
    }
    if (1e-6..1e21).contains(&float.abs()) {
        return float.to_string();
    }
    let text = format!("{float:e}");
    if text.contains("e-") {
        text
    } else {
        text.replace('e', "e+")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_formatted_as_in_javascript() {
        // By Node.js: `node -p 'String(1e21)'`.
        for (json, expected) in [
            ("0", "0"),
            ("-0.0", "0"),
            ("1700000000", "1700000000"),
            ("-5", "-5"),
            ("18446744073709551615", "18446744073709551615"),
            ("1.0", "1"),
            ("1e3", "1000"),
            ("1795670399.634", "1795670399.634"),
            ("0.1", "0.1"),
            ("0.000001", "0.000001"),
            ("0.0000001", "1e-7"),
            ("1.5e-10", "1.5e-10"),
            ("100000000000000000000", "100000000000000000000"),
            ("123456789012345680000", "123456789012345680000"),
            ("1e21", "1e+21"),
            ("1.5e300", "1.5e+300"),
            ("-2.5e22", "-2.5e+22"),
        ] {
            let number: Number = serde_json::from_str(json).unwrap();
            assert_eq!(text(&number), expected, "{json}");
        }
    }
}
