//! Formatting into memory, which never fails.

use std::fmt;

/// Appends what a formatting function writes.
pub(crate) fn append(text: &mut String, write: impl FnOnce(&mut String) -> fmt::Result) {
    // Writing into a `String` returns no error.
    let _ = write(text);
}
