//! Unusual requests.

use std::io::{Read, Write};
use std::net::Shutdown;

use super::connect;
use crate::database::Engine;
use crate::host::{Host, IDS, query};

tests! {
    both: a_request_has_one_valid_host,
    both: a_half_closed_client_gets_its_responses,
    both: a_client_that_accepts_no_encoding_gets_no_payload,
    both: other_methods_get_405_with_the_recorded_headers,
}

/// Sends a request as it is, closes the sending half of the connection and
/// returns the responses.
fn exchange(host: &Host, request: &str) -> String {
    let mut stream = connect(host);
    stream.write_all(request.as_bytes()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    String::from_utf8(response).unwrap()
}

/// Returns the status of the only response.
fn status(response: &str) -> &str {
    assert_eq!(response.matches("HTTP/1.").count(), 1, "{response}");
    response.split(' ').nth(1).unwrap()
}

fn assert_recorded_headers(response: &str) {
    for header in [
        "cache-control: no-cache, no-store\r\n",
        "x-frame-options: DENY\r\n",
        "x-content-type-options: nosniff\r\n",
        "x-request-id: ",
        "x-runtime: ",
    ] {
        assert!(response.contains(header), "{header}{response}");
    }
}

fn a_request_has_one_valid_host(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        for (head, expected) in [
            ("HTTP/1.1\r\nHost: a\r\n", "200"),
            ("HTTP/1.1\r\nHost: 127.0.0.1:3000\r\n", "200"),
            ("HTTP/1.1\r\nHost: [::1]:3000\r\n", "200"),
            ("HTTP/1.1\r\n", "400"),
            ("HTTP/1.1\r\nHost: a\r\nHost: a\r\n", "400"),
            ("HTTP/1.1\r\nHost: a\r\nhost: b\r\n", "400"),
            ("HTTP/1.1\r\nHost: a, b\r\n", "400"),
            ("HTTP/1.1\r\nHost: user@a\r\n", "400"),
            ("HTTP/1.0\r\n", "200"),
            ("HTTP/1.0\r\nHost: a\r\nHost: a\r\n", "400"),
        ] {
            let response = exchange(&host, &format!("GET /healthz {head}\r\n"));
            assert_eq!(status(&response), expected, "{head}{response}");
            assert_recorded_headers(&response);
        }
    });
}

fn a_half_closed_client_gets_its_responses(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&["--images", "300"]);
        let request = |target: &str| {
            format!(
                "GET {target} HTTP/1.1\r\nHost: a\r\nAuthorization: Token {}\r\n\r\n",
                host.token
            )
        };
        let listed = request(&format!("/api/v1/image_syncs{}", query(IDS)));
        let response = exchange(&host, &listed);
        assert_eq!(status(&response), "200");
        assert!(response.contains("content-length: 11775\r\n"));
        assert!(response.ends_with(']'));
        let streamed = exchange(&host, &request("/api/v1/image_syncs"));
        assert_eq!(status(&streamed), "200");
        assert!(streamed.ends_with("]\r\n0\r\n\r\n"));
        let three = exchange(&host, &(listed.repeat(2) + &request("/healthz")));
        assert_eq!(three.matches("HTTP/1.1 200 OK").count(), 3);
        assert!(three.ends_with("ok"));
    });
}

fn a_client_that_accepts_no_encoding_gets_no_payload(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let get = |target: &str, token: &str, encoding: &str| {
            exchange(
                &host,
                &format!(
                    "GET {target} HTTP/1.1\r\nHost: a\r\nAuthorization: Token {token}\r\n\
                     Accept-Encoding: {encoding}\r\n\r\n"
                ),
            )
        };
        let listed = format!("/api/v1/image_syncs{}", query(IDS));
        for encoding in [
            "identity;q=0",
            "*;q=0",
            "identity;q=0, *;q=0",
            "identity;q=0.0, x",
        ] {
            for target in [&*listed, "/api/v1/image_syncs", "/healthz"] {
                let response = get(target, &host.token, encoding);
                assert_eq!(status(&response), "406", "{encoding}");
                assert_recorded_headers(&response);
                assert!(response.ends_with("\r\n\r\n"), "{response}");
                assert!(response.contains("content-length: 0\r\n"), "{response}");
            }
            // Errors keep their status.
            assert_eq!(status(&get(&listed, "a", encoding)), "401");
            assert_eq!(status(&get("/a/b", &host.token, encoding)), "404");
        }
        assert_eq!(status(&get("/healthz", "a", "identity;q=0.5")), "200");
        assert_eq!(status(&get("/healthz", "a", "x, identity")), "200");
    });
}

fn other_methods_get_405_with_the_recorded_headers(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        for target in [
            "/api/v1/image_syncs",
            "/healthz",
            "/a.jpg",
            "/images/1/thumbnails/a",
        ] {
            for method in ["POST", "PUT", "DELETE", "OPTIONS", "x"] {
                let head = format!("{method} {target} HTTP/1.1\r\nHost: a\r\n");
                let response = exchange(&host, &format!("{head}Content-Length: 0\r\n\r\n"));
                assert_eq!(status(&response), "405", "{head}");
                assert!(response.contains("allow: GET,HEAD\r\n"), "{response}");
                assert_recorded_headers(&response);
            }
        }
        let health = exchange(&host, "HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_eq!(status(&health), "200");
        assert!(health.contains("content-length: 2\r\n"), "{health}");
        assert!(health.ends_with("\r\n\r\n"), "{health}");
        assert_recorded_headers(&health);
    });
}
