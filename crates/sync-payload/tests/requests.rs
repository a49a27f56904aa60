//! Requests, parsed as Ruby on Rails parses them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::iter;

use image_model::serde_json::{self, Value};
use image_model::uuid::Uuid;
use sync_payload::request::{RequestError, RequestLimits, SyncRequest};

const AUTHORIZATIONS: &str = include_str!("data/authorizations.jsonl");

const A: &str = "14364f29-c30d-4bbb-992c-19e6031244f7";
const B: &str = "89d5c88f-bb34-4d95-babc-0f17d44e52db";
const TOKEN: &[u8] = b"Token token=\"a.b.c\"";

fn cases(jsonl: &str) -> impl Iterator<Item = Value> {
    jsonl
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
}

fn ids(query: &str) -> Result<Option<Vec<Uuid>>, RequestError> {
    SyncRequest::parse(Some(query), Some(TOKEN), &RequestLimits::default())
        .map(|request| request.ids)
}

fn token(authorization: &[u8]) -> Result<String, RequestError> {
    SyncRequest::parse(None, Some(authorization), &RequestLimits::default())
        .map(|request| request.token.as_str().to_owned())
}

#[test]
fn tokens_equal_those_of_rails() {
    let mut found = 0;
    for case in cases(AUTHORIZATIONS) {
        let authorization = case["authorization"].as_str().unwrap();
        let read = token(authorization.as_bytes());
        match case["token"].as_str() {
            None => assert_eq!(read.unwrap_err().status(), 401, "{authorization}"),
            Some(token) if token.bytes().all(|byte| byte.is_ascii_graphic()) => {
                found += 1;
                assert_eq!(read.as_deref(), Ok(token), "{authorization}");
            }
            Some(token) => {
                let at = token.bytes().position(|byte| byte <= b' ').unwrap();
                assert_eq!(
                    read,
                    Err(RequestError::InvalidToken { at }),
                    "{authorization}"
                );
            }
        }
    }
    assert!(found > 100);
}

#[test]
fn missing_ids_differ_from_an_empty_list() {
    assert_eq!(ids(""), Ok(None));
    assert_eq!(ids("page=1"), Ok(None));
    for empty in ["ids[]=", "ids[]", "ids%5b%5d=", "page=1&ids%5B%5D=&b"] {
        assert_eq!(ids(empty), Ok(Some(Vec::new())), "{empty}");
    }
    let none = SyncRequest::parse(None, Some(TOKEN), &RequestLimits::default()).unwrap();
    assert_eq!(none.ids, None);
}

#[test]
fn an_error_names_the_position_of_an_invalid_id() {
    let simple = A.replace('-', "");
    for (query, index) in [
        ("ids[]=1".to_owned(), 0),
        (format!("ids[]={A}&x=1&ids[]={B}x"), 1),
        (format!("ids[]={A}&ids[]="), 1),
        (format!("ids[]=&ids[]={A}"), 0),
        ("ids[]=&ids[]=".to_owned(), 0),
        (format!("ids[]={simple}"), 0),
        (format!("ids[]={{{A}}}"), 0),
        (format!("ids[]=urn:uuid:{A}"), 0),
        (format!("ids[]={A}+"), 0),
        (format!("ids[]=%20{A}"), 0),
        (format!("ids[]={A},{B}"), 0),
        (format!("ids[]={A};ids[]={B}"), 0),
        (format!("ids[]={}", A.replace('4', "%")), 0),
        (format!("ids[]={}", A.replace('4', "é")), 0),
        (format!("ids[]={}", A.replace('4', "%ff")), 0),
    ] {
        let error = ids(&query).unwrap_err();
        assert_eq!(error, RequestError::InvalidId { index }, "{query}");
        assert_eq!(error.to_string(), format!("ids[{index}] is not a UUID"));
        assert_eq!(error.status(), 400);
    }
}

#[test]
fn ids_keep_their_order_without_repeats() {
    let query = format!("ids[]={B}&ids[]={A}&ids[]={}", B.to_uppercase());
    let expected = vec![B.parse().unwrap(), A.parse().unwrap()];
    assert_eq!(ids(&query), Ok(Some(expected)));
}

#[test]
fn limits_are_inclusive() {
    let pair = format!("ids[]={A}");
    let query = |ids| iter::repeat_n(&*pair, ids).collect::<Vec<_>>().join("&");
    let parse = |query: &str, authorization, limits| {
        SyncRequest::parse(Some(query), Some(authorization), limits).map(|_| ())
    };

    let limits = RequestLimits::default().with_ids(3);
    assert_eq!(parse(&query(3), TOKEN, &limits), Ok(()));
    let error = parse(&query(4), TOKEN, &limits).unwrap_err();
    assert_eq!(error, RequestError::TooManyIds { limit: 3 });
    assert_eq!(error.status(), 400);
    assert_eq!(error.to_string(), "the query has more than 3 ids");
    // The ids after the limit are not parsed.
    let flood = query(3) + "&ids[]=flood&ids[]=flood";
    assert_eq!(parse(&flood, TOKEN, &limits), Err(error));

    let limits = RequestLimits::default().with_query_bytes(pair.len());
    assert_eq!(parse(&pair, TOKEN, &limits), Ok(()));
    let error = parse(&format!("{pair}&"), TOKEN, &limits).unwrap_err();
    assert_eq!(error.status(), 414);
    assert_eq!(error.to_string(), "the query is longer than 42 bytes");

    let limits = RequestLimits::default().with_header_bytes(TOKEN.len());
    assert_eq!(parse("", TOKEN, &limits), Ok(()));
    let error = parse("", b"Token token=\"a.b.cd\"", &limits).unwrap_err();
    assert_eq!(error.status(), 431);
    assert_eq!(
        error.to_string(),
        "the Authorization header is longer than 19 bytes"
    );

    let defaults = RequestLimits::default();
    assert_eq!(parse(&query(1_000), TOKEN, &defaults), Ok(()));
    assert!(parse(&query(1_001), TOKEN, &defaults).is_err());
}

#[test]
fn a_request_without_a_valid_token_is_401() {
    for (authorization, text) in [
        (None, "the Authorization header is missing"),
        (
            Some(&b""[..]),
            "the Authorization scheme is not supported: use `Token`",
        ),
        (
            Some(b"Basic YTpi"),
            "the Authorization scheme is not supported: use `Token`",
        ),
        (
            Some(b"Token"),
            "the Authorization scheme is not supported: use `Token`",
        ),
        (
            Some(b"Token token=\"\""),
            "the Authorization header has no token",
        ),
        (
            Some(b"Token token=\"a\xffb\""),
            "invalid byte at 1 of the token",
        ),
        (
            Some(b"Token a\r\nSet-Cookie: b"),
            "invalid byte at 1 of the token",
        ),
        (
            Some("Token tök".as_bytes()),
            "invalid byte at 1 of the token",
        ),
    ] {
        let error = SyncRequest::parse(None, authorization, &RequestLimits::default()).unwrap_err();
        assert_eq!(error.to_string(), text);
        assert_eq!(error.status(), 401);
    }
}

#[test]
fn more_than_one_authorization_is_400() {
    let limits = RequestLimits::default();
    for count in 2..4 {
        let error = SyncRequest::parse(None, iter::repeat_n(TOKEN, count), &limits).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is more than one Authorization header"
        );
        assert_eq!(error.status(), 400);
    }
}

#[test]
fn debug_does_not_show_the_token() {
    let request = SyncRequest::parse(None, Some(TOKEN), &RequestLimits::default()).unwrap();
    assert_eq!(
        format!("{request:?}"),
        "SyncRequest { ids: None, token: RequestToken(..) }"
    );
}

#[cfg(feature = "http")]
mod http_types {
    use super::*;

    fn parts(authorizations: &[&[u8]]) -> http::request::Parts {
        let target = format!("/api/v1/image_syncs?ids[]={A}");
        let mut request = http::Request::get(target);
        for authorization in authorizations {
            request = request.header("authorization", *authorization);
        }
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn the_head_of_a_request_is_parsed() {
        let parts = parts(&[TOKEN]);
        let request = SyncRequest::from_parts(&parts, &RequestLimits::default()).unwrap();
        assert_eq!(request.ids, Some(vec![A.parse().unwrap()]));
        assert_eq!(request.token.as_str(), "a.b.c");
    }

    #[test]
    fn the_head_has_one_authorization() {
        let parse = |parts| SyncRequest::from_parts(&parts, &RequestLimits::default()).map(|_| ());
        let error = parse(parts(&[TOKEN, TOKEN])).unwrap_err();
        assert_eq!(error, RequestError::MultipleAuthorizations);
        assert_eq!(parse(parts(&[])), Err(RequestError::MissingAuthorization));
    }
}
