//! Running the programs.

#![allow(dead_code, reason = "each test uses a part")]
#![allow(
    clippy::format_collect,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "tests"
)]

pub(crate) mod cluster;
pub(crate) mod digest;
pub(crate) mod object_store;

use std::collections::HashSet;
use std::path::Path;
use std::process::{Command, Output};

/// The account of the tests.
pub(crate) const ACCOUNT: &str = "cloudinary://key:abcd@demo";

/// A query whose URLs are those of `sign-images`.
pub(crate) const URL: &str =
    "delivery_url(public_id, 'c_fill,h_300,w_400', version, extension, 'authenticated')";

/// Returns a command that runs a program without the environment of the test.
pub(crate) fn program(path: &str) -> Command {
    let mut command = Command::new(path);
    command.env_clear();
    // Coverage tools set the paths of their files.
    for variable in ["PATH", "TMPDIR", "LLVM_PROFILE_FILE"] {
        if let Some(value) = std::env::var_os(variable) {
            command.env(variable, value);
        }
    }
    command
}

/// Returns a command that runs `image-sync-sql`.
pub(crate) fn sql() -> Command {
    program(env!("CARGO_BIN_EXE_image-sync-sql"))
}

/// Returns a command that runs `image-sync-sql` with the account of the tests.
pub(crate) fn signing_sql() -> Command {
    let mut command = sql();
    command.env("CLOUDINARY_URL", ACCOUNT);
    command
}

/// Writes generated images to a folder.
pub(crate) fn generate(folder: &Path, rows: u64, files: u64) {
    let mut command = program(env!("CARGO_BIN_EXE_generate-images"));
    command.args(["--rows", &rows.to_string(), "--files", &files.to_string()]);
    stdout(command.arg(folder));
}

/// Returns the URLs of generated images, from a loop over the library.
pub(crate) fn library_urls(folder: &Path, account: &str, rows: u64) -> Vec<String> {
    let mut command = program(env!("CARGO_BIN_EXE_sign-images"));
    command.env("CLOUDINARY_URL", account);
    command.args(["--print", &rows.to_string()]);
    let urls = stdout(command.arg(folder));
    urls.lines().map(str::to_owned).collect()
}

/// Runs a program that succeeds, and returns its standard output.
pub(crate) fn stdout(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

pub(crate) fn stderr(output: &Output) -> &str {
    str::from_utf8(&output.stderr).unwrap()
}

/// Runs a program that fails, and returns its error. Each part of the chain of messages is
/// printed once.
pub(crate) fn error(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{command:?}: {output:?}");
    let stderr = stderr(&output);
    let lines = stderr.lines();
    let errors: Vec<_> = lines
        .filter_map(|line| line.strip_prefix("error: "))
        .collect();
    let [error] = errors[..] else {
        panic!("one error: {stderr}");
    };
    let mut parts = HashSet::new();
    assert!(error.split(": ").all(|part| parts.insert(part)), "{error}");
    error.to_owned()
}
