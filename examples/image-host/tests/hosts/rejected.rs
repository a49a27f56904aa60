//! Rejected requests.

use std::io::{Read, Write};
use std::net::TcpStream;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::database::{Engine, TOKEN_KEY};
use crate::host::{Host, IDS, Response, USER, query};

tests! {
    both: requests_without_a_valid_token_get_401,
    both: invalid_ids_and_oversized_requests_are_rejected,
    both: a_filter_never_returns_all_images,
    both: an_oversized_request_head_is_rejected,
}

fn encoded(header: &Value, claims: &Value, key: &str) -> String {
    let parts = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    let text = parts.join(".");
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    format!("{text}.{signature}")
}

/// Checks for the recorded response to unauthorized requests.
fn assert_unauthorized(response: &Response) {
    assert_eq!((response.status, response.text()), (401, ""));
    for (name, value) in [
        ("x-message", "Access denied"),
        ("content-type", "text/html"),
        ("cache-control", "no-cache, no-store"),
        ("pragma", "no-cache"),
        ("expires", "Fri, 01 Jan 1990 00:00:00 GMT"),
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("x-xss-protection", "1; mode=block"),
        ("content-length", "0"),
    ] {
        assert_eq!(response.header(name), value);
    }
}

fn requests_without_a_valid_token_get_401(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let hs256 = json!({ "typ": "JWT", "alg": "HS256" });
        let far = json!({ "exp": 4_102_444_800_u64, "iat": 0, "user_id": USER });
        assert_eq!(
            host.images_with("", &encoded(&hs256, &far, TOKEN_KEY))
                .status,
            200
        );

        let none = encoded(&json!({ "alg": "none" }), &far, TOKEN_KEY);
        let unsigned = format!("{}.", none.rsplit_once('.').unwrap().0);
        let past = json!({ "exp": 1_554_759_536, "iat": 1_554_745_136, "user_id": USER });
        for token in [
            encoded(&hs256, &past, TOKEN_KEY),
            encoded(&hs256, &far, "another key, of more than 32 bytes"),
            none,
            unsigned,
            encoded(&json!({ "alg": "HS256", "crit": ["exp"] }), &far, TOKEN_KEY),
            encoded(&hs256, &json!({ "user_id": USER }), TOKEN_KEY),
            "a.b.c".to_owned(),
            String::new(),
        ] {
            assert_unauthorized(&host.images_with(&query(IDS), &token));
        }
        let target = "/api/v1/image_syncs";
        assert_unauthorized(&host.get(target, &[]));
        for authorization in ["Basic YTpi", "Token", "Token token=", "token token=\"a\""] {
            assert_unauthorized(&host.get(target, &[("authorization", authorization)]));
        }
    });
}

fn status_of(host: &Host, query: &str) -> (u16, String) {
    let response = host.images(query);
    (response.status, response.text().to_owned())
}

fn invalid_ids_and_oversized_requests_are_rejected(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let invalid_id = (400, "ids[1] is not a UUID".to_owned());
        assert_eq!(status_of(&host, &query([IDS[0], "1"])), invalid_id);
        let many = query(std::iter::repeat_n(IDS[0], 1_001));
        let too_many = (400, "the query has more than 1000 ids".to_owned());
        assert_eq!(status_of(&host, &many), too_many);
        let long_query = format!("?a={}", "b".repeat(49_151));
        let too_long = (414, "the query is longer than 49152 bytes".to_owned());
        assert_eq!(status_of(&host, &long_query), too_long);
        let response = host.images_with("", &"a".repeat(8 * 1024));
        assert_eq!(response.status, 431);
        assert_eq!(
            response.text(),
            "the Authorization header is longer than 8192 bytes"
        );
        // Later requests are not affected.
        assert_eq!(host.images(&query(IDS)).status, 200);
        assert_eq!(host.get("/nowhere/at/all", &[]).status, 404);
    });
}

/// A filter that is not supported must not be ignored, which would return all images.
fn a_filter_never_returns_all_images(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let (a, b) = (IDS[0], IDS[1]);
        let one = host.images(&query([a]));
        assert_eq!(one.status, 200);
        assert_eq!(status_of(&host, &format!("?ids={a}")).0, 200);
        assert_eq!(host.images(&format!("?ids={a}")).body, one.body);
        assert_eq!(status_of(&host, "?ids="), (200, "[]".to_owned()));
        for (query, error) in [
            (
                format!("?ids[0]={a}&ids[1]={b}"),
                "unsupported key `ids[0]`: use `ids[]` once for each id",
            ),
            (
                format!("?IDS[]={a}"),
                "unsupported key `IDS[]`: use `ids[]` once for each id",
            ),
            (
                format!("?id={a}"),
                "unsupported key `id`: use `ids[]` once for each id",
            ),
            (
                format!("?ids%255B%255D={a}"),
                "unsupported key `ids%255B%255D`: use `ids[]` once for each id",
            ),
            (
                format!("?ids={a},{b}"),
                "`ids` is not a UUID: for a list, use `ids[]` once for each id",
            ),
        ] {
            assert_eq!(status_of(&host, &query), (400, error.to_owned()), "{query}");
        }
    });
}

fn an_oversized_request_head_is_rejected(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let address = host.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let header = format!("a: {}\r\n", "b".repeat(1_000));
        let head = format!("GET /healthz HTTP/1.1\r\n{}", header.repeat(200));
        // The host may close the connection before the head is sent.
        let _ = stream.write_all(head.as_bytes());
        let mut response = Vec::new();
        let _ = stream.read_to_end(&mut response);
        let response = String::from_utf8(response).unwrap();
        let rejected = response.starts_with("HTTP/1.1 431 ") || response.is_empty();
        assert!(rejected, "{response}");
        assert_eq!(host.images(&query(IDS)).status, 200);
    });
}
