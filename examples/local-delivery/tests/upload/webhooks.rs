//! The signed webhook of an upload.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc;
use std::thread;

use http::HeaderMap;
use serde_json::{Map, Value, json};
use url_signer::cloudinary::SignatureAlgorithm;

use crate::form::{now, recorded, upload};
use crate::pictures::png;
use crate::server::{Response, Server, cloud};

/// A webhook that was received.
struct Webhook {
    target: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// Responds to webhooks with these statuses, one connection each.
fn receiver(statuses: &'static [u16]) -> (SocketAddr, mpsc::Receiver<Webhook>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, received) = mpsc::channel();
    thread::spawn(move || {
        for status in statuses {
            let (mut stream, _) = listener.accept().unwrap();
            let mut bytes = Vec::new();
            let head = loop {
                let mut buffer = [0; 4_096];
                let read = stream.read(&mut buffer).unwrap();
                bytes.extend(&buffer[..read]);
                if let Some(end) = bytes.windows(4).position(|end| end == b"\r\n\r\n") {
                    break end + 4;
                }
            };
            let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
            let mut headers = HeaderMap::new();
            for line in text.lines().skip(1).filter(|line| !line.is_empty()) {
                let (name, value) = line.split_once(": ").unwrap();
                let name: http::HeaderName = name.parse().unwrap();
                headers.insert(name, value.parse().unwrap());
            }
            let length: usize = headers["content-length"].to_str().unwrap().parse().unwrap();
            let mut body = bytes[head..].to_vec();
            while body.len() < length {
                let mut buffer = [0; 4_096];
                let read = stream.read(&mut buffer).unwrap();
                body.extend(&buffer[..read]);
            }
            let target = text.split(' ').nth(1).unwrap().to_owned();
            sender
                .send(Webhook {
                    target,
                    headers,
                    body,
                })
                .unwrap();
            let response = format!(
                "HTTP/1.1 {status} x\r\nContent-Length: 0\r\n\
                Location: http://127.0.0.1:1/\r\nConnection: close\r\n\r\n"
            );
            stream.write_all(response.as_bytes()).unwrap();
        }
    });
    (address, received)
}

/// Uploads a picture with the recorded form, and a URL for the webhook.
fn upload_and_notify(server: &Server, url: &str) -> Response {
    let form = recorded(server, Some(url));
    upload(server, &form, "a.png", &png(30, 20))
}

#[test]
fn the_webhook_is_signed() {
    for algorithm in [SignatureAlgorithm::Sha1, SignatureAlgorithm::Sha256] {
        let cloud = cloud().with_signature_algorithm(algorithm);
        let server = Server::with(cloud.clone(), |_| {});
        let (address, received) = receiver(&[201]);
        let url = format!("http://{address}/api/v1/cloudinary?token=a.b.c");
        let response = upload_and_notify(&server, &url);
        assert_eq!(response.status, 200, "{}", response.error());
        // It was sent before the response.
        let webhook = received.try_recv().unwrap();
        assert_eq!(webhook.target, "/api/v1/cloudinary?token=a.b.c");
        assert_eq!(webhook.headers["content-type"], "application/json");
        let timestamp = webhook.headers["x-cld-timestamp"].to_str().unwrap();
        let signature = webhook.headers["x-cld-signature"].to_str().unwrap();
        let verified = cloud.verify_webhook(timestamp, signature, &webhook.body, now());
        assert!(verified.is_ok(), "{verified:?}");

        let body: Map<String, Value> = serde_json::from_slice(&webhook.body).unwrap();
        assert_eq!(body["notification_type"], json!("upload"));
        let context = &body["notification_context"]["triggered_by"];
        assert_eq!(*context, json!({ "source": "api", "id": "key" }));
        let described: Map<String, Value> = serde_json::from_slice(&response.body).unwrap();
        for (key, value) in &described {
            assert_eq!(body[key], *value, "{key}");
        }
        let keys: Vec<_> = body.keys().map(|key| &**key).collect();
        assert_eq!(keys[..3], ["notification_type", "timestamp", "request_id"]);
        assert_eq!(
            keys[keys.len() - 2..],
            ["notification_context", "signature_key"]
        );
    }
}

#[test]
fn a_failed_webhook_is_repeated() {
    let server = Server::start();
    let (address, received) = receiver(&[500, 302, 201]);
    let url = format!("http://{address}/");
    let response = upload_and_notify(&server, &url);
    assert_eq!(response.status, 200);
    let webhooks: Vec<_> = received.iter().collect();
    assert_eq!(webhooks.len(), 3);
    for webhook in &webhooks {
        assert_eq!(webhook.body, webhooks[0].body);
        assert_eq!(
            webhook.headers["x-cld-signature"],
            webhooks[0].headers["x-cld-signature"]
        );
    }
}

#[test]
fn an_upload_does_not_depend_on_its_webhook() {
    let server = Server::start();
    // Nobody listens there.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let response = upload_and_notify(&server, &url);
    assert_eq!(response.status, 200);
    assert!(server.delivery.originals().any().is_some());
}
