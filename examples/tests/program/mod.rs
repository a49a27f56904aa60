//! Running the example programs.

#![allow(dead_code, reason = "each test uses a part")]

use std::collections::HashSet;
use std::env;
use std::io::{Write, pipe};
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
    run(command.stdout(Stdio::piped()), input)
}

/// Runs a program whose standard output nobody reads.
pub(crate) fn output_to_closed_pipe(command: &mut Command, input: &[u8]) -> Output {
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    run(command.stdout(writer), input)
}

fn run(command: &mut Command, input: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let output = thread::scope(|scope| {
        // The program may write while it reads, or exit without reading.
        scope.spawn(move || stdin.write_all(input));
        child.wait_with_output().unwrap()
    });
    // A pipe is no terminal.
    assert!(!output.stderr.contains(&0x1b), "ANSI codes: {output:?}");
    output
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
