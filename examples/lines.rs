//! Programs that answer each line of standard input.

use std::fmt::Display;
use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, ensure};
use serde::Deserialize;

use crate::warning::warn;

/// Writes one line for each line of standard input: the answer, or `error: ` and the
/// reason. The exit status is 1 if a line fails.
///
/// `answer` receives the line and a function that prints a warning with the number of the
/// line.
pub(crate) fn answer_lines<T: Display>(
    output: &mut impl Write,
    mut answer: impl FnMut(&[u8], &dyn Fn(&dyn Display)) -> Result<T>,
) -> Result<ExitCode> {
    let mut input = io::stdin().lock();
    let mut line = Vec::new();
    let mut failed = false;
    for number in 1_u64.. {
        line.clear();
        let read = input
            .read_until(b'\n', &mut line)
            .context("cannot read standard input")?;
        if read == 0 {
            break;
        }
        let warn_of_line = |warning: &dyn Display| warn(format_args!("line {number}: {warning}"));
        match answer(&line, &warn_of_line) {
            Ok(answer) => writeln!(output, "{answer}")?,
            Err(error) => {
                failed = true;
                // Each input line has exactly one output line.
                let error = format!("{error:#}").replace(['\n', '\r'], " ");
                writeln!(output, "error: {error}")?;
            }
        }
    }
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Parses the JSON object in a line.
pub(crate) fn parse_object<'a, T: Deserialize<'a>>(line: &'a [u8]) -> Result<T> {
    let line = line.trim_ascii();
    ensure!(line.starts_with(b"{"), "the line is not a JSON object");
    serde_json::from_slice(line).map_err(|error| {
        let error = error.to_string();
        anyhow!("{}", error.replace(" at line 1 column ", " at column "))
    })
}
