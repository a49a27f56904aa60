//! Standard output, which a reader may close early, as `head` does.

use std::io::{self, ErrorKind};

use anyhow::Result;

/// Returns the result of a program that writes to standard output, or `closed` if its
/// reader has closed the pipe. This is no failure.
pub(crate) fn unless_closed<T>(written: Result<T>, closed: T) -> Result<T> {
    let is_closed = |error: &io::Error| error.kind() == ErrorKind::BrokenPipe;
    match written {
        Err(error) if error.downcast_ref().is_some_and(is_closed) => Ok(closed),
        written => written,
    }
}
