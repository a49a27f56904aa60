//! The test suites of the official SDKs: each case is equal, or listed as a difference.
#![cfg(feature = "sdk")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

#[path = "sdk_suites/case.rs"]
mod case;
#[path = "sdk_suites/classes.rs"]
mod classes;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use self::case::{Case, Comparison};
use self::classes::CLASSES;

const SUITES: &[(&str, &str)] = &[
    ("config", include_str!("data/suites/config.jsonl")),
    ("dotnet", include_str!("data/suites/dotnet.jsonl")),
    ("go", include_str!("data/suites/go.jsonl")),
    ("java", include_str!("data/suites/java.jsonl")),
    ("js-url-gen", include_str!("data/suites/js-url-gen.jsonl")),
    ("node", include_str!("data/suites/node.jsonl")),
    ("php", include_str!("data/suites/php.jsonl")),
    ("python", include_str!("data/suites/python.jsonl")),
    ("ruby", include_str!("data/suites/ruby.jsonl")),
];

fn cases() -> impl Iterator<Item = Case> {
    SUITES.iter().flat_map(|(suite, lines)| {
        let lines = lines.lines().enumerate();
        lines.map(|(index, line)| Case::new(suite, index + 1, line))
    })
}

/// The listed differences by location.
fn differences() -> BTreeMap<String, Value> {
    let lines = include_str!("data/suites/differences.jsonl").lines();
    lines
        .map(|line| {
            let difference: Value = serde_json::from_str(line).unwrap();
            (difference["case"].as_str().unwrap().to_owned(), difference)
        })
        .collect()
}

#[test]
fn each_case_is_equal_or_a_listed_difference() {
    let mut listed = differences();
    let mut counts: BTreeMap<String, [u32; 3]> = BTreeMap::new();
    let mut unlisted = Vec::new();
    for case in cases() {
        let result = case.result();
        let comparison = case.compare(&result);
        let count = counts.entry(case.sdk.clone()).or_default();
        count[comparison as usize] += 1;
        if comparison != Comparison::Different {
            continue;
        }
        let result = result.unwrap_or_else(|error| format!("error: {error}"));
        let difference = listed.remove(&case.location);
        let class = difference.as_ref().map(|difference| &difference["class"]);
        let actual = json!({
            "case": case.location, "class": class, "test": case.test, "result": result,
        });
        if difference.as_ref() != Some(&actual) {
            unlisted.push(actual.to_string());
        }
    }
    let mut total = [0; 3];
    for (sdk, count) in counts {
        print_share(&sdk, count);
        total = [0, 1, 2].map(|index| total[index] + count[index]);
    }
    print_share("all", total);
    assert!(
        unlisted.is_empty(),
        "{} results are not listed as they are:\n{}",
        unlisted.len(),
        unlisted.join("\n")
    );
    assert!(listed.is_empty(), "equal, but listed: {:?}", listed.keys());
    let [equal, except_spaces, different] = total;
    assert_eq!(equal + except_spaces + different, 5085);
    assert!(equal + except_spaces >= 4837);
}

fn print_share(sdk: &str, [equal, except_spaces, different]: [u32; 3]) {
    let all = equal + except_spaces + different;
    let share = f64::from(equal + except_spaces) / f64::from(all) * 100.0;
    println!("{sdk}: {share:.1} % of {all} equal ({except_spaces} with `%20` for a space)");
}

#[test]
fn each_class_is_used_and_explained_in_the_guide() {
    let guide = include_str!("../docs/coming_from_the_sdks.md");
    let differences = differences();
    for class in CLASSES {
        assert!(!class.reason.is_empty());
        let row = format!("\n| {} |", class.name);
        assert!(guide.contains(&row), "the guide has no row {}", class.name);
        let mut uses = differences.values();
        assert!(uses.any(|difference| difference["class"] == class.name));
    }
    for difference in differences.values() {
        let class = difference["class"].as_str().unwrap();
        assert!(CLASSES.iter().any(|known| known.name == class), "{class}");
    }
}
