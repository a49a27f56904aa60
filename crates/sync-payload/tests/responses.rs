//! Answers, held against the headers of the recorded exchange.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::Duration;

use sync_payload::request::{RequestLimits, SyncRequest};
use sync_payload::response::{Response, ResponseMeta};

/// The recorded headers, but for `Content-Length`, which the host's framework
/// knows.
const RECORDED: &str = include_str!("data/response_headers.txt");

const RECORDED_TOKEN: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJleHAiOjE1NTQ3NTk1MzYsImlhdCI6MTU1NDc0NTEzNiwidXNlcl9pZCI6IjQwYjdmMzZhLTFlNGItNDk4Ny05MzFmLTg4OTEwYTM3YzQ1MSJ9.F7OWGJTpS3z2c2U9dHI7gUnjzlHMacQjDl-GQCAaZCM";

fn answered() -> ResponseMeta {
    ResponseMeta {
        request_id: "54ea8b98-0d67-4e1a-a1d4-e71f79217394".parse().unwrap(),
        run_time: Duration::from_nanos(36_653_999),
    }
}

/// Sorted, since their order carries no meaning.
fn headers(response: &Response) -> Vec<(String, String)> {
    let mut headers: Vec<_> = response
        .headers()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    headers.sort();
    headers
}

fn recorded(but_for: &[&str]) -> Vec<(String, String)> {
    let mut headers: Vec<_> = RECORDED
        .lines()
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .filter(|(name, _)| name != "content-length" && !but_for.contains(&name.as_str()))
        .collect();
    headers.sort();
    headers
}

const PAYLOADS_OWN: [&str; 4] = ["content-type", "p3p", "vary", "x-token"];

fn common_and(own: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut headers = recorded(&PAYLOADS_OWN);
    headers.extend(
        own.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    headers.sort();
    headers
}

#[test]
fn a_payload_has_the_recorded_headers() {
    let response = Response::payload(answered(), RECORDED_TOKEN).unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(headers(&response), recorded(&[]));
    assert_eq!(headers(&response).len(), 15);
    assert_eq!(response.body(), "");
}

#[test]
fn who_is_not_let_in_gets_an_empty_401() {
    let response = Response::denied(answered());
    assert_eq!(response.status(), 401);
    let own = [
        ("content-type", "text/html"),
        ("x-message", "Access denied"),
    ];
    assert_eq!(headers(&response), common_and(&own));
    assert_eq!(response.body(), "");
}

#[test]
fn a_refused_request_gets_its_status_and_reason() {
    let refused = |query, authorization| {
        let error =
            SyncRequest::parse(query, authorization, &RequestLimits::default()).unwrap_err();
        Response::refused(answered(), &error)
    };
    assert_eq!(refused(None, None), Response::denied(answered()));

    let response = refused(Some("ids[]=<b>"), Some(&b"Token a"[..]));
    assert_eq!(response.status(), 400);
    assert_eq!(response.body(), "ids[0] is no uuid");
    let own = [("content-type", "text/plain; charset=utf-8")];
    assert_eq!(headers(&response), common_and(&own));
}

#[test]
fn a_thumbnail_is_found_elsewhere_or_refused_or_not_there() {
    let location = "https://res.cloudinary.com/demo/image/upload/s--12345678--/c_fit/a.jpg";
    let response = Response::redirect(answered(), location).unwrap();
    assert_eq!((response.status(), response.body()), (302, ""));
    assert_eq!(headers(&response), common_and(&[("location", location)]));

    let response = Response::invalid_url(answered());
    assert_eq!((response.status(), response.body()), (400, "Invalid url"));
    let own = [("content-type", "text/plain; charset=utf-8")];
    assert_eq!(headers(&response), common_and(&own));

    let response = Response::not_found(answered());
    assert_eq!((response.status(), response.body()), (404, ""));
    assert_eq!(headers(&response), common_and(&[]));
}

#[test]
fn the_run_time_has_six_decimals() {
    for (run_time, text) in [
        (Duration::ZERO, "0.000000"),
        (Duration::from_nanos(999), "0.000000"),
        (Duration::from_micros(1), "0.000001"),
        (Duration::from_millis(61_500), "61.500000"),
        (Duration::MAX, "18446744073709551615.999999"),
    ] {
        let answered = ResponseMeta {
            run_time,
            ..answered()
        };
        let response = Response::not_found(answered);
        assert!(
            response
                .headers()
                .any(|header| header == ("x-runtime", text))
        );
    }
}

#[test]
fn a_value_that_cannot_stand_in_a_header_is_an_error() {
    for (value, text) in [
        (
            "a\r\nset-cookie: b",
            "header `x-token` cannot hold byte 0x0d, at 1",
        ),
        ("a\nb", "header `x-token` cannot hold byte 0x0a, at 1"),
        ("\0", "header `x-token` cannot hold byte 0x00, at 0"),
        ("a b", "header `x-token` cannot hold byte 0x20, at 1"),
        ("a\x7f", "header `x-token` cannot hold byte 0x7f, at 1"),
        ("aé", "header `x-token` cannot hold byte 0xc3, at 1"),
    ] {
        let error = Response::payload(answered(), value).unwrap_err();
        assert_eq!(error.to_string(), text);
        assert_eq!(error.name(), "x-token");
        let error = Response::redirect(answered(), value).unwrap_err();
        assert_eq!(error.name(), "location");
    }
}

#[cfg(feature = "http")]
#[test]
fn the_types_of_the_http_crate_say_the_same() {
    let all = [
        Response::payload(answered(), RECORDED_TOKEN).unwrap(),
        Response::denied(answered()),
        Response::redirect(answered(), "https://a.example/b").unwrap(),
        Response::invalid_url(answered()),
        Response::not_found(answered()),
    ];
    for response in all {
        let same = response.clone().into_http_text();
        assert_eq!(same.status().as_u16(), response.status());
        assert_eq!(same.body(), response.body());
        assert_eq!(same.headers().len(), response.headers().count());
        for (name, value) in response.headers() {
            assert_eq!(same.headers()[name], value);
        }
        assert_eq!(response.into_http(7).into_body(), 7);
    }
}
