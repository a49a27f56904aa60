//! Database errors and retries.

use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;
use thiserror::Error;
use tokio::time::{Instant, sleep};

/// The maximum number of attempts for a query.
const MAX_ATTEMPTS: u32 = 6;

/// The time for which a write waits for other writes.
const WRITE_WAIT: Duration = Duration::from_mins(10);

/// The maximum time between two attempts to write.
const MAX_PAUSE: Duration = Duration::from_millis(500);

/// A failed query.
#[derive(Debug, Error)]
pub(crate) enum StoreError {
    /// A later attempt may succeed.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// A later attempt will fail as well.
    #[error("the query failed")]
    Failed(#[source] sqlx::Error),
    /// A row that is not an image. The id is that of the row.
    #[error("invalid record of image {id}")]
    InvalidRecord {
        id: String,
        #[source]
        source: anyhow::Error,
    },
    /// A row after which no further rows can be read in order.
    #[error("the images after image {id} cannot be read, because of its position")]
    InvalidPosition {
        id: String,
        #[source]
        source: sqlx::Error,
    },
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if is_transient(&error) {
            Self::Unavailable(error)
        } else {
            Self::Failed(error)
        }
    }
}

/// Returns whether a later attempt may succeed.
pub(super) fn is_transient(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
        // Insufficient resources, cancelled statement, lock timeout.
        sqlx::Error::Database(database) => {
            is_lost(error)
                || is_conflict(&**database)
                || has_code(&**database, &["53", "57014", "55P03"])
        }
        _ => is_lost(error),
    }
}

/// Returns whether the connection failed, or the server has closed it.
pub(super) fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::WorkerCrashed => true,
        // Connection exceptions, shutdown or startup, idle in a transaction.
        sqlx::Error::Database(error) => has_code(&**error, &["08", "57P", "25P03"]),
        _ => false,
    }
}

/// Returns whether the server, the database or the role has no free connections.
pub(super) fn is_too_many_connections(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error) if has_code(&**error, &["53300"]))
}

/// Returns whether an attempt failed because of another transaction.
fn is_conflict(error: &dyn DatabaseError) -> bool {
    // Serialization failure, deadlock.
    has_code(error, &["40001", "40P01"]) || is_busy(error)
}

/// Returns whether SQLite reports that the database is busy or locked. The codes of
/// SQLite have fewer digits than those of PostgreSQL; the lowest eight bits are
/// the primary code.
fn is_busy(error: &dyn DatabaseError) -> bool {
    error.code().is_some_and(|code| {
        code.len() < 5
            && code
                .parse::<u32>()
                .is_ok_and(|code| matches!(code & 0xff, 5 | 6))
    })
}

/// Returns whether a write, or a migration, failed because of a concurrent one.
pub(super) fn is_write_conflict(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => {
            is_conflict(&**error)
                // Two programs created the same table.
                || has_code(&**error, &["42P07"])
                // Two programs appended images, or created the same table.
                || has_code(&**error, &["23505"])
                    && error.constraint().is_some_and(|constraint| {
                        constraint == "images_position_key"
                            || constraint == "_sqlx_migrations_pkey"
                            || constraint.starts_with("pg_")
                    })
        }
        sqlx::Error::Migrate(error) => match &**error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
                is_write_conflict(error)
            }
            _ => false,
        },
        _ => false,
    }
}

/// Returns whether the code of an error starts with one of several prefixes.
fn has_code(error: &dyn DatabaseError, prefixes: &[&str]) -> bool {
    error.code().is_some_and(|code| {
        // The codes of SQLite are shorter.
        code.len() == 5 && prefixes.iter().any(|prefix| code.starts_with(prefix))
    })
}

/// Repeats a query that failed because it conflicts with a transaction, or
/// because its connection was lost.
pub(super) async fn retry<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = sqlx::Result<T>>,
{
    let mut attempts = 1;
    loop {
        match attempt().await {
            Err(error) if attempts < MAX_ATTEMPTS && is_repeatable(&error) => {
                sleep(Duration::from_millis(5 << attempts)).await;
                attempts += 1;
            }
            result => return Ok(result?),
        }
    }
}

fn is_repeatable(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error) if is_conflict(&**error)) || is_lost(error)
}

/// Repeats a transaction until it no longer conflicts with the transactions of
/// other programs, for at most ten minutes.
pub(super) async fn retry_write<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = sqlx::Result<T>>,
{
    let deadline = Instant::now() + WRITE_WAIT;
    let mut pause = Duration::from_millis(10);
    loop {
        match attempt().await {
            Err(error) if is_write_conflict(&error) && Instant::now() < deadline => {
                sleep(pause).await;
                pause = MAX_PAUSE.min(2 * pause);
            }
            result => return Ok(result?),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::error::Error;
    use std::fmt;

    use sqlx::error::{DatabaseError, ErrorKind};

    use super::*;

    #[derive(Debug)]
    struct Sqlstate(&'static str);

    impl fmt::Display for Sqlstate {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Sqlstate {}

    impl DatabaseError for Sqlstate {
        fn message(&self) -> &str {
            self.0
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.into())
        }

        fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn Error + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }
    }

    async fn retried(sqlstate: &'static str, failures: u32) -> (u32, Result<(), StoreError>) {
        let mut attempts = 0;
        let result = retry(|| {
            attempts += 1;
            let failed = attempts <= failures;
            async move {
                if failed {
                    Err(sqlx::Error::Database(Box::new(Sqlstate(sqlstate))))
                } else {
                    Ok(())
                }
            }
        })
        .await;
        (attempts, result)
    }

    #[tokio::test]
    async fn conflicts_and_lost_connections_are_retried() {
        for sqlstate in ["40001", "40P01", "57P01", "08006", "5", "517"] {
            let (attempts, result) = retried(sqlstate, 2).await;
            assert!(result.is_ok(), "{sqlstate}");
            assert_eq!(attempts, 3, "{sqlstate}");

            let (attempts, result) = retried(sqlstate, u32::MAX).await;
            assert!(matches!(result, Err(StoreError::Unavailable(_))));
            assert_eq!(attempts, MAX_ATTEMPTS, "{sqlstate}");
        }
    }

    #[tokio::test]
    async fn other_failures_are_not_retried() {
        for sqlstate in ["53300", "57014", "55P03"] {
            let (attempts, result) = retried(sqlstate, u32::MAX).await;
            assert!(matches!(result, Err(StoreError::Unavailable(_))));
            assert_eq!(attempts, 1, "{sqlstate}");
        }
        for sqlstate in ["42P01", "1", "2067"] {
            let (attempts, result) = retried(sqlstate, u32::MAX).await;
            assert!(matches!(result, Err(StoreError::Failed(_))));
            assert_eq!(attempts, 1, "{sqlstate}");
        }
    }
}
