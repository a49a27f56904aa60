//! Explanations of URLs that the official SDKs signed, after every combination of up to
//! three changes.

#![cfg(feature = "explain")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use serde_json::Value;
use url_signer::Secret;
use url_signer::cloudinary::explain::Cause;
use url_signer::cloudinary::{Cloud, DeliveryUrl, SignatureAlgorithm};

/// The steps, the version and the source of a path.
#[derive(Clone)]
struct Path {
    steps: Vec<String>,
    version: Option<String>,
    source: String,
}

impl Path {
    fn of(url: &DeliveryUrl<'_>) -> Self {
        let steps = url.transformation().split('/');
        Self {
            steps: steps
                .filter(|step| !step.is_empty())
                .map(str::to_owned)
                .collect(),
            version: url.version().map(str::to_owned),
            source: url.source().to_owned(),
        }
    }

    fn text(&self) -> String {
        let mut segments = self.steps.clone();
        segments.extend(self.version.as_ref().map(|version| format!("v{version}")));
        segments.push(self.source.clone());
        segments.join("/")
    }
}

/// Changes a path. The path stays as it is if the change does not apply.
const CHANGES: &[fn(&mut Path)] = &[
    |path| path.source = path.source.replace('%', "%25"),
    |path| path.source = path.source.replace("%20", "+"),
    |path| path.source = path.source.replacen('/', "//", 1),
    |path| path.steps.insert(0, "e_sepia".to_owned()),
    |path| path.steps.push("c_limit,w_4000".to_owned()),
    |path| path.source.push_str(".webp"),
    |path| {
        if let Some(stem) = path.source.strip_suffix(".jpg") {
            path.source = stem.to_owned();
        }
    },
];

fn vectors() -> impl Iterator<Item = Value> {
    let lines = include_str!("data/delivery.jsonl").lines();
    let more = include_str!("data/delivery_percent_signed.jsonl").lines();
    lines
        .chain(more)
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|case| {
            let options = &case["options"];
            options["sign_url"] == true
                && options["auth_token"].is_null()
                && options["url_suffix"].is_null()
                && options["type"] != "fetch"
        })
}

#[test]
fn every_combination_of_changes_is_found() {
    let mut count = 0;
    for case in vectors().step_by(61) {
        let options = &case["options"];
        let name = options["cloud_name"].as_str().unwrap_or("demo");
        let cloud = Cloud::new(name, Secret::new("abcd").unwrap())
            .unwrap()
            .with_accepted_algorithm(SignatureAlgorithm::Sha256);
        let urls = ["url", "url_signed_escaped", "url_signed_decoded"];
        for url in urls.iter().filter_map(|url| case[*url].as_str()) {
            let parsed = DeliveryUrl::parse(url).unwrap();
            let original = Path::of(&parsed);
            let Some(start) = url.strip_suffix(&*original.text()) else {
                continue;
            };
            for set in 1_u32..1 << CHANGES.len() {
                let mut path = original.clone();
                let changes = CHANGES
                    .iter()
                    .enumerate()
                    .filter(|(place, _)| set & 1 << place != 0);
                if set.count_ones() > 3 {
                    continue;
                }
                changes.for_each(|(_, change)| change(&mut path));
                let altered = format!("{start}{}", path.text());
                if altered == url || cloud.verify(&altered).is_ok() {
                    continue;
                }
                let explanation = cloud.explain(&altered);
                let Some(Cause::Changed(_)) = explanation.likely_cause() else {
                    panic!("{url}\n{altered}\n{explanation}");
                };
                count += 1;
            }
        }
    }
    assert!(count > 500, "{count}");
}
