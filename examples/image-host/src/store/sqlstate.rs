//! The error codes of PostgreSQL (SQLSTATE).

use sqlx::Error;
use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;

/// Returns whether a later attempt may succeed.
pub(super) fn is_transient(error: &Error) -> bool {
    match error {
        Error::PoolTimedOut | Error::PoolClosed => true,
        _ => {
            is_lost(error)
                || is_conflict(error)
                // Insufficient resources, cancelled statement, lock timeout.
                || has_code(error, &["53", "57014", "55P03"])
        }
    }
}

/// Returns whether the connection failed, or the server has closed it.
pub(super) fn is_lost(error: &Error) -> bool {
    match error {
        Error::Io(_) | Error::Tls(_) | Error::WorkerCrashed => true,
        // Connection exceptions, shutdown or startup, idle in a transaction.
        _ => has_code(error, &["08", "57P", "25P03"]),
    }
}

/// Returns whether the server, the database or the role has no free connections.
pub(super) fn is_too_many_connections(error: &Error) -> bool {
    has_code(error, &["53300"])
}

/// Returns whether an attempt failed because of another transaction.
pub(super) fn is_conflict(error: &Error) -> bool {
    // Serialization failure, deadlock.
    has_code(error, &["40001", "40P01"])
}

/// Returns whether a write, or a migration, failed because of a concurrent one.
pub(super) fn is_write_conflict(error: &Error) -> bool {
    match error {
        Error::Database(database) => {
            is_conflict(error)
                // Two programs created the same table.
                || has_code(error, &["42P07"])
                // Two programs appended images, or created the same table.
                || has_code(error, &["23505"])
                    && database.constraint().is_some_and(|constraint| {
                        constraint == "images_position_key"
                            || constraint == "_sqlx_migrations_pkey"
                            || constraint.starts_with("pg_")
                    })
        }
        Error::Migrate(error) => match &**error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
                is_write_conflict(error)
            }
            _ => false,
        },
        _ => false,
    }
}

/// Returns whether the code of an error starts with one of several prefixes.
fn has_code(error: &Error, prefixes: &[&str]) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.is_some_and(|code| prefixes.iter().any(|prefix| code.starts_with(prefix)))
}

#[cfg(test)]
pub(super) mod tests {
    use std::borrow::Cow;
    use std::fmt;

    use sqlx::error::ErrorKind;

    use super::*;

    /// Returns an error with a code.
    pub(in super::super) fn sqlstate(code: &'static str) -> Error {
        Error::Database(Box::new(Sqlstate(code)))
    }

    #[derive(Debug)]
    struct Sqlstate(&'static str);

    impl fmt::Display for Sqlstate {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl std::error::Error for Sqlstate {}

    impl DatabaseError for Sqlstate {
        fn message(&self) -> &str {
            self.0
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.0.into())
        }

        fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
            self
        }

        fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
            self
        }

        fn kind(&self) -> ErrorKind {
            ErrorKind::Other
        }
    }

    #[test]
    fn a_refused_connection_is_transient() {
        let error = sqlstate("53300");
        assert!(is_too_many_connections(&error) && is_transient(&error));
        assert!(!is_lost(&error) && !is_write_conflict(&error));
    }
}
