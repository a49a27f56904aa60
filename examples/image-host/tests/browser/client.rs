//! The program `client`, which keeps a copy of the host's images.

use std::path::{Path, PathBuf};
use std::process::Command;

use rusqlite::Connection;
use serde_json::Value;

use crate::host::Host;

/// Syncs a new copy and returns the images in it.
pub(crate) fn copy(host: &Host) -> Vec<Value> {
    let database = host.path("copy.sqlite");
    let output = Command::new(program())
        .arg("--database")
        .arg(&database)
        .arg(format!("{}/api/v1/image_syncs", host.url))
        .env("IMAGE_SYNC_TOKEN", &host.token)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let copy = Connection::open(database).unwrap();
    let mut records = copy.prepare("SELECT record FROM images").unwrap();
    let records = records
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap();
    records
        .map(|record| serde_json::from_str(&record.unwrap()).unwrap())
        .collect()
}

/// Returns the path of the program, which the tests of all packages build. The tests of
/// one package build it here.
fn program() -> PathBuf {
    let host = Path::new(env!("CARGO_BIN_EXE_image-host"));
    let program = host.with_file_name("client");
    if !program.exists() {
        let folder = host.parent().unwrap();
        let profile = match folder.file_name().unwrap().to_str().unwrap() {
            "debug" => "dev",
            name => name,
        };
        let built = Command::new(env!("CARGO"))
            .args([
                "build",
                "--quiet",
                "--package",
                "client",
                "--profile",
                profile,
            ])
            .arg("--target-dir")
            .arg(folder.parent().unwrap())
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status()
            .unwrap();
        assert!(built.success(), "the package `client` does not compile");
    }
    program
}
