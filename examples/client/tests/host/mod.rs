//! Hosts for the client: one that answers as it is told, and the real one.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::{env, mem};

use rusqlite::Connection;
use tempfile::TempDir;

/// An answer, byte by byte.
pub(crate) struct Reply {
    bytes: Vec<u8>,
    /// Where the head ends.
    body: usize,
    then: Then,
}

enum Then {
    Close,
    /// Keep the connection and say no more.
    Stall,
    /// Send the request back as the body.
    Echo,
}

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
        // An empty one is one that never comes.
        let length = payload.len().max(1);
        Self::new(
            &format!("200 OK\r\nContent-Length: {length}"),
            payload.as_bytes(),
        )
    }

    pub(crate) fn chunked(payload: &str) -> Self {
        let mut body = Vec::new();
        for chunk in payload.as_bytes().chunks(1000) {
            write!(body, "{:x}\r\n", chunk.len()).unwrap();
            body.extend_from_slice(chunk);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"0\r\n\r\n");
        Self::new("200 OK\r\nTransfer-Encoding: chunked", &body)
    }

    pub(crate) fn status(status: &str, headers: &str) -> Self {
        let headers = headers.trim_end();
        let line = if headers.is_empty() { "" } else { "\r\n" };
        Self::new(
            &format!("{status}\r\nContent-Length: 0{line}{headers}"),
            b"",
        )
    }

    /// Only so many bytes of the body, and then the end.
    pub(crate) fn cut(mut self, body: usize) -> Self {
        assert!(self.body + body <= self.bytes.len());
        self.bytes.truncate(self.body + body);
        self
    }

    /// Only so many bytes of the body, and then nothing.
    pub(crate) fn stall(self, body: usize) -> Self {
        Self {
            then: Then::Stall,
            ..self.cut(body)
        }
    }

    pub(crate) fn echoing(self) -> Self {
        Self {
            then: Then::Echo,
            ..self
        }
    }
}

/// Gives its replies in turn, one a connection.
pub(crate) struct Host {
    pub(crate) url: String,
    heard: Arc<Heard>,
}

#[derive(Default)]
struct Heard {
    /// The heads of the requests that were answered.
    requests: Mutex<Vec<String>>,
    another: Condvar,
}

impl Host {
    pub(crate) fn start(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!(
            "http://{}/api/v1/image_syncs",
            listener.local_addr().unwrap()
        );
        let heard = Arc::new(Heard::default());
        let noted = Arc::clone(&heard);
        thread::spawn(move || {
            let mut stalled = Vec::new();
            for reply in replies {
                let (mut stream, _) = listener.accept().unwrap();
                let request = head(&stream);
                let _ = stream.write_all(&reply.bytes);
                if let Then::Echo = reply.then {
                    let _ = stream.write_all(request.as_bytes());
                }
                if let Then::Stall = reply.then {
                    stalled.push(stream);
                }
                noted.requests.lock().unwrap().push(request);
                noted.another.notify_all();
            }
        });
        Self { url, heard }
    }

    /// The heads of the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        mem::take(&mut *self.heard.requests.lock().unwrap())
    }

    /// Waits until so many requests were answered, or as far as they are to be.
    pub(crate) fn wait_until_answered(&self, requests: usize) {
        let heard = self.heard.requests.lock().unwrap();
        let fewer = |heard: &mut Vec<String>| heard.len() < requests;
        drop(self.heard.another.wait_while(heard, fewer).unwrap());
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

/// `image-host` on an embedded database with made images.
pub(crate) struct ImageHost {
    pub(crate) url: String,
    /// Lets in who may see them.
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
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = lines.next().unwrap().unwrap();
        let curl = lines.next().unwrap().unwrap();
        Self {
            url: url.strip_prefix("listening on ").unwrap().to_owned(),
            token: curl.split('"').nth(1).unwrap().to_owned(),
            process,
            folder,
        }
    }

    /// Changes its database, as its owner does.
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

/// The program, which the tests of the whole workspace build.
fn image_host() -> PathBuf {
    let test = env::current_exe().unwrap();
    let profile = test.parent().and_then(|deps| deps.parent()).unwrap();
    let program = profile.join("image-host");
    assert!(
        program.exists(),
        "build it first: cargo build -p image-host"
    );
    program
}
