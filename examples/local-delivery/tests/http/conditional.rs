//! Conditional and range requests (RFC 9110, sections 13 and 14).

use http::Method;
use url_signer::cloudinary::DeliveryType;

use crate::pictures::jpeg;
use crate::server::{Response, Server};

/// A picture of which nothing is changed, with a known time of modification.
fn start() -> (Server, String, Vec<u8>) {
    let server = Server::start();
    let bytes = jpeg(40, 30);
    server.save(DeliveryType::Upload, "photo", &bytes);
    let file = std::fs::File::options()
        .write(true)
        .open(server.original("demo/image/upload/photo.jpg"))
        .unwrap();
    // 2024-05-06 07:08:09.5 UTC
    let modified = std::time::UNIX_EPOCH + std::time::Duration::from_millis(1_714_979_289_500);
    file.set_modified(modified).unwrap();
    let url = server.url("/demo/image/upload/photo.jpg");
    (server, url, bytes)
}

const MODIFIED: &str = "Mon, 06 May 2024 07:08:09 GMT";
const EARLIER: &str = "Mon, 06 May 2024 07:08:08 GMT";
const LATER: &str = "Mon, 06 May 2024 07:08:10 GMT";

#[test]
fn preconditions_follow_the_specification() {
    let (server, url, _) = start();
    let first = server.get(&url);
    let tag = first.header("etag").to_owned();
    assert_eq!(first.header("last-modified"), MODIFIED);
    let weak = format!("W/{tag}");
    let list = format!("\"a\", {tag}");
    let cases: &[(&[(&str, &str)], u16)] = &[
        (&[("if-none-match", &tag)], 304),
        (&[("if-none-match", &weak)], 304),
        (&[("if-none-match", &list)], 304),
        (&[("if-none-match", "*")], 304),
        (&[("if-none-match", "\"other\"")], 200),
        (&[("if-match", &tag)], 200),
        (&[("if-match", &list)], 200),
        (&[("if-match", "*")], 200),
        // The strong comparison.
        (&[("if-match", &weak)], 412),
        (&[("if-match", "\"other\"")], 412),
        (&[("if-modified-since", MODIFIED)], 304),
        (&[("if-modified-since", LATER)], 304),
        (&[("if-modified-since", EARLIER)], 200),
        (&[("if-modified-since", "yesterday")], 200),
        (&[("if-unmodified-since", MODIFIED)], 200),
        (&[("if-unmodified-since", LATER)], 200),
        (&[("if-unmodified-since", EARLIER)], 412),
        // If-None-Match replaces If-Modified-Since.
        (
            &[("if-none-match", "\"other\""), ("if-modified-since", LATER)],
            200,
        ),
        (
            &[("if-none-match", &tag), ("if-modified-since", EARLIER)],
            304,
        ),
        // If-Match replaces If-Unmodified-Since and precedes If-None-Match.
        (&[("if-match", &tag), ("if-unmodified-since", EARLIER)], 200),
        (&[("if-match", "\"other\""), ("if-none-match", &tag)], 412),
        (&[("if-match", &tag), ("if-none-match", &tag)], 304),
    ];
    for (headers, status) in cases {
        for method in [Method::GET, Method::HEAD] {
            let response = server.send(&method, &url, headers);
            assert_eq!(response.status, *status, "{method} {headers:?}");
            if *status == 304 {
                assert!(response.body.is_empty());
                assert_eq!(response.header("etag"), tag);
                assert_eq!(response.header("last-modified"), MODIFIED);
                assert_eq!(
                    response.header("cache-control"),
                    first.header("cache-control")
                );
                assert_eq!(response.header("content-type"), "");
            }
        }
    }
}

#[test]
fn ranges_select_bytes() {
    let (server, url, bytes) = start();
    let length = bytes.len();
    let end = length - 1;
    let beyond = format!("bytes={length}-");
    let cases: &[(&str, u16, std::ops::Range<usize>)] = &[
        ("bytes=0-9", 206, 0..10),
        ("bytes=10-", 206, 10..length),
        ("bytes=-10", 206, length - 10..length),
        ("bytes=-999999", 206, 0..length),
        ("bytes=5-999999", 206, 5..length),
        (&format!("bytes={end}-{end}"), 206, end..length),
        ("bytes=0-1,3-4", 200, 0..length),
        ("bytes=9-1", 200, 0..length),
        ("pixels=0-9", 200, 0..length),
        (&beyond, 416, 0..0),
        ("bytes=-0", 416, 0..0),
    ];
    for (range, status, selected) in cases {
        let response = server.get_with(&url, &[("range", range)]);
        assert_eq!(response.status, *status, "{range}");
        assert_eq!(response.body, bytes[selected.clone()], "{range}");
        assert_eq!(response.header("accept-ranges"), "bytes");
        let content_range = match status {
            206 => format!("bytes {}-{}/{length}", selected.start, selected.end - 1),
            416 => format!("bytes */{length}"),
            _ => String::new(),
        };
        assert_eq!(response.header("content-range"), content_range, "{range}");
        // Only `GET` defines ranges.
        let response = server.send(&Method::HEAD, &url, &[("range", range)]);
        assert_eq!(response.status, 200, "HEAD {range}");
        assert_eq!(response.header("content-length"), length.to_string());
    }
}

#[test]
fn failed_conditions_are_not_cached() {
    let (server, url, _) = start();
    for (header, status) in [
        (("range", "bytes=999999-"), 416),
        (("if-match", "\"other\""), 412),
    ] {
        let response = server.get_with(&url, &[header]);
        assert_eq!(response.status, status);
        assert_eq!(response.header("cache-control"), "no-store", "{status}");
        assert_eq!(response.header("content-disposition"), "", "{status}");
    }
}

#[test]
fn if_range_decides_about_the_range() {
    let (server, url, bytes) = start();
    let tag = server.get(&url).header("etag").to_owned();
    let weak = format!("W/{tag}");
    for (if_range, status) in [
        (&*tag, 206),
        (&weak, 200),
        ("\"other\"", 200),
        (MODIFIED, 206),
        (EARLIER, 200),
        // Only the exact date.
        (LATER, 200),
        ("nonsense", 200),
    ] {
        let headers = [("range", "bytes=0-0"), ("if-range", if_range)];
        let response = server.get_with(&url, &headers);
        assert_eq!(response.status, status, "{if_range}");
        let length = if status == 206 { 1 } else { bytes.len() };
        assert_eq!(response.body.len(), length, "{if_range}");
    }
}

#[test]
fn ranges_of_a_derived_image_are_parts_of_it() {
    let (server, _, _) = start();
    let url = server.url("/demo/image/upload/c_fit,w_20/photo.png");
    let whole = server.get(&url);
    assert_eq!(whole.status, 200);
    let part = |range: &str| -> Response {
        let tag = whole.header("etag");
        server.get_with(&url, &[("range", range), ("if-range", tag)])
    };
    let (first, rest) = (part("bytes=0-99"), part("bytes=100-"));
    assert_eq!([first.status, rest.status], [206, 206]);
    assert_eq!([first.body, rest.body].concat(), whole.body);
}
