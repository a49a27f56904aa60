use std::time::Duration;

use thiserror::Error;
use tokio::time::sleep;

/// How often a transaction that others were in the way of is tried.
const TRIES: u32 = 6;

/// Why the database gave no answer.
#[derive(Debug, Error)]
pub(crate) enum StoreError {
    /// It may give one soon.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// It will not.
    #[error("the database failed")]
    Failed(#[source] sqlx::Error),
    /// What it holds can't be read.
    #[error("a record in the database cannot be read: {0}")]
    Record(String),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        if is_passing(&error) {
            Self::Unavailable(error)
        } else {
            Self::Failed(error)
        }
    }
}

fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        // PostgreSQL: connection lost, resources short, shut down or starting,
        // serialization failure. SQLite: busy or locked.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            ["08", "53", "57P", "40001"]
                .iter()
                .any(|class| code.starts_with(class))
                || matches!(&*code, "5" | "6")
        }),
        _ => false,
    }
}

/// Tries again what failed because of others' transactions, a few times.
pub(crate) async fn retried<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = sqlx::Result<T>>,
{
    let mut tries = 1;
    loop {
        match attempt().await {
            Err(sqlx::Error::Database(error))
                if error.code().as_deref() == Some("40001") && tries < TRIES =>
            {
                sleep(Duration::from_millis(5 << tries)).await;
                tries += 1;
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

    async fn tried(sqlstate: &'static str, failures: u32) -> (u32, Result<(), StoreError>) {
        let mut tries = 0;
        let result = retried(|| {
            tries += 1;
            let failed = tries <= failures;
            async move {
                if failed {
                    Err(sqlx::Error::Database(Box::new(Sqlstate(sqlstate))))
                } else {
                    Ok(())
                }
            }
        })
        .await;
        (tries, result)
    }

    #[tokio::test]
    async fn a_serialization_failure_is_tried_again_until_a_cap() {
        let (tries, result) = tried("40001", 2).await;
        assert!(result.is_ok());
        assert_eq!(tries, 3);

        let (tries, result) = tried("40001", u32::MAX).await;
        assert!(matches!(result, Err(StoreError::Unavailable(_))));
        assert_eq!(tries, TRIES);
    }

    #[tokio::test]
    async fn another_failure_is_not_tried_again() {
        let (tries, result) = tried("57P01", u32::MAX).await;
        assert!(matches!(result, Err(StoreError::Unavailable(_))));
        assert_eq!(tries, 1);

        let (tries, result) = tried("42P01", u32::MAX).await;
        assert!(matches!(result, Err(StoreError::Failed(_))));
        assert_eq!(tries, 1);
    }
}
