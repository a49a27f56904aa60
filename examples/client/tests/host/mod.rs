//! A scripted host and `image-host`.

#![allow(dead_code, reason = "each test uses a part")]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};
use std::{env, mem, thread};

use rusqlite::Connection;
use tempfile::TempDir;

/// The bytes of a response.
pub(crate) struct Reply {
    bytes: Vec<u8>,
    /// The length of the head.
    body: usize,
    then: Then,
}

enum Then {
    Close,
    /// Keep the connection open without sending more.
    Stall,
    /// Send the request back as the body.
    Echo,
    /// Send further parts of the body with a pause after each, until the client
    /// closes the connection.
    Endless(Part, Duration),
}

/// Returns the part of a body with a number.
type Part = Box<dyn Fn(u64) -> Vec<u8> + Send>;

/// The maximum time that a host sends an endless body.
const ENDLESS: Duration = Duration::from_mins(2);

const JSON: &str = "Content-Type: application/json; charset=utf-8";

impl Reply {
    fn new(head: &str, body: &[u8]) -> Self {
        let head = format!("HTTP/1.1 {head}\r\nConnection: close\r\n\r\n");
        Self {
            body: head.len(),
            bytes: [head.as_bytes(), body].concat(),
            then: Then::Close,
        }
    }

    pub(crate) fn payload(payload: &str) -> Self {
        // An empty payload announces a body that is never sent.
        let length = payload.len().max(1);
        Self::new(
            &format!("200 OK\r\n{JSON}\r\nContent-Length: {length}"),
            payload.as_bytes(),
        )
    }

    /// Creates a 200 response with header lines and a body.
    pub(crate) fn with_headers(headers: &[&str], body: &[u8]) -> Self {
        let length = format!("Content-Length: {}", body.len());
        let head = [&["200 OK", &*length], headers].concat().join("\r\n");
        Self::new(&head, body)
    }

    /// Creates a payload that begins with `start` and never ends.
    pub(crate) fn endless(
        start: &str,
        pause: Duration,
        part: impl Fn(u64) -> Vec<u8> + Send + 'static,
    ) -> Self {
        Self {
            then: Then::Endless(Box::new(part), pause),
            ..Self::new(&format!("200 OK\r\n{JSON}"), start.as_bytes())
        }
    }

    pub(crate) fn chunked(payload: &str) -> Self {
        let mut body = Vec::new();
        for chunk in payload.as_bytes().chunks(1000) {
            write!(body, "{:x}\r\n", chunk.len()).unwrap();
            body.extend_from_slice(chunk);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"0\r\n\r\n");
        Self::new(
            &format!("200 OK\r\n{JSON}\r\nTransfer-Encoding: chunked"),
            &body,
        )
    }

    pub(crate) fn status(status: &str, headers: &str) -> Self {
        let headers = headers.trim_end();
        let line = if headers.is_empty() { "" } else { "\r\n" };
        Self::new(
            &format!("{status}\r\nContent-Length: 0{line}{headers}"),
            b"",
        )
    }

    /// Closes the connection after `body` bytes of the body.
    pub(crate) fn cut(mut self, body: usize) -> Self {
        assert!(self.body + body <= self.bytes.len());
        self.bytes.truncate(self.body + body);
        self
    }

    /// Stops sending after `body` bytes of the body.
    pub(crate) fn stall(self, body: usize) -> Self {
        Self {
            then: Then::Stall,
            ..self.cut(body)
        }
    }

    /// Stops sending within the head.
    pub(crate) fn stall_in_head(mut self) -> Self {
        self.bytes.truncate(self.body - 4);
        Self {
            then: Then::Stall,
            ..self
        }
    }

    /// Sends the request as the body.
    pub(crate) fn echoing(self) -> Self {
        Self {
            then: Then::Echo,
            ..self
        }
    }
}

/// A host that sends one reply per connection.
pub(crate) struct Host {
    pub(crate) url: String,
    received: Arc<Received>,
}

#[derive(Default)]
struct Received {
    /// The heads of the requests.
    requests: Mutex<Vec<String>>,
    changed: Condvar,
}

impl Host {
    pub(crate) fn start(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!(
            "http://{}/api/v1/image_syncs",
            listener.local_addr().unwrap()
        );
        let received = Arc::new(Received::default());
        let log = Arc::clone(&received);
        thread::spawn(move || {
            let mut stalled = Vec::new();
            for reply in replies {
                let (mut stream, _) = listener.accept().unwrap();
                let request = head(&stream);
                let _ = stream.write_all(&reply.bytes);
                if let Then::Echo = reply.then {
                    let _ = stream.write_all(request.as_bytes());
                }
                log.requests.lock().unwrap().push(request);
                log.changed.notify_all();
                match reply.then {
                    Then::Stall => stalled.push(stream),
                    Then::Endless(part, pause) => {
                        let started = Instant::now();
                        for number in 0.. {
                            let sent = stream.write_all(&part(number));
                            if sent.is_err() || started.elapsed() > ENDLESS {
                                break;
                            }
                            thread::sleep(pause);
                        }
                    }
                    Then::Close | Then::Echo => {}
                }
            }
        });
        Self { url, received }
    }

    /// Returns the heads of the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        mem::take(&mut *self.received.requests.lock().unwrap())
    }

    /// Waits for a number of requests.
    pub(crate) fn wait_for_requests(&self, requests: usize) {
        let received = self.received.requests.lock().unwrap();
        let fewer = |received: &mut Vec<String>| received.len() < requests;
        drop(self.received.changed.wait_while(received, fewer).unwrap());
    }
}

fn head(stream: &TcpStream) -> String {
    let mut head = String::new();
    let mut stream = BufReader::new(stream);
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(stream.read_line(&mut head).unwrap(), 0);
    }
    head
}

/// `image-host` with an embedded database and generated images.
pub(crate) struct ImageHost {
    pub(crate) url: String,
    /// The token of a user who may see the images.
    pub(crate) token: String,
    process: Child,
    folder: TempDir,
}

impl ImageHost {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new(image_host())
            .current_dir(&folder)
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments)
            .env_clear()
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let lines: Vec<_> = lines.take(5).map(Result::unwrap).collect();
        // The host prints the address of its gallery, commands to paste, then its URL.
        let url = lines[4].strip_prefix("listening on ").unwrap();
        assert_eq!(lines[0], format!("gallery: {url}/"));
        let endpoint = format!("{url}/api/v1/image_syncs");
        assert_eq!(
            lines[2],
            format!("cargo run --release -p client -- {endpoint}")
        );
        assert!(lines[3].starts_with(&format!("curl -sg '{endpoint}?ids[]=")));
        let token = lines[1].strip_prefix("export IMAGE_SYNC_TOKEN=").unwrap();
        Self {
            url: url.to_owned(),
            token: token.to_owned(),
            process,
            folder,
        }
    }

    /// Changes one row of the database.
    pub(crate) fn execute(&self, statement: &str) {
        let file = self.folder.path().join("image-host.sqlite");
        let rows = Connection::open(file).unwrap().execute(statement, []);
        assert_eq!(rows.unwrap(), 1);
    }
}

impl Drop for ImageHost {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns the path of the program, which a test of the whole workspace builds.
fn image_host() -> PathBuf {
    let test = env::current_exe().unwrap();
    let profile = test.parent().and_then(|deps| deps.parent()).unwrap();
    let program = profile.join("image-host");
    assert!(program.exists(), "run `cargo build -p image-host` first");
    program
}
