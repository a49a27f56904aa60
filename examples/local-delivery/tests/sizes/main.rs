//! All sizes of `make_sizes.py`, which is run with Python.
//!
//! `PYTHON` names a Python interpreter; the default is `python3`. The test is ignored if
//! there is none.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

#[path = "../geometry/lines.rs"]
mod lines;

use std::io;
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Completion, Failed, Trial};

use crate::lines::check_lines;

const SAMPLE: &str = include_str!("../geometry/sizes.jsonl");

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let test = Trial::ignorable_test("all_sizes_follow_the_rules", all_sizes_follow_the_rules);
    libtest_mimic::run(&arguments, vec![test]).exit_code()
}

fn all_sizes_follow_the_rules() -> Result<Completion, Failed> {
    let all = match printed("--all") {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(Completion::ignored_with("missing program: python3"));
        }
        printed => printed?,
    };
    assert_eq!(check_lines(&all), 4_465);
    let sample = printed("--sample")?;
    assert!(
        sample == SAMPLE,
        "update sizes.jsonl: python3 make_sizes.py --sample > sizes.jsonl"
    );
    Ok(Completion::Completed)
}

/// Runs `make_sizes.py`, and returns its output.
fn printed(argument: &str) -> io::Result<String> {
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/geometry/make_sizes.py");
    let output = Command::new(python).args([script, argument]).output()?;
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).map_err(io::Error::other)?;
    Ok(text.replace("\r\n", "\n"))
}
