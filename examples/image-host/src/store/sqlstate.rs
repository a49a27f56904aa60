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
    match cause(error) {
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
    // Two programs appended images.
    is_conflict(error) || violates(error, |constraint| constraint == "images_position_key")
}

/// Returns whether a migration failed because a table, an index or a type exists already.
///
/// When two programs create a table at once, `IF NOT EXISTS` does not prevent the error. The
/// code depends on the step during which the other transaction is committed: PostgreSQL
/// looks up the name of the table, then the name of its type, and then inserts into the
/// unique indexes of the catalog.
pub(super) fn is_creation_conflict(error: &Error) -> bool {
    // Duplicate table or index, duplicate type.
    has_code(error, &["42P07", "42710"])
        || violates(error, |constraint| {
            constraint == "_sqlx_migrations_pkey" || constraint.starts_with("pg_")
        })
}

/// Returns whether an error violates a unique constraint whose name has a property.
fn violates(error: &Error, is_constraint: impl FnOnce(&str) -> bool) -> bool {
    let constraint = cause(error)
        .as_database_error()
        .and_then(DatabaseError::constraint);
    has_code(error, &["23505"]) && constraint.is_some_and(is_constraint)
}

/// Returns whether the code of an error starts with one of several prefixes.
fn has_code(error: &Error, prefixes: &[&str]) -> bool {
    let code = cause(error)
        .as_database_error()
        .and_then(DatabaseError::code);
    code.is_some_and(|code| prefixes.iter().any(|prefix| code.starts_with(prefix)))
}

/// Returns the error of a statement of a migration, or any other error itself.
fn cause(error: &Error) -> &Error {
    let Error::Migrate(migration) = error else {
        return error;
    };
    match &**migration {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => cause(error),
        _ => error,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::borrow::Cow;
    use std::{fmt, io};

    use sqlx::error::ErrorKind;

    use super::*;

    /// Returns an error with a code.
    pub(in super::super) fn sqlstate(code: &'static str) -> Error {
        violation(code, None)
    }

    /// Returns an error with a code and the name of a constraint.
    fn violation(code: &'static str, constraint: Option<&'static str>) -> Error {
        Error::Database(Box::new(Sqlstate { code, constraint }))
    }

    #[derive(Debug)]
    struct Sqlstate {
        code: &'static str,
        constraint: Option<&'static str>,
    }

    impl fmt::Display for Sqlstate {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.code)
        }
    }

    impl std::error::Error for Sqlstate {}

    impl DatabaseError for Sqlstate {
        fn message(&self) -> &str {
            self.code
        }

        fn code(&self) -> Option<Cow<'_, str>> {
            Some(self.code.into())
        }

        fn constraint(&self) -> Option<&str> {
            self.constraint
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

    #[test]
    fn conflicts_are_classified_by_code() {
        const NONE: (bool, bool) = (false, false);
        const WRITE: (bool, bool) = (true, false);
        const CREATION: (bool, bool) = (false, true);
        for (code, constraint, expected) in [
            ("40001", None, WRITE),
            ("40P01", None, WRITE),
            ("23505", Some("images_position_key"), WRITE),
            ("42P07", None, CREATION),
            ("42710", None, CREATION),
            ("23505", Some("pg_type_typname_nsp_index"), CREATION),
            ("23505", Some("pg_class_relname_nsp_index"), CREATION),
            ("23505", Some("_sqlx_migrations_pkey"), CREATION),
            ("23505", Some("images_pkey"), NONE),
            ("23505", None, NONE),
            // The code decides, not the name alone.
            ("23514", Some("images_position_key"), NONE),
            ("42P01", None, NONE),
            ("42501", None, NONE),
            ("53300", None, NONE),
        ] {
            let error = || violation(code, constraint);
            for error in [
                error(),
                MigrateError::Execute(error()).into(),
                MigrateError::ExecuteMigration(error(), 1).into(),
                MigrateError::Execute(MigrateError::Execute(error()).into()).into(),
            ] {
                let found = (is_write_conflict(&error), is_creation_conflict(&error));
                assert_eq!(found, expected, "{error:?}");
            }
        }
        let error = MigrateError::VersionMissing(2).into();
        assert!(!is_write_conflict(&error) && !is_creation_conflict(&error));
    }

    #[test]
    fn a_migration_can_lose_its_connection() {
        let error: Error = io::Error::from(io::ErrorKind::ConnectionReset).into();
        for error in [error, sqlstate("57P01")] {
            let error = MigrateError::ExecuteMigration(error, 1).into();
            assert!(is_lost(&error) && is_transient(&error), "{error:?}");
        }
    }
}
