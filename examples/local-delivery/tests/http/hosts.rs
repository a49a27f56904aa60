//! The header `Host`.

use std::io::{Read, Write};
use std::net::TcpStream;

use url_signer::Authority;
use url_signer::cloudinary::DeliveryType;

use crate::pictures::jpeg;
use crate::server::{Server, cloud};

/// Requests a picture with these lines after the request line. Returns the response.
fn request(server: &Server, target: &str, lines: &str) -> String {
    let mut stream = TcpStream::connect(server.address).unwrap();
    let request = format!("GET {target} HTTP/1.1\r\n{lines}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = Vec::new();
    stream.read_to_end(&mut response).unwrap();
    String::from_utf8_lossy(&response).to_lowercase()
}

fn status(response: &str) -> u16 {
    response.split(' ').nth(1).unwrap().parse().unwrap()
}

#[test]
fn other_hosts_are_misdirected() {
    let server = Server::with(cloud(), |settings| {
        settings.authority = Authority::new("pictures.example.org:8080").unwrap();
    });
    server.save(DeliveryType::Upload, "photo", &jpeg(40, 30));
    for (host, expected) in [
        ("pictures.example.org:8080", 200),
        ("pictures.example.org", 200),
        ("Pictures.Example.org:1", 200),
        ("127.0.0.1:3001", 200),
        ("127.0.0.1", 200),
        ("[::1]:3001", 200),
        ("localhost:3001", 200),
        ("app.localhost", 200),
        // Names that a website can point to a loopback address.
        ("evil.example:3001", 421),
        ("example.org", 421),
        ("a.pictures.example.org", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("10.0.0.7:3001", 421),
        ("a b", 400),
        ("", 400),
    ] {
        for target in ["/demo/image/upload/photo.jpg", "/v1_1/demo/image/upload"] {
            let response = request(&server, target, &format!("Host: {host}\r\n"));
            let expected = match (expected, target) {
                // The method is not allowed.
                (200, "/v1_1/demo/image/upload") => 405,
                _ => expected,
            };
            assert_eq!(status(&response), expected, "{host} {target}");
            if expected != 200 {
                assert!(response.contains("\r\nx-cld-error: "), "{host}");
                assert!(response.contains("\r\ncache-control: no-store"), "{host}");
            }
        }
    }
    let target = "/demo/image/upload/photo.jpg";
    for lines in ["", "Host: 127.0.0.1\r\nHost: 127.0.0.1\r\n"] {
        assert_eq!(status(&request(&server, target, lines)), 400, "{lines:?}");
    }
    // An absolute target replaces `Host` (RFC 9112, section 3.2.2).
    for (authority, expected) in [("localhost:1", 200), ("evil.example", 421)] {
        let target = format!("http://{authority}{target}");
        let response = request(&server, &target, "Host: 127.0.0.1\r\n");
        assert_eq!(status(&response), expected, "{authority}");
    }
}
