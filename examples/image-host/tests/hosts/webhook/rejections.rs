//! Rejected webhooks.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::json;

use super::{
    NOTIFICATION, SECRET, deliver, images, notification, signature, unix_seconds, webhook,
};
use crate::database::{Database, Engine};
use crate::host::Host;
use crate::postgres;

tests! {
    both: untrusted_webhooks_get_401_and_a_reason_in_the_log,
    both: a_signed_webhook_needs_one_upload_token,
    both: a_signature_of_the_sdks_is_valid_but_has_expired,
    both: a_body_with_an_invalid_value_is_422_and_is_named,
    both: bodies_over_the_limit_are_413,
    sqlite: a_body_that_never_ends_is_408,
    sqlite: unfinished_bodies_make_room_for_other_clients,
    postgresql: a_webhook_can_be_repeated_after_an_outage,
    both: an_aborted_body_changes_nothing,
}

/// Sends the webhook with the values of its two headers, and checks for a 401 that
/// does not tell the reason.
fn assert_rejected(host: &Host, path: &str, timestamps: &[&str], signatures: &[&str]) {
    let timestamps = timestamps.iter().map(|value| ("x-cld-timestamp", *value));
    let signatures = signatures.iter().map(|value| ("x-cld-signature", *value));
    let headers: Vec<_> = timestamps.chain(signatures).collect();
    let response = host.post(path, &headers, NOTIFICATION.as_bytes());
    assert_eq!((response.status, response.text()), (401, ""));
    let values = response.headers.iter().map(|(name, _)| &**name);
    let mut names: Vec<_> = values.collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "cache-control",
            "content-length",
            "content-type",
            "date",
            "expires",
            "pragma",
            "referrer-policy",
            "x-content-type-options",
            "x-download-options",
            "x-frame-options",
            "x-message",
            "x-permitted-cross-domain-policies",
            "x-request-id",
            "x-runtime",
            "x-xss-protection",
        ]
    );
    assert_eq!(response.header("x-message"), "Access denied");
}

/// Checks the reasons in the log, one per rejected webhook, and stops the host.
fn assert_logged(host: Host, reasons: &[&str]) {
    assert_eq!(images(&host).len(), 4);
    let log = host.stop();
    let lines = log.lines().filter(|line| line.contains("\"status\":401"));
    let lines: Vec<_> = lines.collect();
    assert_eq!(lines.len(), reasons.len(), "{log}");
    for (line, reason) in lines.iter().zip(reasons) {
        assert!(line.contains(reason), "{line}: {reason}");
        assert!(!line.contains("eyJ"), "{line}");
    }
}

fn untrusted_webhooks_get_401_and_a_reason_in_the_log(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&["--json-log"]);
        let path = webhook(&host);
        let now = unix_seconds();
        let [now, old, future] = [now, now - 7_300, now + 1_000].map(|time| time.to_string());
        let sign = |timestamp: &str| signature(NOTIFICATION, timestamp, SECRET);
        let valid = sign(&now);
        let forged = signature(NOTIFICATION, &now, "abce");
        let other_body = signature(&NOTIFICATION.replace("1000", "1001"), &now, SECRET);
        let invalid = "invalid webhook signature";
        let cases = [
            (&[][..], &[][..], "X-Cld-Timestamp is missing"),
            (&[&*now], &[], "X-Cld-Signature is missing"),
            (
                &[&now, &now],
                &[&*valid],
                "X-Cld-Timestamp is missing, repeated",
            ),
            (
                &[&now],
                &[&valid, &valid],
                "X-Cld-Signature is missing, repeated",
            ),
            (&[&now], &[""], invalid),
            (&[&now], &[&forged], invalid),
            (&[&now], &[&other_body], invalid),
            (&[&old], &[&valid], invalid),
            (&[&old], &[&sign(&old)], "has expired"),
            (&[&future], &[&sign(&future)], "is from the future"),
            (&["soon"], &[&sign("soon")], "invalid webhook timestamp"),
        ];
        for (timestamps, signatures, _) in cases {
            assert_rejected(&host, &path, timestamps, signatures);
        }
        assert_logged(host, &cases.map(|(.., reason)| reason));
    });
}

fn a_signed_webhook_needs_one_upload_token(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&["--json-log"]);
        let path = webhook(&host);
        let (_, query) = path.split_once('?').unwrap();
        let access = format!("/api/v1/cloudinary?token={}", host.token);
        let paths = [
            "/api/v1/cloudinary",
            "/api/v1/cloudinary?token=",
            "/api/v1/cloudinary?token=a.b.c",
            &access,
            &format!("{path}&{query}"),
            &format!("{path}A"),
        ];
        for path in paths {
            let now = unix_seconds().to_string();
            let signature = signature(NOTIFICATION, &now, SECRET);
            assert_rejected(&host, path, &[&now], &[&signature]);
        }
        assert_logged(host, &paths.map(|_| "the upload token is not valid"));
    });
}

/// A recorded signature of the official SDK for Node, from its test `utils should call
/// validate_webhook_signature`. It is valid, but older than two hours.
fn a_signature_of_the_sdks_is_valid_but_has_expired(engine: Engine) {
    engine.with(|database| {
        let variables = [("CLOUDINARY_URL", "cloudinary://key:shhh@demo")];
        let host = database.host_with(&[], &variables);
        let path = webhook(&host);
        let body = r#"{"public_id":"117e5550-7bfa-11e4-80d7-f962166bd3be","version":1417727468}"#;
        let headers = [
            ("x-cld-timestamp", "1417727468"),
            (
                "x-cld-signature",
                "bac927006d3ce039ef7632e2c03189348d02924a",
            ),
        ];
        assert_eq!(host.post(&path, &headers, body.as_bytes()).status, 401);
        assert!(host.stop().contains("webhook of 1417727468 has expired"));
    });
}

fn a_body_with_an_invalid_value_is_422_and_is_named(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let path = webhook(&host);
        for body in ["", "{", "[]", "5", "null", "\u{feff}{}", "{} {}"] {
            let response = deliver(&host, &path, body);
            assert_eq!(response.status, 422, "{body}");
            let text = response.text();
            assert!(
                text.starts_with("the body is not a JSON object: "),
                "{text}"
            );
        }
        for (key, value) in [
            ("notification_type", json!(null)),
            ("notification_type", json!(5)),
            ("public_id", json!(null)),
            ("public_id", json!("")),
            ("public_id", json!("a\u{0}b")),
            ("public_id", json!("../a")),
            ("public_id", json!("a%20b")),
            ("public_id", json!("https://a.example/b")),
            ("version", json!(null)),
            ("version", json!(-1)),
            ("version", json!("v1")),
            ("version", json!(1.5)),
            ("version", json!(u64::MAX)),
            ("resource_type", json!("auto")),
            ("resource_type", json!(null)),
            ("type", json!("fetch")),
            ("type", json!("")),
            ("type", json!(null)),
            ("width", json!(true)),
            ("width", json!(u64::from(u32::MAX) + 1)),
            ("height", json!("tall")),
            ("bytes", json!(-5)),
            ("created_at", json!("yesterday")),
            ("etag", json!(5)),
            ("tags", json!("a")),
            ("original_filename", json!([])),
            ("location", json!([1, 2])),
            ("image_metadata", json!([])),
            ("colors", json!("red")),
            ("colors", json!([5])),
        ] {
            let mut body = notification();
            body[key] = value;
            let response = deliver(&host, &path, &body.to_string());
            assert_eq!(response.status, 422, "{key} {}", body[key]);
            assert!(
                response.text().contains(&format!("`{key}")),
                "{}",
                response.text()
            );
        }
        assert_eq!(images(&host).len(), 4);
    });
}

fn bodies_over_the_limit_are_413(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let path = webhook(&host);
        let mut body = notification();
        body["image_metadata"] = json!({ "XMP": "x".repeat(250_000) });
        assert_eq!(deliver(&host, &path, &body.to_string()).status, 201);
        body["image_metadata"] = json!({ "XMP": "x".repeat(262_144) });
        let response = deliver(&host, &path, &body.to_string());
        let text = "the body is longer than 262144 bytes";
        assert_eq!((response.status, response.text()), (413, text));
        // A client that is still sending receives the response.
        let response = deliver(&host, &path, &"x".repeat(4 * 1024 * 1024));
        assert_eq!(response.status, 413);
        assert_eq!(images(&host).len(), 5);
    });
}

/// Sends a webhook without the end of its body.
fn begin(host: &Host, path: &str) -> TcpStream {
    let address = host.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    // The response `100` must not count as progress of the client.
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut status = [0; 25];
    stream.read_exact(&mut status).unwrap();
    assert_eq!(&status, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"{").unwrap();
    stream
}

fn a_body_that_never_ends_is_408() {
    let database = Database::embedded();
    let host = database.host(&[]);
    let mut stream = begin(&host, &webhook(&host));
    let mut response = String::new();
    let _ = stream.read_to_string(&mut response);
    assert!(response.starts_with("HTTP/1.1 408 "), "{response}");
}

fn unfinished_bodies_make_room_for_other_clients() {
    let database = Database::embedded();
    let host = database.host(&["--client-connections", "8"]);
    let mut streams: Vec<_> = (0..8).map(|_| begin(&host, "/api/v1/cloudinary")).collect();
    assert_eq!(host.get("/healthz", &[]).status, 200);
    let replaced = streams.iter_mut().filter_map(|stream| {
        let mut response = String::new();
        let _ = stream.read_to_string(&mut response);
        response.is_empty().then_some(())
    });
    // The others are 408.
    assert_eq!(replaced.count(), 1);
}

fn a_webhook_can_be_repeated_after_an_outage() {
    let database = Database::on(postgres::shared());
    let host = database.host(&[]);
    let path = webhook(&host);
    let lock = database.lock();
    let response = deliver(&host, &path, NOTIFICATION);
    assert_eq!((response.status, response.text()), (503, ""));
    assert_eq!(response.header("retry-after"), "1");
    drop(lock);
    assert_eq!(deliver(&host, &path, NOTIFICATION).status, 201);
    assert_eq!(images(&host).len(), 5);
}

fn an_aborted_body_changes_nothing(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let path = webhook(&host);
        let address = host.url.strip_prefix("http://").unwrap();
        let timestamp = unix_seconds().to_string();
        let signature = signature(NOTIFICATION, &timestamp, SECRET);
        let mut stream = TcpStream::connect(address).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: a\r\nx-cld-timestamp: {timestamp}\r\n\
             x-cld-signature: {signature}\r\ncontent-length: {}\r\n\r\n",
            NOTIFICATION.len() + 1
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(NOTIFICATION.as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut response = String::new();
        let _ = stream.read_to_string(&mut response);
        assert!(
            response.is_empty() || response.starts_with("HTTP/1.1 400 "),
            "{response}"
        );
        assert_eq!(images(&host).len(), 4);
    });
}
