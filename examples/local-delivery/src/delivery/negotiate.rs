//! The client's headers that select a representation.

use http::{HeaderMap, header};

use crate::response::names::{DPR, SEC_CH_DPR};

/// Returns whether the header `Accept` names `image/webp`. Wildcards do not count: clients
/// without support for WebP send them, too.
pub(super) fn accepts_webp(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT).iter();
    let ranges = values.filter_map(|value| value.to_str().ok());
    ranges.flat_map(|value| value.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let quality = parts.find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
        });
        let is_accepted = quality.is_none_or(|quality| {
            quality
                .parse::<f32>()
                .is_ok_and(|quality| quality > 0.0 && quality <= 1.0)
        });
        name.eq_ignore_ascii_case("image/webp") && is_accepted
    })
}

/// Returns the device pixel ratio, if the client sends a valid one.
pub(super) fn dpr(headers: &HeaderMap) -> Option<f64> {
    let value = headers.get(SEC_CH_DPR).or_else(|| headers.get(DPR))?;
    let dpr: f64 = value.to_str().ok()?.trim().parse().ok()?;
    (dpr.is_finite() && dpr > 0.0).then_some(dpr)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn only_a_named_and_acceptable_webp_counts() {
        for (accept, accepted) in [
            ("image/webp", true),
            ("IMAGE/WEBP", true),
            (
                "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
                true,
            ),
            ("image/webp;q=0.1", true),
            ("image/webp ; Q=1.000", true),
            ("text/html, image/webp;q=0.5, */*", true),
            ("image/webp;q=0", false),
            ("image/webp;q=0.000", false),
            ("image/webp;q=nan", false),
            ("image/webp;q=x", false),
            ("image/*", false),
            ("*/*", false),
            ("image/png,image/jpeg", false),
            ("image/webpx", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(accepts_webp(&headers), accepted, "{accept}");
        }
        assert!(!accepts_webp(&HeaderMap::new()));
    }

    #[test]
    fn invalid_ratios_are_ignored() {
        for (value, dpr_value) in [
            ("2", Some(2.0)),
            ("1.5", Some(1.5)),
            ("0", None),
            ("-1", None),
            ("NaN", None),
            ("inf", None),
            ("x", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("dpr", HeaderValue::from_static(value));
            assert_eq!(dpr(&headers), dpr_value, "{value}");
        }
    }
}
