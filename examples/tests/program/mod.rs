//! Running the example programs.

use std::collections::HashSet;
use std::env;
use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::thread;

/// Returns a command that runs an example. `cargo test -p examples` builds the
/// examples; `cargo test --test` does not.
pub(crate) fn example(name: &str) -> Command {
    let test = env::current_exe().unwrap();
    let profile = test.parent().and_then(|deps| deps.parent()).unwrap();
    let program = profile.join("examples").join(name);
    let program = program.with_extension(env::consts::EXE_EXTENSION);
    assert!(program.exists(), "run `cargo build --examples` first");
    Command::new(program)
}

/// Runs a program with this standard input.
pub(crate) fn output(command: &mut Command, input: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    thread::scope(|scope| {
        // The program may write while it reads, or exit without reading.
        scope.spawn(move || stdin.write_all(input));
        child.wait_with_output().unwrap()
    })
}

pub(crate) fn stderr(output: &Output) -> &str {
    str::from_utf8(&output.stderr).unwrap()
}

/// Returns the message of a failed program and checks that each part of the error
/// chain is printed once.
pub(crate) fn error(output: &Output) -> &str {
    let error = stderr(output).strip_prefix("error: ").unwrap().trim_end();
    let mut parts = HashSet::new();
    assert!(error.split(": ").all(|part| parts.insert(part)), "{error}");
    error
}
