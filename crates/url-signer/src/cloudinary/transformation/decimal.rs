//! Numbers in the text of a value.

/// A number, and whether it has a decimal point. Cloudinary reads `1` as pixels and `1.0`
/// as a multiple of the size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Decimal {
    Integer(i32),
    Fraction(f64),
}

impl Decimal {
    /// Parses an optional sign and digits, with at most one decimal point, which a digit
    /// follows. Integers must fit into 32 bits.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        match unsigned.split_once('.') {
            None if !unsigned.is_empty() && is_digits(unsigned) => {
                text.parse().ok().map(Self::Integer)
            }
            Some((integer, fraction))
                if is_digits(integer) && !fraction.is_empty() && is_digits(fraction) =>
            {
                let number: f64 = text.parse().ok()?;
                number.is_finite().then_some(Self::Fraction(number))
            }
            _ => None,
        }
    }

    fn to_f64(self) -> f64 {
        match self {
            Self::Integer(number) => number.into(),
            Self::Fraction(number) => number,
        }
    }
}

/// Parses a number with or without a decimal point.
pub(super) fn parse_number(text: &str) -> Option<f64> {
    Decimal::parse(text).map(Decimal::to_f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_point_makes_a_fraction() {
        for (text, expected) in [
            ("0", Decimal::Integer(0)),
            ("-5", Decimal::Integer(-5)),
            ("+5", Decimal::Integer(5)),
            ("007", Decimal::Integer(7)),
            ("2147483647", Decimal::Integer(i32::MAX)),
            ("-2147483648", Decimal::Integer(i32::MIN)),
            ("1.0", Decimal::Fraction(1.0)),
            (".5", Decimal::Fraction(0.5)),
            ("-.25", Decimal::Fraction(-0.25)),
            (
                "0.1234567890123456",
                Decimal::Fraction(0.123_456_789_012_345_6),
            ),
        ] {
            assert_eq!(Decimal::parse(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_notations_are_not_numbers() {
        for text in [
            "",
            "+",
            "-",
            ".",
            "1.",
            "1.2.3",
            "--1",
            "+-1",
            "1e3",
            "0x1",
            "NaN",
            "inf",
            "1_000",
            "\u{661}",
            " 1",
            "2147483648",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        // More digits than the range of a float has.
        assert_eq!(Decimal::parse(&format!("{}.0", "9".repeat(400))), None);
    }
}
