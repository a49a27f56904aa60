//! Range requests for one range of bytes (RFC 9110, section 14).

use std::ops::Range;

use http::{HeaderMap, header};

/// The part of a body that a request selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Selection {
    /// 200
    All,
    /// 206
    Part(Range<usize>),
    /// 416
    Unsatisfiable,
}

/// Returns the part of a body of `length` bytes that the header `Range` selects.
///
/// The header is ignored if it is not valid, has another unit, or selects several ranges,
/// which section 14.2 allows.
pub(super) fn select(headers: &HeaderMap, length: usize) -> Selection {
    let mut values = headers.get_all(header::RANGE).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Selection::All;
    };
    value
        .to_str()
        .ok()
        .and_then(|value| parse(value, length))
        .unwrap_or(Selection::All)
}

fn parse(value: &str, length: usize) -> Option<Selection> {
    let (unit, range) = value.split_once('=')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = range.trim_matches([' ', '\t']).split_once('-')?;
    let (start, end) = match (first, last) {
        ("", suffix) => (length.saturating_sub(number(suffix)?), length),
        (first, "") => (number(first)?, length),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            (first, last.saturating_add(1).min(length))
        }
    };
    Some(if start < end {
        Selection::Part(start..end)
    } else {
        Selection::Unsatisfiable
    })
}

/// Parses digits. A number that does not fit is larger than any body.
fn number(digits: &str) -> Option<usize> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn one_range_of_bytes_is_selected() {
        // RFC 9110, section 14.1.2, has the first examples.
        for (value, length, selected) in [
            ("bytes=0-499", 10_000, Selection::Part(0..500)),
            ("bytes=500-999", 10_000, Selection::Part(500..1_000)),
            ("bytes=-500", 10_000, Selection::Part(9_500..10_000)),
            ("bytes=9500-", 10_000, Selection::Part(9_500..10_000)),
            ("bytes=0-0", 10_000, Selection::Part(0..1)),
            ("bytes=0-0,-1", 10_000, Selection::All),
            ("bytes= 0-999, 4500-5499, -1000", 10_000, Selection::All),
            ("bytes=-500", 100, Selection::Part(0..100)),
            ("bytes=50-1000", 100, Selection::Part(50..100)),
            ("bytes=99-", 100, Selection::Part(99..100)),
            ("bytes=100-", 100, Selection::Unsatisfiable),
            ("bytes=100-200", 100, Selection::Unsatisfiable),
            ("bytes=-0", 100, Selection::Unsatisfiable),
            ("bytes=0-", 0, Selection::Unsatisfiable),
            (
                "bytes=99999999999999999999999-",
                100,
                Selection::Unsatisfiable,
            ),
            (
                "bytes=0-99999999999999999999999",
                100,
                Selection::Part(0..100),
            ),
            ("Bytes=1-1", 100, Selection::Part(1..2)),
            ("bytes=2-1", 100, Selection::All),
            ("bytes=", 100, Selection::All),
            ("bytes=-", 100, Selection::All),
            ("bytes=a-b", 100, Selection::All),
            ("bytes=+1-2", 100, Selection::All),
            ("bytes", 100, Selection::All),
            ("items=0-1", 100, Selection::All),
            ("", 100, Selection::All),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, HeaderValue::from_static(value));
            assert_eq!(select(&headers, length), selected, "{value} of {length}");
        }
    }

    #[test]
    fn missing_and_repeated_headers_select_all() {
        let mut headers = HeaderMap::new();
        assert_eq!(select(&headers, 100), Selection::All);
        headers.append(header::RANGE, HeaderValue::from_static("bytes=0-1"));
        headers.append(header::RANGE, HeaderValue::from_static("bytes=0-1"));
        assert_eq!(select(&headers, 100), Selection::All);
    }
}
