//! Formatting into memory, which never fails.

use std::fmt;
use std::io::Write as _;

/// Collects what a formatting function writes.
pub(crate) fn to_string(write: impl FnOnce(&mut String) -> fmt::Result) -> String {
    let mut text = String::new();
    append(&mut text, write);
    text
}

/// Appends what a formatting function writes.
pub(crate) fn append(text: &mut String, write: impl FnOnce(&mut String) -> fmt::Result) {
    // Writing into a `String` returns no error.
    let _ = write(text);
}

/// Appends a formatted value to bytes.
pub(crate) fn append_bytes(out: &mut Vec<u8>, value: impl fmt::Display) {
    // Writing into a `Vec` returns no error.
    let _ = write!(out, "{value}");
}
