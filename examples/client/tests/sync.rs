//! The client as its users start it, against hosts that fail in every way, and
//! against the real one.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod host;

use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use tempfile::TempDir;

use crate::host::{Host, ImageHost, Reply};

const RECORDED: &str = include_str!("../../data/response_body.wire.json");
const TOKEN: &str = "eyJ0eXAi.eyJleHAi.F7OWGJTp";

/// The ids of the recorded images, sorted.
const IDS: [&str; 4] = [
    "14126dd5-efd5-42d5-9bc3-faab45cf9bbf",
    "14364f29-c30d-4bbb-992c-19e6031244f7",
    "89d5c88f-bb34-4d95-babc-0f17d44e52db",
    "efb6075d-2624-4441-ae56-97a2cb0472df",
];

struct Client(TempDir);

impl Client {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn command(&self, url: &str, token: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_client"));
        command
            .current_dir(&self.0)
            .arg(url)
            .env("IMAGE_SYNC_TOKEN", token)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn sync(&self, host: &Host) -> Output {
        self.command(&host.url, TOKEN).output().unwrap()
    }

    /// What a sync that succeeds prints, line by line.
    fn changes(&self, host: &Host) -> Vec<String> {
        let output = self.sync(host);
        assert!(output.status.success(), "{}", stderr(&output));
        lines(&output)
    }

    /// The ids and records of the copy.
    fn copy(&self) -> Vec<(String, String)> {
        let database = Connection::open(self.0.path().join("images.sqlite")).unwrap();
        let mut images = database
            .prepare("SELECT id, record FROM images ORDER BY id")
            .unwrap();
        let rows = images.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.unwrap().map(Result::unwrap).collect()
    }

    fn assert_equals(&self, payload: &str) {
        let mut expected: Vec<serde_json::Value> = serde_json::from_str(payload).unwrap();
        expected.sort_by_key(|image| image["id"].to_string());
        let copy = self.copy();
        assert_eq!(copy.len(), expected.len());
        for ((id, record), image) in copy.iter().zip(&expected) {
            assert_eq!(image["id"], **id);
            assert!(payload.contains(record.as_str()), "{record}");
        }
    }
}

fn lines(output: &Output) -> Vec<String> {
    let output = str::from_utf8(&output.stdout).unwrap();
    output.lines().map(str::to_owned).collect()
}

fn stderr(output: &Output) -> &str {
    str::from_utf8(&output.stderr).unwrap()
}

fn signed(sign: char) -> [String; 4] {
    IDS.map(|id| format!("{sign} {id}"))
}

/// The recorded payload without its first image, and another one renamed.
fn changed() -> String {
    let (gone, rest) = RECORDED.split_once(r#"},{"id":"#).unwrap();
    assert!(gone.contains(IDS[1]));
    let (before, changed) = rest.split_once(IDS[3]).unwrap();
    let changed = changed.replacen(r#""filename":"Super Image""#, r#""filename":"Été""#, 1);
    format!("[{{\"id\":{before}{}{changed}", IDS[3])
}

#[test]
fn a_copy_follows_its_host() {
    let client = Client::new();
    let host = Host::start(vec![
        Reply::payload(RECORDED),
        Reply::payload(RECORDED),
        Reply::chunked(&changed()),
        Reply::payload("[]"),
    ]);
    let mut all = signed('+').to_vec();
    all.push("4 images: 4 new, 0 changed, 0 gone".to_owned());
    assert_eq!(client.changes(&host), all);
    client.assert_equals(RECORDED);
    assert_eq!(
        client.changes(&host),
        ["4 images: 0 new, 0 changed, 0 gone"]
    );
    assert_eq!(
        client.changes(&host),
        [
            format!("- {}", IDS[1]),
            format!("~ {}", IDS[3]),
            "3 images: 0 new, 1 changed, 1 gone".to_owned()
        ]
    );
    client.assert_equals(&changed());
    let last = client.changes(&host);
    assert_eq!(last[3], "0 images: 0 new, 0 changed, 3 gone");
    client.assert_equals("[]");
    for request in host.requests() {
        let authorization = format!("authorization: Token token=\"{TOKEN}\"\r\n");
        assert!(request.contains(&authorization), "{request}");
    }
}

#[test]
fn what_may_pass_is_tried_again_and_changes_nothing_until_then() {
    let client = Client::new();
    let host = Host::start(vec![
        Reply::payload(RECORDED),
        Reply::status("503 Service Unavailable", "Retry-After: 1\r\n"),
        Reply::payload(&changed()).cut(6_000),
        Reply::chunked(&changed()).cut(6_000),
        Reply::payload("").cut(0),
        Reply::payload(&changed()),
    ]);
    client.changes(&host);
    let output = client.sync(&host);
    assert!(output.status.success());
    assert_eq!(host.requests().len(), 6);
    let said = stderr(&output);
    assert_eq!(said.lines().count(), 4, "{said}");
    assert!(
        said.starts_with("the host answered 503 Service Unavailable; next try in 1.0 s\n"),
        "{said}"
    );
    assert_eq!(lines(&output).len(), 3);
    client.assert_equals(&changed());
}

#[test]
fn a_host_that_stays_ill_is_given_up() {
    let client = Client::new();
    let host = Host::start(vec![
        Reply::payload(RECORDED),
        Reply::status("500 Internal Server Error", ""),
        Reply::status("502 Bad Gateway", ""),
    ]);
    client.changes(&host);
    let output = client
        .command(&host.url, TOKEN)
        .args(["--tries", "2"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(stderr(&output).ends_with("error: the host answered 502 Bad Gateway\n"));
    client.assert_equals(RECORDED);
}

#[test]
fn what_will_not_pass_is_said_at_once() {
    for (reply, error) in [
        (
            Reply::status("401 Unauthorized", ""),
            "the host does not let this token in",
        ),
        (
            Reply::status("404 Not Found", ""),
            "the host answered 404 Not Found",
        ),
        (
            Reply::payload("<html>"),
            "images[0]: expected value at line 1 column 1",
        ),
        (
            Reply::payload("{}"),
            "images[0]: invalid type: map, expected a list of images at line 1 column 1",
        ),
    ] {
        let client = Client::new();
        let host = Host::start(vec![Reply::payload(RECORDED), reply]);
        client.changes(&host);
        let output = client.sync(&host);
        assert!(!output.status.success());
        assert_eq!(stderr(&output), format!("error: {error}\n"));
        assert!(output.stdout.is_empty());
        client.assert_equals(RECORDED);
    }
}

#[test]
fn an_image_that_cannot_be_read_keeps_others_from_being_removed() {
    let client = Client::new();
    let unreadable = changed().replacen("\"crop_x\":", "\"crop_x\":null,\"crop-x\":", 1);
    let host = Host::start(vec![Reply::payload(RECORDED), Reply::payload(&unreadable)]);
    client.changes(&host);
    let output = client.sync(&host);
    assert!(!output.status.success());
    let said = stderr(&output);
    assert!(
        said.contains("1 of the payload's elements cannot be read"),
        "{said}"
    );
    assert!(said.contains("images[0].crop_x: "), "{said}");
    assert_eq!(
        lines(&output),
        [
            format!("~ {}", IDS[3]),
            "3 images: 0 new, 1 changed, 0 gone".to_owned()
        ]
    );
    assert_eq!(client.copy().len(), 4);
}

#[test]
fn a_client_that_is_killed_leaves_the_copy_as_it_was() {
    let client = Client::new();
    let host = Host::start(vec![
        Reply::payload(RECORDED),
        Reply::payload(&changed()).stall(6_000),
        Reply::chunked(&changed()).stall(8_000),
        Reply::payload(&changed()),
    ]);
    client.changes(&host);
    for asked in [2, 3] {
        let mut killed = client.command(&host.url, TOKEN).spawn().unwrap();
        host.wait_until_answered(asked);
        // It is reading what there is.
        thread::sleep(Duration::from_millis(100));
        killed.kill().unwrap();
        killed.wait().unwrap();
        client.assert_equals(RECORDED);
    }
    assert_eq!(client.changes(&host).len(), 3);
    client.assert_equals(&changed());
}

#[test]
fn it_goes_on_when_it_watches() {
    let client = Client::new();
    let host = Host::start(vec![
        Reply::payload(RECORDED),
        Reply::status("503 Service Unavailable", ""),
        Reply::payload(&changed()),
        Reply::status("401 Unauthorized", ""),
    ]);
    let output = client
        .command(&host.url, TOKEN)
        .args(["--watch", "0", "--tries", "1"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert_eq!(lines(&output).len(), 5 + 3);
    assert_eq!(
        stderr(&output),
        "error: the host answered 503 Service Unavailable\n\
         error: the host does not let this token in\n"
    );
    client.assert_equals(&changed());
}

#[test]
fn a_copy_that_another_client_writes_to_is_waited_for() {
    let client = Client::new();
    let host = Host::start((0..3).map(|_| Reply::payload(RECORDED)).collect());
    client.changes(&host);
    let other = Connection::open(client.0.path().join("images.sqlite")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let waiting = client.command(&host.url, TOKEN).spawn().unwrap();
    host.wait_until_answered(2);
    // Longer than it waits in one try.
    thread::sleep(Duration::from_secs(6));
    other.execute_batch("ROLLBACK").unwrap();
    let output = waiting.wait_with_output().unwrap();
    assert!(output.status.success());
    let said = stderr(&output);
    assert!(said.starts_with("the copy: database is locked: "), "{said}");
    assert_eq!(lines(&output), ["4 images: 0 new, 0 changed, 0 gone"]);
}

#[test]
fn no_token_is_shown() {
    let client = Client::new();
    let host = Host::start(vec![
        Reply::status("503 Service Unavailable", "").echoing(),
        Reply::status("400 Bad Request", "").echoing(),
    ]);
    for (url, token) in [
        (&*host.url, TOKEN),
        ("http://127.0.0.1:1", TOKEN),
        ("no url", TOKEN),
        (&*host.url, "a b"),
    ] {
        let output = client
            .command(url, token)
            .args(["--tries", "2"])
            .output()
            .unwrap();
        assert!(!output.status.success());
        let said = stderr(&output);
        assert!(said.contains("error: "), "{said}");
        assert!(!said.contains(token), "{said}");
    }
}

#[test]
fn it_follows_the_real_host() {
    let host = ImageHost::start(&["--images", "3000"]);
    let client = Client::new();
    let url = format!("{}/api/v1/image_syncs", host.url);
    let sync = || {
        let output = client.command(&url, &host.token).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        lines(&output).pop().unwrap()
    };
    assert_eq!(sync(), "3004 images: 3004 new, 0 changed, 0 gone");
    assert_eq!(sync(), "3004 images: 0 new, 0 changed, 0 gone");
    host.execute("DELETE FROM images WHERE id = '14126dd5-efd5-42d5-9bc3-faab45cf9bbf'");
    host.execute(
        "UPDATE images SET record = replace(record, 'roof 7', 'wall 7') WHERE record LIKE '%\"roof 7\"%'",
    );
    assert_eq!(sync(), "3003 images: 0 new, 1 changed, 1 gone");
}
