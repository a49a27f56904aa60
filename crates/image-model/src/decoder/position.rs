//! Lines and columns, counted as `serde_json` counts them.

use std::fmt;

use serde::de::Error;

/// A position in a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// The line, from 1.
    line: usize,
    /// The number of bytes before the position in its line.
    column: usize,
}

impl Position {
    /// The position of the first byte.
    pub(crate) const START: Self = Self { line: 1, column: 0 };

    /// Returns the position after some bytes at this position.
    pub(crate) fn after(self, bytes: &[u8]) -> Self {
        match memchr::memrchr(b'\n', bytes) {
            None => Self {
                column: self.column + bytes.len(),
                ..self
            },
            Some(last) => Self {
                line: self.line + memchr::memchr_iter(b'\n', bytes).count(),
                column: bytes.len() - last - 1,
            },
        }
    }

    /// Returns the position after one byte that is not a newline.
    pub(crate) const fn next(self) -> Self {
        Self {
            column: self.column + 1,
            ..self
        }
    }

    /// Converts the error of a parser that started at this position.
    ///
    /// The line and column of a `serde_json::Error` cannot be set, but its constructor
    /// reads them from the end of a message.
    pub(crate) fn of_error(self, error: serde_json::Error) -> serde_json::Error {
        let (line, column) = (error.line(), error.column());
        if line == 0 || self == Self::START {
            return error;
        }
        let text = error.to_string();
        let suffix = format!(" at line {line} column {column}");
        let Some(message) = text.strip_suffix(&suffix) else {
            return error;
        };
        let position = Self {
            line: self.line + line - 1,
            column: column + if line == 1 { self.column } else { 0 },
        };
        position.error(message)
    }

    /// Returns an error at this position.
    pub(crate) fn error(self, message: &str) -> serde_json::Error {
        serde_json::Error::custom(format_args!("{message}{self}"))
    }
}

/// The end of an error message.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " at line {} column {}", self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_moved_to_the_position_in_the_payload() {
        for (before, json) in [
            ("[", "{\"a\" 1}"),
            ("[\n  ", "{\"a\" 1}"),
            ("\n\n[1,", "{\n\"a\": x}"),
            ("[", "\" at line 7 column 8"),
        ] {
            let whole: Result<serde_json::Value, _> =
                serde_json::from_str(&format!("{before}{json}"));
            let whole = whole.unwrap_err();
            let part: Result<serde_json::Value, _> = serde_json::from_str(json);
            let position = Position::START.after(before.as_bytes());
            let moved = position.of_error(part.unwrap_err());
            assert_eq!(moved.to_string(), whole.to_string());
            assert_eq!(
                (moved.line(), moved.column()),
                (whole.line(), whole.column())
            );
        }
    }

    #[test]
    fn an_error_without_position_does_not_change() {
        let error = serde_json::Error::custom("no position");
        assert_eq!(Position::START.of_error(error).to_string(), "no position");
    }
}
