//! Search URLs equal those of the SDK for Python, and those of the SDK for Node verify.
#![cfg(feature = "search")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use serde_json::{Value, json};
use url_signer::cloudinary::Cloud;
use url_signer::cloudinary::api::{SearchQuery, SortOrder};

fn cases() -> impl Iterator<Item = Value> {
    include_str!("data/search_urls.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
}

fn cloud(config: &Value) -> Cloud {
    let mut vars = vec![
        ("CLOUDINARY_CLOUD_NAME".to_owned(), "demo".to_owned()),
        ("CLOUDINARY_API_SECRET".to_owned(), "abcd".to_owned()),
    ];
    for (option, value) in config.as_object().unwrap() {
        let value = value.as_str().map_or(value.to_string(), str::to_owned);
        vars.push((format!("CLOUDINARY_{}", option.to_ascii_uppercase()), value));
    }
    Cloud::from_vars(vars).unwrap()
}

fn query(options: &Value) -> SearchQuery {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut query = SearchQuery::new(options["expression"].as_str().unwrap_or_default());
    for pair in options["sort_by"].as_array().unwrap() {
        let order = match pair[1].as_str().unwrap() {
            "asc" => SortOrder::Ascending,
            _ => SortOrder::Descending,
        };
        query = query.sort_by(text(&pair[0]), order);
    }
    for aggregation in options["aggregate"].as_array().unwrap() {
        query = query.aggregate(aggregation.clone());
    }
    for field in options["with_field"].as_array().unwrap() {
        query = query.with_field(text(field));
    }
    for field in options["fields"].as_array().unwrap() {
        query = query.field(text(field));
    }
    if let Some(count) = options["max_results"].as_u64() {
        query = query.max_results(count.try_into().unwrap());
    }
    if let Some(ttl) = options["ttl"].as_u64() {
        query = query.ttl(ttl);
    }
    match options["next_cursor"].as_str() {
        Some(cursor) => query.cursor(cursor).unwrap(),
        None => query,
    }
}

#[test]
fn search_urls_equal_python() {
    for case in cases() {
        let url = cloud(&case["config"]).sign_search(&query(&case["query"]));
        assert_eq!(url.as_str(), case["url"], "{case}");
    }
    assert_eq!(cases().count(), 332);
}

#[test]
fn search_urls_of_both_sdks_verify() {
    let mut counts = [0; 3];
    for case in cases() {
        let cloud = cloud(&case["config"]);
        let options = &case["query"];
        let check = |url: &Value| {
            let verified = cloud.verify_search(url.as_str().unwrap()).unwrap();
            assert_eq!(verified.ttl(), options["ttl"].as_u64().unwrap_or(300));
            assert_eq!(verified.cursor(), options["next_cursor"].as_str());
            serde_json::from_slice::<Value>(verified.query()).ok()
        };
        let python = check(&case["url"]).unwrap();
        assert_eq!(python.get("expression"), options.get("expression"));
        let Some(node) = case.get("url_node") else {
            counts[0] += 1;
            continue;
        };
        // Node keeps repeated aggregations, and only the low byte of each UTF-16 code.
        let node = check(node);
        if python.to_string().is_ascii() {
            assert_eq!(node.unwrap()["expression"], python["expression"], "{case}");
            counts[1] += 1;
        } else {
            assert_ne!(node, Some(python), "{case}");
            counts[2] += 1;
        }
    }
    assert_eq!(counts, [64, 76, 192]);
}

#[test]
fn invalid_cursors_are_rejected() {
    for cursor in [
        "", ".", "..", "a/b", "a b", "a?b", "a#b", "a%20b", "é", "a\n",
    ] {
        let error = SearchQuery::new("").cursor(cursor).unwrap_err();
        let text = "invalid search cursor: expected ASCII letters, digits and `-._~+=`";
        assert_eq!(error.to_string(), text, "{cursor}");
    }
}

#[test]
fn search_urls_are_texts() {
    let url = cloud(&json!({})).sign_search(&SearchQuery::new("tags=kitten"));
    let text = cases().next().unwrap()["url"].as_str().unwrap().to_owned();
    assert_eq!(url.to_string(), text);
    assert_eq!(url.as_ref(), text);
    assert_eq!(format!("{url:?}"), format!("SignedSearchUrl({text:?})"));
    #[cfg(feature = "serde")]
    assert_eq!(json!(url), json!(text));
    assert_eq!(String::from(url), text);
}

#[test]
fn debug_shows_the_query() {
    let cloud = cloud(&json!({}));
    let url = cloud.sign_search(&SearchQuery::new("a").cursor("b").unwrap());
    let verified = cloud.verify_search(url.as_str()).unwrap();
    assert_eq!(
        format!("{verified:?}"),
        r#"VerifiedSearch { query: "{\"expression\":\"a\"}", ttl: 300, cursor: Some("b") }"#
    );
}
