//! The running client and its copy.

#![allow(dead_code, reason = "each test uses a part")]

use std::process::{Command, Output, Stdio};

use rusqlite::Connection;
use tempfile::TempDir;

use crate::host::Host;

pub(crate) const RECORDED: &str = include_str!("../../../data/response_body.wire.json");
pub(crate) const TOKEN: &str = "eyJ0eXAi.eyJleHAi.F7OWGJTp";

/// The ids of the recorded images, sorted.
pub(crate) const IDS: [&str; 4] = [
    "14126dd5-efd5-42d5-9bc3-faab45cf9bbf",
    "14364f29-c30d-4bbb-992c-19e6031244f7",
    "89d5c88f-bb34-4d95-babc-0f17d44e52db",
    "efb6075d-2624-4441-ae56-97a2cb0472df",
];

pub(crate) struct Client(pub(crate) TempDir);

impl Client {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn command(&self, url: &str, token: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_client"));
        command
            .current_dir(&self.0)
            .arg(url)
            .env("IMAGE_SYNC_TOKEN", token)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn sync(&self, host: &Host) -> Output {
        self.command(&host.url, TOKEN).output().unwrap()
    }

    /// Returns the line that the first sync prints to standard error.
    pub(crate) fn location(&self) -> String {
        let file = self.0.path().join("images.sqlite");
        format!("the copy is the table `images` of {}\n", file.display())
    }

    /// Returns the lines that a successful sync prints.
    pub(crate) fn changes(&self, host: &Host) -> Vec<String> {
        let output = self.sync(host);
        assert!(output.status.success(), "{}", stderr(&output));
        lines(&output)
    }

    /// Returns the ids and records of the copy.
    pub(crate) fn copy(&self) -> Vec<(String, String)> {
        let database = Connection::open(self.0.path().join("images.sqlite")).unwrap();
        let mut images = database
            .prepare("SELECT id, record FROM images ORDER BY id")
            .unwrap();
        let rows = images.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
        rows.unwrap().map(Result::unwrap).collect()
    }

    pub(crate) fn assert_equals(&self, payload: &str) {
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

pub(crate) fn lines(output: &Output) -> Vec<String> {
    let output = str::from_utf8(&output.stdout).unwrap();
    output.lines().map(str::to_owned).collect()
}

pub(crate) fn stderr(output: &Output) -> &str {
    // A pipe is no terminal.
    assert!(!output.stderr.contains(&0x1b), "ANSI codes: {output:?}");
    str::from_utf8(&output.stderr).unwrap()
}
