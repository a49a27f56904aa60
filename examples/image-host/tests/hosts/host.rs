//! Running hosts and HTTP requests.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

use crate::openapi::assert_documented;
use crate::postgres::{self, Cluster};
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

pub(crate) const TOKEN_KEY: &str = "a token key of the tests, 32 or more";

/// The database of a host.
pub(crate) struct Database {
    folder: TempDir,
    /// `None` for the embedded database.
    pub(crate) url: Option<String>,
    has_token_key: bool,
}

/// The database management system of a test.
#[derive(Clone, Copy)]
pub(crate) enum Engine {
    Sqlite,
    Postgresql,
}

impl Engine {
    /// Runs a test on a new database with the recorded images.
    pub(crate) fn with(self, test: impl FnOnce(Database)) {
        test(match self {
            Self::Sqlite => Database::embedded(),
            Self::Postgresql => Database::on(postgres::shared()),
        });
    }

    /// Runs a test on a new database without tables.
    pub(crate) fn with_empty(self, test: impl FnOnce(Database)) {
        let folder = tempfile::tempdir().unwrap();
        let url = match self {
            Self::Sqlite => {
                let file = folder.path().join("empty.sqlite");
                format!("sqlite://{}?mode=rwc", file.display())
            }
            Self::Postgresql => postgres::shared().database(),
        };
        let url = Some(url);
        test(Database {
            folder,
            url,
            has_token_key: true,
        });
    }
}

impl Database {
    /// Names a new embedded database, which the host creates.
    pub(crate) fn embedded() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            url: None,
            has_token_key: true,
        }
    }

    /// Creates a PostgreSQL database with the recorded images.
    pub(crate) fn on(cluster: &Cluster) -> Self {
        let database = Self {
            folder: tempfile::tempdir().unwrap(),
            url: Some(cluster.database()),
            has_token_key: true,
        };
        database.stdout(&["migrate"], "");
        let printed = database.stdout(&["import", "-", "--user", USER], RECORDED);
        assert_eq!(printed, "4 images in 1 albums, for 1 users\n");
        database
    }

    /// Uses a database with this URL.
    pub(crate) fn at(mut self, url: String) -> Self {
        self.url = Some(url);
        self
    }

    /// Uses the demo token key, with which the host serves the gallery.
    #[cfg(feature = "gallery")]
    pub(crate) fn with_demo_token_key(mut self) -> Self {
        self.has_token_key = false;
        self
    }

    /// Uses a new role with a limited number of connections.
    pub(crate) fn with_limited_role(mut self, connections: u32) -> Self {
        self.execute(&format!(
            "CREATE ROLE limited LOGIN CONNECTION LIMIT {connections}; \
             GRANT ALL ON ALL TABLES IN SCHEMA public TO limited"
        ));
        let url = self.url.unwrap();
        self.url = Some(url.replace("://host@", "://limited@"));
        self
    }

    /// Returns a command that runs the host on this database.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_image-host"));
        command
            .current_dir(self.folder.path())
            .args(arguments)
            .env_clear()
            .env("CLOUDINARY_URL", "cloudinary://key:abcd@sadaasdasd")
            .env("PROXY_KEY", "proxy key")
            .env("THUMBNAIL_KEY", "thumbnail key")
            .envs(self.has_token_key.then_some(("TOKEN_KEY", TOKEN_KEY)))
            .envs(self.url.as_ref().map(|url| ("DATABASE_URL", url)));
        command
    }

    pub(crate) fn output(&self, arguments: &[&str], input: &str) -> Output {
        self.output_with(arguments, &[], input)
    }

    /// Runs the host with changes to its environment.
    pub(crate) fn output_with(
        &self,
        arguments: &[&str],
        variables: &[(&str, &str)],
        input: &str,
    ) -> Output {
        let mut child = self
            .command(arguments)
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that fails early does not read its input.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// Returns the standard output of a command that succeeds.
    pub(crate) fn stdout(&self, arguments: &[&str], input: &str) -> String {
        let output = self.output(arguments, input);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts a host on a free port.
    pub(crate) fn host(&self, arguments: &[&str]) -> Host {
        self.host_with(arguments, &[])
    }

    /// Starts a host with changes to its environment.
    pub(crate) fn host_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Host {
        // A file, because a full pipe would block the host.
        let log = tempfile::tempfile().unwrap();
        let standard_error = log.try_clone().unwrap().into();
        self.start(arguments, variables, standard_error, log)
    }

    /// Starts a host that logs to `standard_error`. The log is read from `log`.
    pub(crate) fn host_with_log(
        &self,
        arguments: &[&str],
        standard_error: Stdio,
        log: File,
    ) -> Host {
        self.start(arguments, &[], standard_error, log)
    }

    fn start(
        &self,
        arguments: &[&str],
        variables: &[(&str, &str)],
        standard_error: Stdio,
        mut log: File,
    ) -> Host {
        let listen = ["serve", "--listen", "127.0.0.1:0"];
        let listen = if arguments.contains(&"--listen") {
            &listen[..1]
        } else {
            &listen
        };
        let mut process = self
            .command(&[listen, arguments].concat())
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(standard_error)
            .spawn()
            .unwrap();
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
        let token = self.stdout(&["token", "--user", USER], "");
        Host {
            authorization: format!("Token token=\"{}\"", token.trim_end()),
            token: token.trim_end().to_owned(),
            log,
            process,
            printed,
            url,
        }
    }
}

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
