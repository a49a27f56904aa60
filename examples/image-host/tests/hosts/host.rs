//! Running hosts and HTTP requests.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use crate::openapi::assert_documented;
use crate::response::{agent, read};

pub(crate) use crate::response::{Response, masked};

pub(crate) const RECORDED: &str = include_str!("../../../data/response_body.wire.json");

/// The user who may see the recorded images.
pub(crate) const USER: &str = "40b7f36a-1e4b-4987-931f-88910a37c451";
pub(crate) const STRANGER: &str = "00000000-0000-4000-8000-000000000001";

pub(crate) const IDS: [&str; 4] = [
    "14364f29-c30d-4bbb-992c-19e6031244f7",
    "89d5c88f-bb34-4d95-babc-0f17d44e52db",
    "efb6075d-2624-4441-ae56-97a2cb0472df",
    "14126dd5-efd5-42d5-9bc3-faab45cf9bbf",
];

pub(crate) struct Host {
    pub(crate) url: String,
    /// A token of [`USER`].
    pub(crate) token: String,
    /// The lines of the standard output until the host listens.
    #[cfg_attr(not(feature = "gallery"), expect(dead_code))]
    pub(crate) printed: Vec<String>,
    authorization: String,
    process: Child,
    log: File,
}

impl Host {
    /// Starts a host and waits until it listens.
    pub(crate) fn start(mut command: Command, token: &str, mut log: File) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let mut lines = output.lines().map(Result::unwrap);
        let mut printed = Vec::new();
        let url = lines.find_map(|line| {
            let url = line.strip_prefix("listening on ").map(str::to_owned);
            printed.push(line);
            url
        });
        let Some(url) = url else {
            process.wait().unwrap();
            panic!("the host did not start: {}", text(&mut log));
        };
        Self {
            authorization: format!("Token token=\"{token}\""),
            token: token.to_owned(),
            log,
            process,
            printed,
            url,
        }
    }

    pub(crate) fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        self.try_get(path, headers).unwrap()
    }

    /// Sends a request and reads the complete response.
    fn try_get(&self, path: &str, headers: &[(&str, &str)]) -> Result<Response, ureq::Error> {
        let mut request = agent().get(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = read(request.call()?)?;
        assert_documented("GET", path, &response);
        Ok(response)
    }

    /// Sends a body.
    pub(crate) fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        let mut request = agent().post(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = read(request.send(body).unwrap()).unwrap();
        assert_documented("POST", path, &response);
        response
    }

    /// Returns the header that authorizes the user.
    pub(crate) fn authorization(&self) -> [(&str, &str); 1] {
        [("authorization", &self.authorization)]
    }

    /// Sends a request and returns the body without decoding it.
    pub(crate) fn raw(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        self.raw_method("GET", path, headers)
    }

    /// Sends a request with a method and returns the body without decoding it.
    pub(crate) fn raw_method(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Response {
        let address = self.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        // In HTTP/1.0, the body has no chunks and ends with the connection.
        write!(stream, "{method} {path} HTTP/1.0\r\nhost: {address}\r\n").unwrap();
        for (name, value) in headers {
            write!(stream, "{name}: {value}\r\n").unwrap();
        }
        stream.write_all(b"\r\n").unwrap();
        let mut response = BufReader::new(stream);
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            response.read_line(&mut line).unwrap();
            if line == "\r\n" {
                break;
            }
            lines.push(line);
        }
        let status = lines[0].split(' ').nth(1).unwrap().parse().unwrap();
        let header = |line: &String| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_ascii_lowercase(), value.trim_end().to_owned())
        };
        let mut body = Vec::new();
        response.read_to_end(&mut body).unwrap();
        Response {
            status,
            headers: lines[1..].iter().map(header).collect(),
            body,
        }
    }

    /// Requests images with a token.
    pub(crate) fn images_with(&self, query: &str, token: &str) -> Response {
        self.try_images_with(query, token).unwrap()
    }

    /// Requests images and reads the complete response.
    pub(crate) fn try_images(&self, query: &str) -> Result<Response, ureq::Error> {
        self.try_images_with(query, &self.token)
    }

    fn try_images_with(&self, query: &str, token: &str) -> Result<Response, ureq::Error> {
        let authorization = format!("Token token=\"{token}\"");
        let target = format!("/api/v1/image_syncs{query}");
        // By default, the HTTP client requests compression.
        let headers = [
            ("authorization", &*authorization),
            ("accept-encoding", "identity"),
        ];
        self.try_get(&target, &headers)
    }

    /// Requests an upload form with a token.
    pub(crate) fn upload_form(&self, query: &str, token: &str) -> Response {
        let authorization = format!("Token token=\"{token}\"");
        let target = format!("/api/v1/native_upload{query}");
        let headers = [
            ("authorization", &*authorization),
            ("accept-encoding", "identity"),
        ];
        self.get(&target, &headers)
    }

    pub(crate) fn images(&self, query: &str) -> Response {
        self.images_with(query, &self.token)
    }

    /// Returns the number of bytes in memory (the resident set size).
    pub(crate) fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.unwrap().trim().trim_end_matches(" kB");
        kib.parse::<u64>().unwrap() * 1_024
    }

    /// Sends SIGTERM.
    pub(crate) fn signal(&self) {
        // A command of every shell, because the program `kill` is not installed everywhere.
        let kill = format!("kill {}", self.process.id());
        let sent = Command::new("sh").args(["-c", &kill]).status();
        assert!(sent.unwrap().success());
    }

    /// Sends SIGKILL.
    pub(crate) fn kill(&self) {
        let kill = format!("kill -KILL {}", self.process.id());
        let sent = Command::new("sh").args(["-c", &kill]).status();
        assert!(sent.unwrap().success());
    }

    /// Shuts the host down and returns its log.
    pub(crate) fn stop(mut self) -> String {
        self.signal();
        assert!(self.process.wait().unwrap().success());
        text(&mut self.log)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn text(log: &mut File) -> String {
    let mut text = String::new();
    log.rewind().unwrap();
    log.read_to_string(&mut text).unwrap();
    text
}

pub(crate) fn query<'a>(ids: impl IntoIterator<Item = &'a str>) -> String {
    let ids: Vec<_> = ids.into_iter().map(|id| format!("ids[]={id}")).collect();
    format!("?{}", ids.join("&"))
}
