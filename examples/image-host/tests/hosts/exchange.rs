//! The recorded exchange.

use crate::database::{Database, Engine};
use crate::host::{Host, IDS, RECORDED, Response, STRANGER, masked, query};

tests! {
    both: the_recorded_request_gets_the_recorded_response,
    both: images_are_ordered_unique_and_access_controlled,
    both: health_is_ok_and_the_log_contains_no_secrets,
    both: head_has_the_status_and_headers_of_get,
    sqlite: output_that_is_no_terminal_has_no_ansi_codes,
}

/// The headers that differ between two requests.
const VARYING: [&str; 3] = ["date", "x-request-id", "x-runtime"];

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

fn the_recorded_request_gets_the_recorded_response(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let response = host.images(&query(IDS));
        assert_eq!(response.status, 200);
        assert_recorded_headers(&host, &response);
        assert_eq!(response.header("content-length"), "11775");
        assert_eq!(masked(response.text()), masked(RECORDED));
    });
}

fn images_are_ordered_unique_and_access_controlled(engine: Engine) {
    engine.with(|database| {
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

fn health_is_ok_and_the_log_contains_no_secrets(engine: Engine) {
    engine.with(|database| {
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

fn head_has_the_status_and_headers_of_get(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let images = host.images(&query(IDS));
        let images = image_model::from_slice::<String>(&images.body).unwrap();
        let (_, proxy) = images[0].external_urls.mini.split_once(".com").unwrap();
        let (_, path) = proxy.split_once("url=localhost").unwrap();
        let listed = format!("/api/v1/image_syncs{}", query(IDS));
        for (target, status) in [
            (&*listed, 200),
            ("/api/v1/image_syncs", 200),
            ("/api/v1/image_syncs?ids[]=x", 400),
            ("/healthz", 200),
            (proxy, 302),
            (path, 302),
            ("/a.jpg?s=0123456&url=localhost/x", 400),
            ("/a/b", 404),
        ] {
            let headers = |method: &str| {
                let response = host.raw_method(method, target, &host.authorization());
                assert_eq!(response.status, status, "{method} {target}");
                assert!(method == "GET" || response.body.is_empty(), "{target}");
                let mut headers = response.headers;
                headers.retain(|(name, _)| !VARYING.contains(&&**name));
                headers.sort();
                headers
            };
            assert_eq!(headers("HEAD"), headers("GET"), "{target}");
        }
        let head = host.raw_method("HEAD", &listed, &host.authorization());
        assert_eq!(head.header("content-length"), "11775");
        // The access is checked as well.
        assert_eq!(host.raw_method("HEAD", &listed, &[]).status, 401);
    });
}

fn output_that_is_no_terminal_has_no_ansi_codes() {
    let database = Database::embedded();
    let host = database.host(&["--images", "300"]);
    assert_eq!(host.images("").status, 200);
    assert_eq!(host.get("/a%1b[31m?s=%1b[31m", &[]).status, 400);
    let log = host.stop();
    assert!(log.contains(" INFO "), "{log}");
    assert!(!log.contains('\x1b'), "{log:?}");
    for arguments in [
        &["--help"][..],
        &["import", "-"],
        &["export", "--output", "all"],
        &["import", "absent"],
        &["absent"],
    ] {
        let output = database.output(arguments, RECORDED);
        let texts = [output.stdout, output.stderr].concat();
        assert!(!texts.contains(&0x1b), "{arguments:?}");
    }
}
