//! A host that is stopped while it sends, and a log that cannot be written.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write, pipe};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use super::connect;
use crate::database::Database;
use crate::host::USER;

tests! {
    sqlite: a_shutdown_resets_incomplete_responses,
    sqlite: a_log_that_cannot_be_written_fails_no_request,
}

fn a_shutdown_resets_incomplete_responses() {
    let database = Database::embedded();
    let host = database.host(&["--images", "20000"]);
    // Without chunks, the end of the connection is the end of the payload.
    let mut reader = connect(&host);
    write!(
        reader,
        "GET /api/v1/image_syncs HTTP/1.0\r\nAuthorization: Token {}\r\n\r\n",
        host.token
    )
    .unwrap();
    reader.read_exact(&mut [0; 1_024]).unwrap();
    let log = host.stop();
    assert!(reader.read_to_end(&mut Vec::new()).is_err());
    let aborted: Vec<_> = log
        .lines()
        .filter(|line| line.contains("response aborted"))
        .collect();
    let [line] = &*aborted else { panic!("{log}") };
    assert!(line.contains("the host is shutting down"), "{line}");
    assert!(line.contains(USER), "{line}");
}

/// Starts a host with a log and returns the address.
fn start(database: &Database, log: impl Into<Stdio>) -> (Child, String) {
    let mut process = database
        .command(&["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(process.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    let address = line
        .trim_end()
        .strip_prefix("listening on http://")
        .unwrap();
    (process, address.to_owned())
}

fn a_log_that_cannot_be_written_fails_no_request() {
    let (reader, closed) = pipe().unwrap();
    drop(reader);
    let full = File::options().write(true).open("/dev/full").unwrap();
    for log in [Stdio::from(closed), full.into()] {
        let database = Database::embedded();
        let (mut process, address) = start(&database, log);
        for request in ["GET /healthz", "GET /x", "POST /healthz"] {
            let mut stream = TcpStream::connect(&address).unwrap();
            let head = format!("{request} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).unwrap();
            let mut response = String::new();
            stream.read_to_string(&mut response).unwrap();
            assert!(response.starts_with("HTTP/1.1 "), "{request}: {response}");
        }
        process.kill().unwrap();
        process.wait().unwrap();
    }
}
