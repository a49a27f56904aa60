use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, FixedOffset, Offset, TimeZone, Timelike};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::ValueError;

/// An instant with the offset from UTC at which it was stored.
///
/// Written in RFC 3339 with exactly three decimals, the rest cut off, and a
/// zero offset as `+00:00`. Any RFC 3339 is read.
///
/// ```
/// use chrono::DateTime;
/// use image_model::Timestamp;
///
/// let at: Timestamp = "2019-04-08T17:38:56.0219Z".parse()?;
/// assert_eq!(at.to_string(), "2019-04-08T17:38:56.021+00:00");
/// assert_eq!(at, Timestamp::new(DateTime::from_timestamp_nanos(1_554_745_136_021_900_000))?);
/// # Ok::<(), image_model::ValueError>(())
/// ```
///
/// Two are equal when they are the same instant, whatever their offsets, and
/// ordered as the instants are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(DateTime<FixedOffset>);

impl Timestamp {
    /// The instant of a `chrono` date and time, in any time zone.
    ///
    /// # Errors
    ///
    /// - A year that is not within 0 to 9999.
    /// - An offset from UTC that is not in whole minutes.
    #[expect(clippy::needless_pass_by_value, reason = "small, and mostly `Copy`")]
    pub fn new<Tz: TimeZone>(at: DateTime<Tz>) -> Result<Self, ValueError> {
        let at = at.with_timezone(&at.offset().fix());
        if !(0..=9999).contains(&at.year()) {
            return Err(ValueError::Year(at.year()));
        }
        let offset = at.offset().local_minus_utc();
        if offset % 60 != 0 {
            return Err(ValueError::UtcOffset(offset));
        }
        Ok(Self(at))
    }

    /// The instant, with all the digits that it came with.
    #[must_use]
    pub const fn get(self) -> DateTime<FixedOffset> {
        self.0
    }

    /// The text that it prints: `2019-04-08T19:38:56.021+02:00`.
    ///
    /// `chrono` takes some thirty times as long for it.
    #[must_use]
    pub fn to_ascii(self) -> [u8; 29] {
        let at = self.0.naive_local();
        // A leap second is said as more than a second of milliseconds.
        let millis = at.nanosecond() / 1_000_000;
        let (second, millis) = (at.second() + millis / 1000, millis % 1000);
        let minutes = self.0.offset().local_minus_utc() / 60;
        let sign = if minutes < 0 { b'-' } else { b'+' };
        let minutes = minutes.unsigned_abs();
        let year = at.year().unsigned_abs();
        let ([y0, y1], [y2, y3]) = (two_digits(year / 100), two_digits(year % 100));
        let [month0, month1] = two_digits(at.month());
        let [day0, day1] = two_digits(at.day());
        let [h0, h1] = two_digits(at.hour());
        let [m0, m1] = two_digits(at.minute());
        let [s0, s1] = two_digits(second);
        let ([_, f0], [f1, f2]) = (two_digits(millis / 100), two_digits(millis % 100));
        let [oh0, oh1] = two_digits(minutes / 60);
        let [om0, om1] = two_digits(minutes % 60);
        [
            y0, y1, y2, y3, b'-', month0, month1, b'-', day0, day1, b'T', //
            h0, h1, b':', m0, m1, b':', s0, s1, b'.', f0, f1, f2, //
            sign, oh0, oh1, b':', om0, om1,
        ]
    }
}

/// The digits of a number below 100.
fn two_digits(number: u32) -> [u8; 2] {
    [number / 10, number % 10].map(|digit| b'0' + u8::try_from(digit).unwrap_or_default())
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.to_ascii()))
    }
}

impl FromStr for Timestamp {
    type Err = ValueError;

    /// # Errors
    ///
    /// - What is no RFC 3339 date and time.
    fn from_str(text: &str) -> Result<Self, ValueError> {
        let at = DateTime::parse_from_rfc3339(text).map_err(|_| ValueError::Timestamp)?;
        Self::new(at)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TimestampVisitor)
    }
}

struct TimestampVisitor;

impl Visitor<'_> for TimestampVisitor {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an RFC 3339 date and time")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
        text.parse()
            .map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    use chrono::SecondsFormat;
    use proptest::prelude::*;

    use super::*;

    fn rewritten(text: &str) -> String {
        let json = format!("\"{text}\"");
        serde_json::from_str::<Timestamp>(&json)
            .unwrap()
            .to_string()
    }

    #[test]
    fn three_decimals_and_the_stored_offset_are_written() {
        for (read, written) in [
            (
                "2019-04-08T19:38:56.021+02:00",
                "2019-04-08T19:38:56.021+02:00",
            ),
            ("2019-04-08T17:38:56Z", "2019-04-08T17:38:56.000+00:00"),
            (
                "2019-04-08T17:38:56.9999-00:00",
                "2019-04-08T17:38:56.999+00:00",
            ),
            (
                "0000-01-01T00:00:00.1-11:30",
                "0000-01-01T00:00:00.100-11:30",
            ),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:60.000+00:00"),
        ] {
            assert_eq!(rewritten(read), written);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn digits_are_those_of_chrono(
            seconds in -62_167_132_800_i64..253_402_214_400,
            nanos in 0_u32..2_000_000_000,
            offset in -23 * 60 - 59..=23 * 60 + 59,
        ) {
            // Leap seconds are only taken at the end of a minute.
            let seconds = if nanos < 1_000_000_000 { seconds } else { seconds.div_euclid(60) * 60 + 59 };
            let offset = FixedOffset::east_opt(offset * 60).unwrap();
            let at = offset.timestamp_opt(seconds, nanos).unwrap();
            let Ok(timestamp) = Timestamp::new(at) else { return Ok(()) };
            prop_assert_eq!(timestamp.to_string(), at.to_rfc3339_opts(SecondsFormat::Millis, false));
        }
    }

    #[test]
    fn what_is_no_timestamp_is_refused() {
        for (json, text) in [
            (
                r#""yesterday""#,
                "invalid value: string \"yesterday\", expected an RFC 3339 date and time at line 1 column 11",
            ),
            (
                r#""2019-02-30T00:00:00Z""#,
                "invalid value: string \"2019-02-30T00:00:00Z\", expected an RFC 3339 date and time at line 1 column 22",
            ),
            (
                "1554745136",
                "invalid type: integer `1554745136`, expected an RFC 3339 date and time at line 1 column 10",
            ),
        ] {
            assert_eq!(
                serde_json::from_str::<Timestamp>(json)
                    .unwrap_err()
                    .to_string(),
                text
            );
        }
    }

    #[test]
    fn what_rfc_3339_cannot_write_is_refused() {
        let at = |year, offset| {
            FixedOffset::east_opt(offset)
                .unwrap()
                .with_ymd_and_hms(year, 1, 1, 0, 0, 0)
                .unwrap()
        };
        assert_eq!(
            Timestamp::new(at(10_000, 0)).unwrap_err().to_string(),
            "year 10000 is not within 0 to 9999"
        );
        assert_eq!(
            Timestamp::new(at(1900, 561)).unwrap_err().to_string(),
            "utc offset of 561 seconds is not in whole minutes"
        );
    }
}
