//! The values of rows.

use rusqlite::types::ValueRef;
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use thiserror::Error;

/// A row of either database. Reading a value copies nothing.
///
/// SQLite stores text that is not valid UTF-8, and values of other types than the column,
/// so each value is checked.
pub(super) trait Row {
    /// Returns the bytes of a text, or `None` for NULL.
    fn bytes(&self, column: usize) -> Result<Option<&[u8]>, ValueError>;

    /// Returns an integer, or `None` for NULL.
    fn integer(&self, column: usize) -> Result<Option<i64>, ValueError>;

    /// Returns a text, or `None` for NULL.
    fn text(&self, column: usize) -> Result<Option<&str>, ValueError> {
        Ok(self.bytes(column)?.map(str::from_utf8).transpose()?)
    }
}

/// A function that reads the values of a row.
pub(super) type Map<T> = fn(&dyn Row) -> T;

/// An unexpected value in a row.
#[derive(Debug, Error)]
pub(crate) enum ValueError {
    #[error("unexpected NULL")]
    Null,
    /// A value of another type in SQLite.
    #[error("expected {expected}, found {found}")]
    Type {
        expected: &'static str,
        found: &'static str,
    },
    #[error(transparent)]
    Utf8(#[from] std::str::Utf8Error),
    #[error(transparent)]
    Postgres(#[from] sqlx::Error),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

impl Row for rusqlite::Row<'_> {
    fn bytes(&self, column: usize) -> Result<Option<&[u8]>, ValueError> {
        match self.get_ref(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Ok(Some(bytes)),
            other => Err(ValueError::unexpected(other, "text")),
        }
    }

    fn integer(&self, column: usize) -> Result<Option<i64>, ValueError> {
        match self.get_ref(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(integer) => Ok(Some(integer)),
            other => Err(ValueError::unexpected(other, "an integer")),
        }
    }
}

impl Row for PgRow {
    fn bytes(&self, column: usize) -> Result<Option<&[u8]>, ValueError> {
        let text: Option<&str> = self.try_get(column)?;
        Ok(text.map(str::as_bytes))
    }

    fn integer(&self, column: usize) -> Result<Option<i64>, ValueError> {
        Ok(self.try_get(column)?)
    }
}

impl ValueError {
    fn unexpected(value: ValueRef<'_>, expected: &'static str) -> Self {
        let found = match value {
            ValueRef::Null => "NULL",
            ValueRef::Integer(_) => "an integer",
            ValueRef::Real(_) => "a floating-point number",
            ValueRef::Text(_) => "text",
            ValueRef::Blob(_) => "a blob",
        };
        Self::Type { expected, found }
    }
}
