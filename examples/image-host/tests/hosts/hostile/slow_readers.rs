//! Clients that read slowly or stop reading.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::thread;
use std::time::Duration;

use super::connect;
use crate::database::{Database, Engine};
use crate::disconnects::begin;
use crate::host::USER;

tests! {
    both: an_aborted_response_is_logged_with_its_cause,
    sqlite: a_slow_steady_reader_gets_the_whole_payload,
    sqlite: an_http_1_0_payload_ends_with_an_error_if_aborted,
}

fn a_slow_steady_reader_gets_the_whole_payload() {
    let database = Database::embedded();
    let host = database.host(&["--images", "4000", "--reader-wait-ms", "700"]);
    let length = host.images("").body.len();
    let mut reader = begin(&host);
    let (mut received, mut buffer, mut end) = (1_024, vec![0; 100_000], Vec::new());
    loop {
        // About 1 MB per second.
        thread::sleep(Duration::from_millis(100));
        reader.read_exact(&mut buffer[..1]).unwrap();
        let read = 1 + reader.read(&mut buffer[1..]).unwrap();
        received += read;
        end.extend_from_slice(&buffer[..read]);
        end.drain(..end.len().saturating_sub(8));
        if end.ends_with(b"]\r\n0\r\n\r\n") {
            break;
        }
    }
    assert!(received > length);
    assert!(!host.stop().contains("response aborted"));
}

fn an_aborted_response_is_logged_with_its_cause(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&["--images", "20000", "--reader-wait-ms", "300"]);
        let mut reader = begin(&host);
        thread::sleep(Duration::from_secs(3));
        let mut rest = Vec::new();
        // The end of the connection must not look like the end of the payload.
        let _ = reader.read_to_end(&mut rest);
        assert!(!rest.ends_with(b"0\r\n\r\n"));
        let log = host.stop();
        let aborted: Vec<_> = log
            .lines()
            .filter(|line| line.contains("response aborted"))
            .collect();
        let [line] = &*aborted else { panic!("{log}") };
        assert!(
            line.contains("the client accepted no bytes for 300ms"),
            "{line}"
        );
        assert!(line.contains(USER), "{line}");
        assert!(line.contains("request_id"), "{line}");
        assert!(!log.contains("database is not available"), "{log}");
    });
}

fn an_http_1_0_payload_ends_with_an_error_if_aborted() {
    let database = Database::embedded();
    let host = database.host(&["--images", "20000", "--reader-wait-ms", "300"]);
    let mut reader = connect(&host);
    write!(
        reader,
        "GET /api/v1/image_syncs HTTP/1.0\r\nAuthorization: Token {}\r\n\r\n",
        host.token
    )
    .unwrap();
    reader.shutdown(Shutdown::Write).unwrap();
    thread::sleep(Duration::from_secs(3));
    assert!(reader.read_to_end(&mut Vec::new()).is_err());
}
