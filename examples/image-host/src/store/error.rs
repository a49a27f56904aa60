//! Database errors and retries.

use std::time::Duration;

use thiserror::Error;
use tokio::time::sleep;

/// The maximum number of attempts for a transaction that conflicts with others.
const MAX_ATTEMPTS: u32 = 6;

/// A failed query.
#[derive(Debug, Error)]
pub(crate) enum StoreError {
    /// A later attempt may succeed.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// A later attempt will fail as well.
    #[error("the query failed")]
    Failed(#[source] sqlx::Error),
    #[error("invalid record in the database")]
    InvalidRecord(#[source] anyhow::Error),
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

fn is_transient(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        // PostgreSQL: connection exceptions, insufficient resources, shutdown or
        // startup, serialization failure. SQLite: busy or locked.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            ["08", "53", "57P", "40001"]
                .iter()
                .any(|class| code.starts_with(class))
                || matches!(&*code, "5" | "6")
        }),
        _ => false,
    }
}

/// Retries an attempt that failed because it conflicts with another transaction.
pub(crate) async fn retry<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = sqlx::Result<T>>,
{
    let mut attempts = 1;
    loop {
        match attempt().await {
            Err(sqlx::Error::Database(error))
                if error.code().as_deref() == Some("40001") && attempts < MAX_ATTEMPTS =>
            {
                sleep(Duration::from_millis(5 << attempts)).await;
                attempts += 1;
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
    async fn serialization_failures_are_retried_up_to_a_limit() {
        let (attempts, result) = retried("40001", 2).await;
        assert!(result.is_ok());
        assert_eq!(attempts, 3);

        let (attempts, result) = retried("40001", u32::MAX).await;
        assert!(matches!(result, Err(StoreError::Unavailable(_))));
        assert_eq!(attempts, MAX_ATTEMPTS);
    }

    #[tokio::test]
    async fn other_failures_are_not_retried() {
        let (attempts, result) = retried("57P01", u32::MAX).await;
        assert!(matches!(result, Err(StoreError::Unavailable(_))));
        assert_eq!(attempts, 1);

        let (attempts, result) = retried("42P01", u32::MAX).await;
        assert!(matches!(result, Err(StoreError::Failed(_))));
        assert_eq!(attempts, 1);
    }
}
