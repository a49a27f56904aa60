//! Standard output, which a reader may close early, as `head` does.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

use anyhow::{Context, Result};

/// Prints a line. Ignores a closed pipe: a command then completes its work, and its exit
/// status does not change.
///
/// # Errors
///
/// - Standard output cannot be written for another reason, such as a full disk.
pub(crate) fn print(line: impl Display) -> Result<()> {
    let mut output = io::stdout().lock();
    match writeln!(output, "{line}").and_then(|()| output.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write standard output"),
    }
}

/// Prints a warning. A closed standard error is no reason to fail.
pub(crate) fn warn(warning: &str) {
    let _ = writeln!(io::stderr(), "warning: {warning}");
}
