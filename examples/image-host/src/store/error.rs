//! Database errors and retries.

use std::time::Duration;

use rusqlite::ffi;
use thiserror::Error;
use tokio::time::{Instant, sleep};

use super::row::ValueError;
use super::sqlstate;

/// The maximum number of attempts for a query.
const MAX_ATTEMPTS: u32 = 6;

/// The time for which a write waits for other writes.
const WRITE_WAIT: Duration = Duration::from_mins(10);

/// The maximum time between two attempts to write.
const MAX_PAUSE: Duration = Duration::from_millis(500);

/// The maximum number of attempts to create tables. PostgreSQL reports a conflict after the
/// other transaction has been committed, so the next attempt finds its tables. If the attempts
/// continue to fail, the tables are not those of a migration.
const MAX_CREATIONS: u32 = 10;

/// The time between two attempts to create tables.
const CREATION_PAUSE: Duration = Duration::from_millis(50);

/// A failed query.
#[derive(Debug, Error)]
pub(crate) enum StoreError {
    /// A later attempt may succeed.
    #[error("the database is not available")]
    Unavailable(#[source] DatabaseError),
    /// A later attempt will fail as well.
    #[error("the query failed")]
    Failed(#[source] DatabaseError),
    /// A row that is not an image. The id is that of the row.
    #[error("invalid record of image {id}")]
    InvalidRecord {
        id: String,
        #[source]
        source: anyhow::Error,
    },
    /// A value of another type, which is not part of an image.
    #[error("the query returned an invalid value")]
    InvalidValue(#[source] ValueError),
    /// A row after which no further rows can be read in order.
    #[error("the images after image {id} cannot be read, because of its position")]
    InvalidPosition {
        id: String,
        #[source]
        source: ValueError,
    },
}

/// An error of a database or of its connections.
#[derive(Debug, Error)]
pub(crate) enum DatabaseError {
    #[error(transparent)]
    Postgres(#[from] sqlx::Error),
    #[error("{message} (SQLite error {code})")]
    Sqlite {
        /// The extended result code.
        code: i32,
        message: String,
    },
    /// An error of the driver.
    #[error("{0}")]
    Driver(String),
    #[error("the query was interrupted: it exceeded its time limit, or the host is shutting down")]
    Interrupted,
    #[error("timed out waiting for the database")]
    TimedOut,
    #[error("the connections to the database are closed")]
    Closed,
    #[error("the query panicked")]
    Panicked,
    #[error("no positions are left after {0}")]
    NoPosition(i64),
    #[error("the tables have version {found}; this program supports version {supported}")]
    NewerTables { found: i64, supported: i64 },
}

impl From<rusqlite::Error> for DatabaseError {
    /// Leaves out the source, which repeats the message, and the text of the statement.
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error().map(|error| error.extended_code);
        let message = match error {
            rusqlite::Error::SqliteFailure(_, Some(message))
            | rusqlite::Error::SqlInputError { msg: message, .. } => message,
            error => error.to_string(),
        };
        match code {
            Some(ffi::SQLITE_INTERRUPT) => Self::Interrupted,
            Some(code) => Self::Sqlite { code, message },
            None => Self::Driver(message),
        }
    }
}

impl From<DatabaseError> for StoreError {
    fn from(error: DatabaseError) -> Self {
        if error.is_transient() {
            Self::Unavailable(error)
        } else {
            Self::Failed(error)
        }
    }
}

impl DatabaseError {
    /// Returns whether a later attempt may succeed.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Self::Postgres(error) => sqlstate::is_transient(error),
            Self::Sqlite { code, .. } => is_busy(*code),
            Self::Interrupted | Self::TimedOut | Self::Closed => true,
            _ => false,
        }
    }

    /// Returns whether a query is repeated after a short pause: it conflicts with a transaction, or its
    /// connection was lost.
    fn is_repeatable(&self) -> bool {
        match self {
            Self::Postgres(error) => sqlstate::is_conflict(error) || sqlstate::is_lost(error),
            Self::Sqlite { code, .. } => is_busy(*code),
            _ => false,
        }
    }

    /// Returns whether a write, or a migration, failed because of a concurrent one.
    pub(super) fn is_write_conflict(&self) -> bool {
        match self {
            Self::Postgres(error) => sqlstate::is_write_conflict(error),
            Self::Sqlite { code, .. } => is_busy(*code),
            _ => false,
        }
    }

    /// Returns whether a migration failed because a table exists already. In SQLite, no
    /// program can create a table between two statements of a migration.
    fn is_creation_conflict(&self) -> bool {
        match self {
            Self::Postgres(error) => sqlstate::is_creation_conflict(error),
            _ => false,
        }
    }
}

/// Returns whether the database is busy or locked. The lowest eight bits of an extended
/// code are the primary code.
fn is_busy(code: i32) -> bool {
    matches!(code & 0xff, ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED)
}

/// Repeats a query that failed because it conflicts with a transaction, or
/// because its connection was lost.
pub(super) async fn retry<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, DatabaseError>>,
{
    let mut attempts = 1;
    loop {
        match attempt().await {
            Err(error) if attempts < MAX_ATTEMPTS && error.is_repeatable() => {
                sleep(Duration::from_millis(5 << attempts)).await;
                attempts += 1;
            }
            result => return Ok(result?),
        }
    }
}

/// Repeats a transaction until it no longer conflicts with the transactions of
/// other programs: for at most ten minutes, or for a number of attempts to create tables.
pub(super) async fn retry_write<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, DatabaseError>>,
{
    let deadline = Instant::now() + WRITE_WAIT;
    let mut pause = Duration::from_millis(10);
    let mut creations = 1;
    loop {
        match attempt().await {
            Err(error) if error.is_write_conflict() && Instant::now() < deadline => {
                sleep(pause).await;
                pause = MAX_PAUSE.min(2 * pause);
            }
            Err(error) if error.is_creation_conflict() && creations < MAX_CREATIONS => {
                sleep(CREATION_PAUSE).await;
                creations += 1;
            }
            result => return Ok(result?),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{Ready, ready};

    use sqlx::migrate::MigrateError;

    use super::super::sqlstate::tests::sqlstate;
    use super::*;

    fn sqlite(code: i32) -> DatabaseError {
        let error = ffi::Error::new(code);
        rusqlite::Error::SqliteFailure(error, Some("a message".to_owned())).into()
    }

    /// Counts an attempt, and returns its result: a number of attempts fail.
    fn attempt(
        attempts: &mut u32,
        failures: u32,
        error: impl Fn() -> DatabaseError,
    ) -> Ready<Result<(), DatabaseError>> {
        *attempts += 1;
        ready(if *attempts <= failures {
            Err(error())
        } else {
            Ok(())
        })
    }

    async fn retried(
        error: impl Fn() -> DatabaseError,
        failures: u32,
    ) -> (u32, Result<(), StoreError>) {
        let mut attempts = 0;
        let result = retry(|| attempt(&mut attempts, failures, &error)).await;
        (attempts, result)
    }

    async fn retried_write(
        error: impl Fn() -> DatabaseError,
        failures: u32,
    ) -> (u32, Result<(), StoreError>) {
        let mut attempts = 0;
        let result = retry_write(|| attempt(&mut attempts, failures, &error)).await;
        (attempts, result)
    }

    /// Asserts that a query is repeated, until it succeeds or for a number of attempts.
    async fn assert_retried(error: impl Fn() -> DatabaseError) {
        let (attempts, result) = retried(&error, 2).await;
        assert!(result.is_ok(), "{:?}", error());
        assert_eq!(attempts, 3, "{:?}", error());

        let (attempts, result) = retried(&error, u32::MAX).await;
        assert!(matches!(result, Err(StoreError::Unavailable(_))));
        assert_eq!(attempts, MAX_ATTEMPTS, "{:?}", error());
    }

    async fn assert_not_retried(error: impl Fn() -> DatabaseError, is_unavailable: bool) {
        let (attempts, result) = retried(&error, u32::MAX).await;
        let unavailable = matches!(result, Err(StoreError::Unavailable(_)));
        assert_eq!((attempts, unavailable), (1, is_unavailable), "{result:?}");
    }

    #[tokio::test]
    async fn conflicts_and_lost_connections_are_retried() {
        for code in ["40001", "40P01", "57P01", "08006"] {
            assert_retried(|| sqlstate(code).into()).await;
        }
        for code in [5, 6, 517] {
            assert_retried(|| sqlite(code)).await;
        }
    }

    #[tokio::test]
    async fn other_failures_are_not_retried() {
        for code in ["53300", "57014", "55P03"] {
            assert_not_retried(|| sqlstate(code).into(), true).await;
        }
        assert_not_retried(|| sqlstate("42P01").into(), false).await;
        assert_not_retried(|| sqlite(9), true).await;
        for code in [1, 11, 2067] {
            assert_not_retried(|| sqlite(code), false).await;
        }
        assert_not_retried(|| DatabaseError::TimedOut, true).await;
        assert_not_retried(|| DatabaseError::Closed, true).await;
        assert_not_retried(|| DatabaseError::Panicked, false).await;
    }

    #[tokio::test]
    async fn an_existing_table_is_reported_soon() {
        let error = || MigrateError::ExecuteMigration(sqlstate("42P07"), 1);
        let error = || sqlx::Error::from(error()).into();
        let (attempts, result) = retried_write(error, 1).await;
        assert!(result.is_ok() && attempts == 2, "{attempts}: {result:?}");

        let (attempts, result) = retried_write(error, u32::MAX).await;
        assert!(matches!(result, Err(StoreError::Failed(_))), "{result:?}");
        assert_eq!(attempts, MAX_CREATIONS);
    }

    #[tokio::test]
    async fn a_write_waits_longer_than_a_creation() {
        let (attempts, result) = retried_write(|| sqlstate("40001").into(), MAX_CREATIONS).await;
        assert!(result.is_ok(), "{result:?}");
        assert_eq!(attempts, MAX_CREATIONS + 1);
    }

    #[tokio::test]
    async fn other_failures_of_writes_are_not_retried() {
        for error in [|| sqlstate("42P01").into(), || sqlite(1)] {
            let (attempts, result) = retried_write(error, u32::MAX).await;
            assert!(matches!(result, Err(StoreError::Failed(_))), "{result:?}");
            assert_eq!(attempts, 1);
        }
    }
}
