//! Slugs as the documented host's framework makes them.

#![allow(clippy::unwrap_used, reason = "tests")]

use serde::Deserialize;
use url_signer::slug;

#[derive(Deserialize)]
struct Case {
    name: String,
    slug: String,
}

#[test]
fn every_name_comes_out_as_the_framework_makes_it() {
    for (jsonl, count) in [
        (include_str!("data/parameterize.jsonl"), 337),
        (include_str!("data/parameterize_more.jsonl"), 933),
    ] {
        assert_eq!(jsonl.lines().count(), count);
        for line in jsonl.lines() {
            let case: Case = serde_json::from_str(line).unwrap();
            assert_eq!(slug(&case.name), case.slug, "{:?}", case.name);
        }
    }
}
