//! Rejected forms.

use std::io::{Read, Write};
use std::net::TcpStream;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url_signer::cloudinary::api::ApiSignatureVersion;
use url_signer::cloudinary::{Cloud, DeliveryType};

use crate::form::{Fields, multipart, now, post, recorded, sign, upload};
use crate::pictures::png;
use crate::server::{Response, Server, cloud};

fn assert_rejected(response: &Response, status: u16, message: &str) {
    let body = String::from_utf8_lossy(&response.body);
    assert_eq!(response.status, status, "{body}");
    let json: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
    let found = json["error"]["message"].as_str().unwrap();
    assert!(found.starts_with(message), "{found}");
    assert!(!response.error().is_empty());
    assert_eq!(response.header("cache-control"), "no-store");
}

/// Nothing is stored after a rejection.
fn assert_empty(server: &Server) {
    assert_eq!(server.delivery.originals().any(), None);
    let entries = std::fs::read_dir(server.original("")).unwrap();
    assert_eq!(entries.count(), 0);
}

#[test]
fn missing_fields_are_named() {
    let server = Server::start();
    for name in ["api_key", "timestamp", "signature"] {
        let mut fields = recorded(&server, None);
        fields.retain(|(known, _)| known != name);
        let response = upload(&server, &fields, "a.png", &png(30, 20));
        let message = format!("Missing required parameter - {name}");
        assert_rejected(&response, 400, &message);
    }
    let body = multipart(&recorded(&server, None), None);
    let response = post(&server, "/v1_1/demo/image/upload", &body, &[]);
    assert_rejected(&response, 400, "Missing required parameter - file");
    assert_empty(&server);
}

#[test]
fn changed_forms_are_rejected() {
    let server = Server::start();
    let valid = recorded(&server, None);
    let change = |name: &str, value: &str| -> Fields {
        let mut fields = valid.clone();
        match fields.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => value.clone_into(known),
            None => fields.push((name.to_owned(), value.to_owned())),
        }
        fields
    };
    for fields in [
        change("type", "upload"),
        change("tags", "other"),
        change("public_id", "x"),
        change("timestamp", &(now() + 1).to_string()),
        change("signature", "0000000000000000000000000000000000000000"),
        change("signature", "x"),
        change("notification_url", "http://127.0.0.1:1/"),
        change("callback", "http://127.0.0.1:1/"),
        change("unknown", "1"),
    ] {
        let response = upload(&server, &fields, "a.png", &png(30, 20));
        assert_rejected(&response, 401, "Invalid Signature ");
    }
    let other: Cloud = "cloudinary://key:other@demo".parse().unwrap();
    let fields = sign(&other, now(), |form| form);
    let response = upload(&server, &fields, "a.png", &png(30, 20));
    assert_rejected(&response, 401, "Invalid Signature ");
    let response = upload(&server, &change("api_key", "other"), "a.png", &png(30, 20));
    assert_rejected(&response, 401, "Invalid api_key other");
    assert_empty(&server);
}

#[test]
fn the_message_has_the_signed_text_without_the_secret() {
    let server = Server::start();
    let fields = [
        ("timestamp", "1315060510"),
        ("public_id", "sample_image"),
        ("api_key", "key"),
        ("signature", "bad"),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let response = upload(&server, &fields.to_vec(), "a.png", &png(30, 20));
    assert_rejected(
        &response,
        401,
        "Invalid Signature bad. String to sign - 'public_id=sample_image&timestamp=1315060510'.",
    );
    assert!(!String::from_utf8_lossy(&response.body).contains("abcd"));
}

#[test]
fn the_signed_text_has_the_version_of_the_account() {
    for (version, text) in [
        (ApiSignatureVersion::V1, "context=a&b&timestamp=1315060510"),
        (
            ApiSignatureVersion::V2,
            "context=a%26b&timestamp=1315060510",
        ),
    ] {
        let server = Server::with(cloud().with_api_signature_version(version), |_| {});
        let fields = [
            ("timestamp", "1315060510"),
            ("context", "a&b"),
            ("api_key", "key"),
            ("signature", "bad"),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let response = upload(&server, &fields.to_vec(), "a.png", &png(30, 20));
        let message = format!("Invalid Signature bad. String to sign - '{text}'.");
        assert_rejected(&response, 401, &message);
    }
}

#[test]
fn files_and_folders_have_different_names() {
    let server = Server::start();
    server.save(DeliveryType::Upload, "file", &png(40, 30));
    server.save(DeliveryType::Upload, "folder.png/a", &png(40, 30));
    server.save(DeliveryType::Upload, "other.jpg/a", &png(40, 30));
    let upload = |public_id: &str| {
        let fields = sign(&cloud(), now(), |form| form.public_id(public_id));
        upload(&server, &fields, "b.png", &png(30, 20))
    };
    for public_id in ["file.png/a", "file.png/a/b", "folder"] {
        let message = format!(
            "cannot save `image/upload/{public_id}`: a file and a folder would have the same name"
        );
        assert_rejected(&upload(public_id), 400, &message);
    }
    // The folder does not have the name of a PNG file.
    assert_eq!(upload("other").status, 200);
    let inside = server.url("/demo/image/upload/v1/other.jpg/a.png");
    assert_eq!(server.get(&inside).body, png(40, 30));
}

#[test]
fn stale_forms_are_rejected() {
    let server = Server::start();
    // 2015-06-20 12:59:41 UTC
    let fields = sign(&cloud(), 1_434_805_181, |form| form);
    let response = upload(&server, &fields, "a.png", &png(30, 20));
    assert_rejected(
        &response,
        400,
        "Stale request - reported time is 2015-06-20 12:59:41 +0000 which is more than 1 hour ago",
    );
    assert_empty(&server);
}

#[test]
fn forms_of_the_future_are_rejected() {
    let server = Server::start();
    for timestamp in [now() + 2 * 3_600, i64::MAX] {
        let fields = sign(&cloud(), timestamp, |form| form);
        let response = upload(&server, &fields, "a.png", &png(30, 20));
        let message = format!("Invalid timestamp {timestamp} - it is more than 1 hour ahead");
        assert_rejected(&response, 400, &message);
    }
    assert_empty(&server);
    // The clock of a client may be fast.
    let fields = sign(&cloud(), now() + 1_800, |form| form);
    let response = upload(&server, &fields, "a.png", &png(30, 20));
    assert_eq!(response.status, 200, "{}", response.error());
}

#[test]
fn other_clouds_and_types_are_rejected() {
    let server = Server::start();
    let body = multipart(
        &recorded(&server, None),
        Some((Some("a.png"), &png(30, 20))),
    );
    let response = post(&server, "/v1_1/other/image/upload", &body, &[]);
    assert_rejected(&response, 404, "Unknown cloud_name other");
    let response = post(&server, "/v1_1/demo/raw/upload", &body, &[]);
    assert_rejected(&response, 400, "Resource type raw is not supported");
    let response = post(&server, "/v1_1/%FF/image/upload", &body, &[]);
    assert_rejected(&response, 400, "Invalid URL");
    assert_empty(&server);
}

#[test]
fn files_that_are_not_images_are_rejected() {
    let server = Server::start();
    let fields = recorded(&server, None);
    let picture = png(30, 20);
    for bytes in [
        b"".as_slice(),
        b"not a picture",
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"\x89PNG\r\n\x1a\n",
        &picture[..picture.len() / 2],
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ] {
        let response = upload(&server, &fields, "a.png", bytes);
        assert_rejected(&response, 400, "Invalid image file");
    }
    assert_empty(&server);
}

#[test]
fn large_files_are_rejected() {
    let server = Server::with(cloud(), |settings| settings.limits.source_bytes = 100_000);
    let fields = recorded(&server, None);
    let large = vec![0xFF; 100_001];
    let response = upload(&server, &fields, "a.png", &large);
    assert_rejected(&response, 400, "File size too large.");
    let uri = format!("data:image/png;base64,{}", STANDARD.encode(&large));
    let body = multipart(&fields, Some((None, uri.as_bytes())));
    let response = post(&server, "/v1_1/demo/image/upload", &body, &[]);
    assert_rejected(&response, 400, "File size too large.");
    let mut fields = fields;
    fields.push(("context".to_owned(), "x".repeat(70_000)));
    let response = upload(&server, &fields, "a.png", &png(30, 20));
    assert_rejected(&response, 400, "context is longer than");
    assert_empty(&server);
}

#[test]
fn invalid_values_are_named() {
    let server = Server::start();
    for (name, value, message) in [
        ("public_id", "../x", "invalid component `..`"),
        ("public_id", "a//b", "invalid component ``"),
        ("public_id", ".x", "invalid component `.x`"),
        ("public_id", "a?b", "public_id (a?b) is invalid"),
        ("public_id", "a%2Fb", "public_id (a%2Fb) is invalid"),
        ("folder", "../../x", "invalid component `..`"),
        (
            "type",
            "fetch",
            "files of the delivery type `fetch` are not stored",
        ),
        ("type", "a/b", "Invalid type a/b"),
        (
            "allowed_formats",
            "jpg,webp",
            "Image file format png not allowed",
        ),
        ("notification_url", "nonsense", "Invalid notification_url"),
        (
            "notification_url",
            "http://169.254.169.254/latest",
            "notification_url points to 169.254.169.254, which is not a loopback address",
        ),
        (
            "callback",
            "https://evil.example/",
            "callback points to evil.example, which is not a loopback address",
        ),
    ] {
        let fields = sign(&cloud(), now(), |form| form.parameter(name, value).unwrap());
        let response = upload(&server, &fields, "a.png", &png(30, 20));
        assert_rejected(&response, 400, message);
    }
    assert_empty(&server);
}

#[test]
fn remote_files_are_not_fetched() {
    let server = Server::start();
    let fields = recorded(&server, None);
    for url in ["http://127.0.0.1:1/a.png", "https://example.org/a.png"] {
        let body = multipart(&fields, Some((None, url.as_bytes())));
        let response = post(&server, "/v1_1/demo/image/upload", &body, &[]);
        assert_rejected(&response, 400, "Remote URLs are not supported");
    }
    assert_empty(&server);
}

#[test]
fn malformed_bodies_are_rejected() {
    let server = Server::start();
    let valid = multipart(
        &recorded(&server, None),
        Some((Some("a.png"), &png(30, 20))),
    );
    for body in [
        b"nonsense".as_slice(),
        &valid[..valid.len() / 2],
        &valid[..valid.len() - 10],
        &valid[10..],
    ] {
        let response = post(&server, "/v1_1/demo/image/upload", body, &[]);
        assert!(
            matches!(response.status.as_u16(), 400 | 401),
            "{}",
            response.status
        );
    }
    let many: Fields = (0..200)
        .map(|number| (format!("field{number}"), "x".to_owned()))
        .collect();
    let response = upload(&server, &many, "a.png", &png(30, 20));
    assert_rejected(&response, 400, "The form has more than 100 fields");
    let url = server.url("/v1_1/demo/image/upload");
    let headers = [("content-type", "application/json")];
    let response = server.send_body(&http::Method::POST, &url, &headers, b"{}");
    assert_rejected(&response, 415, "Send multipart/form-data");
    assert_empty(&server);
}

#[test]
fn unsupported_parameters_are_named() {
    let server = Server::start();
    let fields = sign(&cloud(), now(), |form| {
        form.parameter("eager", "w_100").unwrap().upload_preset("x")
    });
    let response = upload(&server, &fields, "a.png", &png(30, 20));
    assert_eq!(response.status, 200);
    let mut names: Vec<_> = response.header("x-local-unsupported").split(", ").collect();
    names.sort_unstable();
    assert_eq!(names, ["eager", "upload_preset"]);
}

/// Starts an upload that goes on for a long time. Returns the start of the response, which
/// is sent when the server receives the form, or rejects it.
fn start_upload(server: &Server) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(server.address).unwrap();
    let head = format!(
        "POST /v1_1/demo/image/upload HTTP/1.1\r\nHost: {}\r\nExpect: 100-continue\r\n\
        Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 40000000\r\n\r\n",
        server.address
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).unwrap();
    (stream, String::from_utf8(status.to_vec()).unwrap())
}

#[test]
fn slow_uploads_are_limited() {
    let server = Server::start();
    let mut slow: Vec<_> = (0..32)
        .map(|_| {
            let (mut stream, status) = start_upload(&server);
            assert_eq!(status, "HTTP/1.1 100");
            let part =
                "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
            stream.write_all(part.as_bytes()).unwrap();
            stream
        })
        .collect();
    let (mut rejected, status) = start_upload(&server);
    assert_eq!(status, "HTTP/1.1 503");
    let mut rest = String::new();
    rejected.read_to_string(&mut rest).unwrap();
    assert!(
        rest.to_lowercase().contains("\r\nretry-after: 1\r\n"),
        "{rest}"
    );

    // The server ends the uploads that are too slow, even if they never pause for long.
    let fields = recorded(&server, None);
    let response = loop {
        for stream in &mut slow {
            let _ = stream.write_all(b"x");
        }
        let response = upload(&server, &fields, "a.png", &png(30, 20));
        if response.status != 503 {
            break response;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    };
    assert_eq!(response.status, 200, "{}", response.error());
    let mut ended = slow.swap_remove(0);
    let mut response = [0; 4_096];
    let mut text = String::new();
    while !text.contains("bytes per second") {
        let read = ended.read(&mut response).unwrap();
        assert!(read > 0, "{text}");
        text.push_str(&String::from_utf8_lossy(&response[..read]));
    }
    assert!(text.contains("HTTP/1.1 408 "), "{text}");
}
