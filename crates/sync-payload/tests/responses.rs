//! Responses, compared with the headers of the recorded exchange.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::time::Duration;

use support::{recorded_images, reference_signer};
use sync_payload::ImageSigner;
use sync_payload::request::{RequestLimits, RequestToken, SyncRequest};
use sync_payload::response::{Response, ResponseMeta};
use url_signer::cloudinary::{
    Acl, Asset, Cloud, TokenClaims, TokenScope, TokenSigner, Transformation,
};
use url_signer::{Secret, ThumbnailName};

/// The recorded headers. The framework of a host adds `Content-Length`.
const RECORDED: &str = include_str!("data/response_headers.txt");

const RECORDED_AUTHORIZATION: &[u8] = b"Token token=\"eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJleHAiOjE1NTQ3NTk1MzYsImlhdCI6MTU1NDc0NTEzNiwidXNlcl9pZCI6IjQwYjdmMzZhLTFlNGItNDk4Ny05MzFmLTg4OTEwYTM3YzQ1MSJ9.F7OWGJTpS3z2c2U9dHI7gUnjzlHMacQjDl-GQCAaZCM\"";

fn recorded_token() -> RequestToken<'static> {
    let request = SyncRequest::parse(None, [RECORDED_AUTHORIZATION], &RequestLimits::new());
    request.unwrap().token
}

fn meta() -> ResponseMeta {
    ResponseMeta::new(
        "54ea8b98-0d67-4e1a-a1d4-e71f79217394".parse().unwrap(),
        Duration::from_nanos(36_653_999),
    )
}

fn redirect(signer: &ImageSigner) -> (Response, String) {
    let (image, asset) = recorded_images().remove(0);
    let url = signer.thumbnail(&image, &asset, ThumbnailName::Mini);
    let url = url.unwrap();
    (Response::redirect(meta(), &url), url.to_string())
}

/// Sorted, because the order of headers has no meaning.
fn headers(response: &Response) -> Vec<(String, String)> {
    let mut headers: Vec<_> = response
        .headers()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    headers.sort();
    headers
}

fn recorded(except: &[&str]) -> Vec<(String, String)> {
    let mut headers: Vec<_> = RECORDED
        .lines()
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .filter(|(name, _)| name != "content-length" && !except.contains(&name.as_str()))
        .collect();
    headers.sort();
    headers
}

/// The headers that only a payload has.
const PAYLOAD_HEADERS: [&str; 4] = ["content-type", "p3p", "vary", "x-token"];

fn common_and(own: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut headers = recorded(&PAYLOAD_HEADERS);
    headers.extend(
        own.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    headers.sort();
    headers
}

#[test]
fn a_payload_has_the_recorded_headers() {
    let response = Response::ok(meta(), &recorded_token());
    assert_eq!(response.status(), 200);
    assert_eq!(headers(&response), recorded(&[]));
    assert_eq!(headers(&response).len(), 15);
    assert_eq!(response.body(), "");
}

#[test]
fn an_unauthorized_response_has_no_body() {
    let response = Response::unauthorized(meta());
    assert_eq!(response.status(), 401);
    let own = [
        ("content-type", "text/html"),
        ("x-message", "Access denied"),
    ];
    assert_eq!(headers(&response), common_and(&own));
    assert_eq!(response.body(), "");
}

#[test]
fn a_response_to_an_error_has_its_status_and_text() {
    let rejected = |query, authorization: Option<&'static [u8]>| {
        let error = SyncRequest::parse(query, authorization, &RequestLimits::new()).unwrap_err();
        Response::from_error(meta(), &error)
    };
    assert_eq!(rejected(None, None), Response::unauthorized(meta()));

    let response = rejected(Some("ids[]=<b>"), Some(b"Token a"));
    assert_eq!(response.status(), 400);
    assert_eq!(response.body(), "ids[0] is not a UUID");
    let own = [("content-type", "text/plain; charset=utf-8")];
    assert_eq!(headers(&response), common_and(&own));

    let unsupported = rejected(Some("ids[<b>]=1"), Some(b"Token a"));
    assert_eq!(unsupported.status(), 400);
    let text = "unsupported key `ids[%3Cb%3E]`: use `ids[]` once for each id";
    assert_eq!(unsupported.body(), text);
    assert_eq!(headers(&unsupported), common_and(&own));
}

#[test]
fn a_thumbnail_request_has_three_responses() {
    let (response, location) = redirect(&reference_signer());
    assert!(location.starts_with("https://res.cloudinary.com/"));
    assert_eq!((response.status(), response.body()), (302, ""));
    assert_eq!(headers(&response), common_and(&[("location", &location)]));

    let response = Response::bad_request(meta());
    assert_eq!((response.status(), response.body()), (400, "Invalid url"));
    let own = [("content-type", "text/plain; charset=utf-8")];
    assert_eq!(headers(&response), common_and(&own));

    let response = Response::not_found(meta());
    assert_eq!((response.status(), response.body()), (404, ""));
    assert_eq!(headers(&response), common_and(&[]));
}

#[test]
fn an_empty_response_has_any_final_status() {
    for (status, sent) in [
        (200, 200),
        (204, 204),
        (406, 406),
        (500, 500),
        (501, 501),
        (599, 599),
        (0, 500),
        (99, 500),
        (100, 500),
        (101, 500),
        (199, 500),
        (600, 500),
        (999, 500),
        (u16::MAX, 500),
    ] {
        let response = Response::empty(meta(), status);
        assert_eq!((response.status(), response.body()), (sent, ""));
        assert_eq!(headers(&response), common_and(&[]));
        assert_eq!(Response::text(meta(), status, "").status(), sent);
    }
}

#[test]
fn a_text_is_plain_text() {
    let response = Response::text(meta(), 200, "ok");
    assert_eq!((response.status(), response.body()), (200, "ok"));
    let own = [("content-type", "text/plain; charset=utf-8")];
    assert_eq!(headers(&response), common_and(&own));
}

#[test]
fn a_status_without_content_has_no_text() {
    for status in [204, 205, 304] {
        let response = Response::text(meta(), status, "ok");
        assert_eq!((response.status(), response.body()), (status, ""));
        assert_eq!(headers(&response), common_and(&[]));
    }
    for status in [200, 201, 206, 400, 599] {
        assert_eq!(Response::text(meta(), status, "ok").body(), "ok");
    }
}

#[test]
fn an_unavailable_response_says_when_to_retry() {
    for (retry_after, seconds) in [
        (Duration::ZERO, "0"),
        (Duration::from_nanos(1), "1"),
        (Duration::from_secs(1), "1"),
        (Duration::from_millis(1_001), "2"),
        (Duration::from_mins(2), "120"),
        (Duration::MAX, "18446744073709551615"),
    ] {
        let response = Response::unavailable(meta(), retry_after);
        assert_eq!((response.status(), response.body()), (503, ""));
        let own = [("retry-after", seconds)];
        assert_eq!(headers(&response), common_and(&own));
    }
}

#[test]
fn a_rejected_method_has_the_allowed_ones() {
    for (methods, allow) in [
        (&["GET", "HEAD"][..], "GET, HEAD"),
        (&["POST"], "POST"),
        (
            &["M-SEARCH", "x!#$%&'*+-.^_`|~09"],
            "M-SEARCH, x!#$%&'*+-.^_`|~09",
        ),
        // An empty list is valid: RFC 9110, section 10.2.1.
        (&[], ""),
        (
            &["", "GET\r\nx-token: a", "GET,HEAD", "GET ", "é", "GET"],
            "GET",
        ),
    ] {
        let response = Response::method_not_allowed(meta(), methods.iter().copied());
        assert_eq!((response.status(), response.body()), (405, ""));
        assert_eq!(headers(&response), common_and(&[("allow", allow)]));
    }
}

fn all_responses() -> Vec<Response> {
    vec![
        Response::ok(meta(), &recorded_token()),
        Response::unauthorized(meta()),
        redirect(&reference_signer()).0,
        Response::bad_request(meta()),
        Response::not_found(meta()),
        Response::method_not_allowed(meta(), ["GET", "HEAD"]),
        Response::unavailable(meta(), Duration::from_secs(1)),
        Response::empty(meta(), 500),
        Response::text(meta(), 200, "ok"),
    ]
}

#[test]
fn the_parts_have_equal_contents() {
    for response in all_responses() {
        let (status, parts, body) = response.clone().into_parts();
        assert_eq!(status, response.status());
        assert_eq!(body, response.body());
        let parts: Vec<_> = parts.collect();
        let parts: Vec<_> = parts
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        assert_eq!(parts, response.headers().collect::<Vec<_>>());
    }
}

#[test]
fn the_runtime_has_six_decimals() {
    for (runtime, text) in [
        (Duration::ZERO, "0.000000"),
        (Duration::from_nanos(999), "0.000000"),
        (Duration::from_micros(1), "0.000001"),
        (Duration::from_millis(61_500), "61.500000"),
        (Duration::MAX, "18446744073709551615.999999"),
    ] {
        let response = Response::not_found(ResponseMeta::new(meta().request_id, runtime));
        assert!(
            response
                .headers()
                .any(|header| header == ("x-runtime", text))
        );
    }
}

#[test]
fn debug_shows_no_token() {
    let (image, asset) = recorded_images().remove(0);
    let tokens = TokenSigner::new(Secret::from_hex("00112233FF99").unwrap());
    let signer = reference_signer();
    let url = signer
        .thumbnail(&image, &asset, ThumbnailName::Mini)
        .unwrap()
        .authorize(&tokens, &TokenClaims::expires_at(2_000_000_000));
    let location = url.to_string();
    let (_, location_token) = location.split_once("hmac=").unwrap();
    for (response, token) in [
        (
            Response::ok(meta(), &recorded_token()),
            recorded_token().as_str(),
        ),
        (Response::redirect(meta(), &url), location_token),
    ] {
        assert!(
            headers(&response)
                .iter()
                .any(|(_, value)| value.contains(token))
        );
        let debug = vec![format!("{response:?}"), format!("{response:#?}")];
        #[cfg(feature = "http")]
        let debug = [debug, vec![format!("{:?}", response.into_http_text())]].concat();
        for debug in debug {
            assert!(debug.contains("x-runtime"), "{debug}");
            assert!(!debug.contains(token), "{debug}");
        }
    }
}

#[cfg(feature = "http")]
#[test]
fn the_types_of_http_have_equal_contents() {
    for response in all_responses() {
        let converted = response.clone().into_http_text();
        assert_eq!(converted.status().as_u16(), response.status());
        assert_eq!(converted.body(), response.body());
        assert_eq!(converted.headers().len(), response.headers().count());
        for (name, value) in response.headers() {
            assert_eq!(converted.headers()[name], value);
        }
        assert_eq!(response.into_http(7).into_body(), 7);
    }
}

#[test]
fn a_redirect_encodes_other_characters_of_a_token() {
    let cloud: Cloud = "cloudinary://key:abcd@demo".parse().unwrap();
    let tokens = TokenSigner::new(Secret::from_hex("00112233FF99").unwrap());
    let acl = Acl::new("/é/*").unwrap();
    let token = tokens.sign(&TokenClaims::expires_at(600), TokenScope::Acl(&acl));
    let asset = Asset::new("a").unwrap();
    let url = cloud.sign(&asset, Transformation::NONE).with_token(token);
    let response = Response::redirect(meta(), &url);
    let (_, location) = response
        .headers()
        .find(|(name, _)| *name == "location")
        .unwrap();
    assert!(location.contains("~acl=%2f%C3%A9%2f*~hmac="), "{location}");
}
