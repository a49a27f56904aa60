//! Clients that go away.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::host::{Host, IDS, on_both, query};

/// Asks for all images and reads only the beginning.
pub(crate) fn begin(host: &Host) -> TcpStream {
    let address = host.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET /api/v1/image_syncs HTTP/1.1\r\nHost: {address}\r\nAuthorization: Token {}\r\n\r\n",
        host.token
    )
    .unwrap();
    let mut beginning = [0; 1024];
    stream.read_exact(&mut beginning).unwrap();
    assert!(beginning.starts_with(b"HTTP/1.1 200 OK\r\n"));
    stream
}

#[test]
fn a_client_that_goes_away_leaves_its_connection_to_others() {
    on_both(|database| {
        let host = database.host(&["--images", "20000", "--connections", "2"]);
        for _ in 0..6 {
            drop(begin(&host));
        }
        assert_eq!(host.images(&query(IDS)).body.len(), 11775);
        let all = host.images("");
        let images = image_model::from_slice::<String>(&all.body).unwrap();
        assert_eq!(images.len(), 20_004);
    });
}

#[test]
fn who_finds_no_connection_free_is_told_to_come_again() {
    on_both(|database| {
        let arguments = [
            "--images",
            "20000",
            "--connections",
            "1",
            "--pool-wait-ms",
            "200",
        ];
        let host = database.host(&arguments);
        let reader = begin(&host);
        let answer = host.images(&query(IDS));
        assert_eq!((answer.status, answer.text()), (503, ""));
        assert_eq!(answer.header("retry-after"), "1");
        assert_eq!(host.get("/healthz", &[]).status, 503);
        drop(reader);
        // The host learns of it when it next writes.
        let well = (0..100).any(|_| host.images(&query(IDS)).status == 200);
        assert!(well);
    });
}

#[test]
fn who_takes_nothing_for_long_loses_the_connection_to_others() {
    on_both(|database| {
        let arguments = [
            "--images",
            "20000",
            "--connections",
            "1",
            "--reader-wait-ms",
            "200",
        ];
        let host = database.host(&arguments);
        let mut reader = begin(&host);
        assert_eq!(host.images(&query(IDS)).status, 200);
        let mut rest = Vec::new();
        // Broken off: what did come must not look whole.
        let _ = reader.read_to_end(&mut rest);
        assert!(!rest.ends_with(b"]\r\n0\r\n\r\n"));
        assert!(!rest.ends_with(b"0\r\n\r\n"));
        assert!(host.stop().contains("a payload broke off"));
    });
}

#[test]
fn an_answer_that_has_begun_is_finished_before_the_host_ends() {
    on_both(|database| {
        let host = database.host(&["--images", "5000"]);
        let whole = host.images("").body.len();
        let mut reader = begin(&host);
        host.signal();
        let mut rest = Vec::new();
        reader.read_to_end(&mut rest).unwrap();
        assert!(rest.ends_with(b"]\r\n0\r\n\r\n"));
        assert!(rest.len() + 1024 > whole);
        assert!(host.try_images("").is_err());
    });
}
