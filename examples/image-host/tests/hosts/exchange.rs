//! The recorded exchange.

use crate::host::{Host, IDS, RECORDED, Response, STRANGER, masked, on_both, query};

const RECORDED_HEADERS: &str =
    include_str!("../../../../crates/sync-payload/tests/data/response_headers.txt");

/// Checks for the headers of the recorded response, and `Date`.
pub(crate) fn assert_recorded_headers(host: &Host, response: &Response) {
    for line in RECORDED_HEADERS.lines() {
        let (name, recorded) = line.split_once(": ").unwrap();
        let name = name.to_ascii_lowercase();
        let value = response.header(&name);
        match &*name {
            "x-token" => assert_eq!(value, host.token),
            "x-request-id" => {
                assert_eq!(value.parse::<uuid::Uuid>().unwrap().to_string(), value);
            }
            "x-runtime" => {
                let (seconds, fraction) = value.split_once('.').unwrap();
                seconds.parse::<u64>().unwrap();
                assert_eq!(fraction.parse::<u32>().map(|_| fraction.len()), Ok(6));
            }
            "content-length" => assert_eq!(value, response.body.len().to_string()),
            _ => assert_eq!(value, recorded, "{name}"),
        }
    }
    // `Date` is the only additional header.
    assert_eq!(response.headers.len(), RECORDED_HEADERS.lines().count() + 1);
}

#[test]
fn the_recorded_request_gets_the_recorded_response() {
    on_both(|database| {
        let host = database.host(&[]);
        let response = host.images(&query(IDS));
        assert_eq!(response.status, 200);
        assert_recorded_headers(&host, &response);
        assert_eq!(response.header("content-length"), "11775");
        assert_eq!(masked(response.text()), masked(RECORDED));
    });
}

#[test]
fn images_are_ordered_unique_and_access_controlled() {
    on_both(|database| {
        let host = database.host(&[]);
        let all = host.images(&query(IDS));
        let backwards = query(IDS.into_iter().rev().chain(IDS));
        assert_eq!(host.images(&backwards).body, all.body);
        let encoded = backwards.replace("[]", "%5B%5d");
        assert_eq!(host.images(&encoded).body, all.body);
        // Without ids, all images that the user may see are streamed.
        let streamed = host.images("");
        assert_eq!(streamed.body, all.body);
        assert_eq!(streamed.header("transfer-encoding"), "chunked");

        let unknown = host.images(&query([IDS[1], "00000000-0000-4000-8000-000000000000"]));
        let images = image_model::from_slice::<String>(&unknown.body).unwrap();
        assert_eq!(images.len(), 1);
        assert_eq!(images[0].id.to_string(), IDS[1]);

        assert_eq!(host.images("?ids[]=").text(), "[]");
        let token = database.stdout(&["token", "--user", STRANGER], "");
        for query in [query(IDS), String::new()] {
            let response = host.images_with(&query, token.trim_end());
            assert_eq!((response.status, response.text()), (200, "[]"));
        }
    });
}

#[test]
fn health_is_ok_and_the_log_contains_no_secrets() {
    on_both(|database| {
        let host = database.host(&[]);
        let response = host.get("/healthz", &[]);
        assert_eq!((response.status, response.text()), (200, "ok"));
        assert_eq!(host.images(&query(IDS)).status, 200);
        let (token, proxy_url) = (host.token.clone(), "/a.jpg?s=0123456&url=localhost/x");
        assert_eq!(host.get(proxy_url, &[]).status, 400);
        let log = host.stop();
        assert!(log.contains("/api/v1/image_syncs"), "{log}");
        for secret in [&*token, "0123456", "abcd", "proxy key", "tests, 32"] {
            assert!(!log.contains(secret), "{log}");
        }
    });
}
