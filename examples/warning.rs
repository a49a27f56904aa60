//! Warnings on standard error.

use std::fmt::Display;
use std::io::{self, Write};

/// Prints a warning. A closed standard error is no reason to fail.
pub(crate) fn warn(warning: impl Display) {
    let _ = writeln!(io::stderr(), "warning: {warning}");
}
