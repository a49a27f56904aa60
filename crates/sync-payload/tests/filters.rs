//! Filters by ids, parsed as Ruby on Rails parses them, or rejected.

#![allow(clippy::unwrap_used, reason = "tests")]

use image_model::serde_json::{self, Value};
use image_model::uuid::Uuid;
use sync_payload::request::{RequestError, RequestLimits, SyncRequest};

const QUERIES: &str = include_str!("data/queries.jsonl");

const A: &str = "14364f29-c30d-4bbb-992c-19e6031244f7";
const B: &str = "89d5c88f-bb34-4d95-babc-0f17d44e52db";
const TOKEN: &[u8] = b"Token token=\"a.b.c\"";

fn ids(query: &str) -> Result<Option<Vec<Uuid>>, RequestError> {
    SyncRequest::parse(Some(query), Some(TOKEN), &RequestLimits::default())
        .map(|request| request.ids)
}

fn unsupported(key: &str) -> RequestError {
    RequestError::UnsupportedKey { key: key.into() }
}

/// Rails ignores the keys `ID[]` and `IDS[]`, and then responds with all images if the
/// query has no `ids[]`. Here both keys are errors: they are filters that the client
/// expects to be applied. All other queries of the vectors have the ids of Rails.
#[test]
fn ids_equal_those_of_rails_without_repeats() {
    let (mut equal, mut rejected) = (0, 0);
    for line in QUERIES.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let query = case["query"].as_str().unwrap();
        let mut keys = query.split('&').map(|pair| pair.split('=').next().unwrap());
        if let Some(key) = keys.find(|key| matches!(*key, "ID[]" | "IDS[]")) {
            rejected += 1;
            assert_eq!(ids(query), Err(unsupported(key)), "{query}");
            continue;
        }
        equal += 1;
        let expected = case["ids"].as_array().map(|ids| {
            let mut once = Vec::new();
            for id in ids {
                let id = Uuid::parse_str(id.as_str().unwrap()).unwrap();
                if !once.contains(&id) {
                    once.push(id);
                }
            }
            once
        });
        assert_eq!(ids(query), Ok(expected), "{query}");
    }
    assert_eq!((equal, rejected), (238, 143));
}

/// The keys that contain `id` only as a part of a word are ignored, as in Rails.
#[test]
fn other_keys_are_ignored() {
    for other in [
        "%&=&%ff=%",
        "xids[]=5",
        "idx[]=5",
        "page_id=5",
        "image-ids[]=5",
        "idsx[0]=5",
        "id5=5",
        "i[d]x=5",
        "page=id",
        "page=ids[]",
        "q=1%26ids[]=5",
        "grid=1",
        "%2569=1",
    ] {
        assert_eq!(ids(other), Ok(None), "{other}");
        let query = format!("{other}&ids[]={A}&{other}");
        assert_eq!(ids(&query), Ok(Some(vec![A.parse().unwrap()])), "{query}");
    }
}

/// Rails parses `ids=A` as the text `A`, which its hosts use as one id.
#[test]
fn a_key_without_brackets_is_one_id() {
    let one = Ok(Some(vec![A.parse().unwrap()]));
    for query in [
        format!("ids={A}"),
        format!("%69d%73={}&page=1", A.to_uppercase()),
        format!("page=1&ids={}", A.replace('-', "%2D")),
    ] {
        assert_eq!(ids(&query), one, "{query}");
    }
    for empty in ["ids=", "ids", "page=1&i%64s=&b"] {
        assert_eq!(ids(empty), Ok(Some(Vec::new())), "{empty}");
    }
    for list in [
        format!("{A},{B}"),
        format!("{A};ids={B}"),
        format!("[{A}]"),
        "1".to_owned(),
    ] {
        let error = ids(&format!("ids={list}")).unwrap_err();
        assert_eq!(error, RequestError::InvalidSingleId, "{list}");
        assert_eq!(
            error.to_string(),
            "`ids` is not a UUID: for a list, use `ids[]` once for each id"
        );
        assert_eq!(error.status(), 400);
    }
    let limits = RequestLimits::default().with_ids(0);
    for query in ["ids=", "ids[]="].map(|query| format!("{query}{A}")) {
        let error = SyncRequest::parse(Some(&query), Some(TOKEN), &limits).unwrap_err();
        assert_eq!(error, RequestError::TooManyIds { limit: 0 });
    }
}

/// Rails uses the last `ids`, and fails if a value follows a list.
#[test]
fn ambiguous_filters_are_rejected() {
    for query in [
        format!("ids={A}&ids={B}"),
        format!("ids={A}&ids[]={B}"),
        format!("ids[]={A}&ids={B}"),
        format!("ids=&ids={B}"),
        format!("ids=&%69ds[]={B}"),
        "ids[]=&ids=".to_owned(),
        "ids&ids".to_owned(),
    ] {
        let error = ids(&query).unwrap_err();
        assert_eq!(error, RequestError::AmbiguousIds, "{query}");
        assert_eq!(
            error.to_string(),
            "`ids` is not the only filter: for a list, use `ids[]` once for each id"
        );
        assert_eq!(error.status(), 400);
    }
}

#[test]
fn unsupported_filters_are_rejected() {
    for key in [
        "id",
        "ID",
        "Ids",
        "IDS[]",
        "Ids[]",
        "id[]",
        "ids[0]",
        "ids[1][]",
        "ids[][]",
        "ids[a]",
        "ids[",
        "ids]",
        "[ids]",
        "[]ids",
        "[ids][]",
        "ids[[]]",
        "(ids)",
        "ids{}",
        "ids.0",
        "ids,",
        "filter[ids]",
        "filter[id][]",
        "q.ids",
        "%49%44%53",
        "i%44",
        "ids%5B0%5D",
        "%5Bids%5D",
        "%2569ds[]",
        "ids%255B%255D",
        "ids%25255b%25255d",
        "%25%36%39ds",
        "ids%2%355b]",
        "ids+",
        "+ids[]",
        "%20ids[]",
        "ids[]%20",
        "ids%00",
        "ids[]%00",
        "%09ids",
        "ids%ff",
        "ids[]%E2%80%8B",
        "ids[]%3D14364f29",
        "?ids[]",
        "_ids",
        "-ids[]",
        "$ids",
        "ids*",
        "i[d]",
        "i[]ds",
        "[i]d%5Bs]",
        "i%00ds",
        "id+s[]",
        "i%E2%80%8Bds",
        "i%C2%ADd[]",
        "i_d",
        "i-ds[]",
        "%C4%B0DS[]",
        "%C4%B1ds",
    ] {
        for query in [
            format!("{key}={A}"),
            key.to_owned(),
            format!("ids[]={A}&{key}={B}"),
            format!("page=1;{key}={A}"),
        ] {
            let error = ids(&query).unwrap_err();
            assert_eq!(error, unsupported(key), "{query}");
            let text = format!("unsupported key `{key}`: use `ids[]` once for each id");
            assert_eq!(error.to_string(), text);
            assert_eq!(error.status(), 400);
        }
    }
    // A framework that separates pairs with `;` would read `ids[]` here.
    for query in [format!("page=1;ids[]={A}"), format!("a;ids[]={A}&b=1")] {
        assert_eq!(ids(&query), Err(unsupported("ids[]")), "{query}");
    }
}

#[test]
fn an_unsupported_key_is_escaped_and_truncated() {
    let zeros = "0".repeat(100);
    for (key, shown) in [
        ("ids[<b>]", "ids[%3Cb%3E]".to_owned()),
        ("ids[\"`'\\]", "ids[%22%60%27%5C]".to_owned()),
        ("ids\r\nX-A:", "ids%0D%0AX-A:".to_owned()),
        ("ids[ä]", "ids[%C3%A4]".to_owned()),
        (
            &format!("ids[{zeros}]"),
            format!("ids[{}...", "0".repeat(60)),
        ),
        (
            &format!("ids[{}", "ä".repeat(100)),
            format!("ids[{}...", "%C3%A4".repeat(10)),
        ),
    ] {
        assert_eq!(ids(&format!("{key}={A}")), Err(unsupported(&shown)));
    }
}

#[test]
fn deeply_encoded_keys_are_decoded_in_linear_time() {
    let deep = format!("%{}69ds[]={A}", "25".repeat(20_000));
    assert!(matches!(
        ids(&deep),
        Err(RequestError::UnsupportedKey { .. })
    ));
    let broken = format!("%{}zz={A}", "25".repeat(20_000));
    assert_eq!(ids(&broken), Ok(None));
}
