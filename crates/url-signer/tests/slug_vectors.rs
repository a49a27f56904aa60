//! File names as the recorded host's framework creates them.

#![allow(clippy::unwrap_used, reason = "tests")]

use serde::Deserialize;
use url_signer::ProxyFileName;

#[derive(Deserialize)]
struct Case {
    name: String,
    slug: String,
}

#[test]
fn slugs_equal_the_framework() {
    for (jsonl, count) in [
        (include_str!("data/parameterize.jsonl"), 337),
        (include_str!("data/parameterize_more.jsonl"), 933),
    ] {
        assert_eq!(jsonl.lines().count(), count);
        for line in jsonl.lines() {
            let case: Case = serde_json::from_str(line).unwrap();
            let slug = if case.slug.is_empty() {
                "image"
            } else {
                &case.slug
            };
            let file_name = ProxyFileName::new(&case.name, "png");
            assert_eq!(file_name.as_str(), format!("{slug}.png"), "{:?}", case.name);
        }
    }
}
