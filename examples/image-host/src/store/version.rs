//! The version of the tables.
//!
//! In PostgreSQL, the migrator of `sqlx` keeps the version in a table. In SQLite, the version
//! is the `user_version` of the file.

use super::error::DatabaseError;
use super::queries::Sql;

pub(super) const NEWEST: i64 = 1;

/// The version of the tables. Files of earlier hosts have tables of version 1, and no version.
pub(super) const VERSION: Sql = Sql {
    sqlite: "SELECT iif(user_version > 1, user_version, EXISTS (SELECT 1 FROM sqlite_master \
             WHERE type = 'table' AND name = 'images')) FROM pragma_user_version",
    postgres: "SELECT MAX(version) FROM _sqlx_migrations WHERE success",
};

/// Returns the version of the tables of a file, 0 if it has none.
///
/// # Errors
///
/// - The version is newer than this program.
pub(super) fn sqlite_version(connection: &rusqlite::Connection) -> Result<i64, DatabaseError> {
    let found = connection.query_row(VERSION.sqlite, [], |row| row.get(0))?;
    if found > NEWEST {
        return Err(DatabaseError::NewerTables {
            found,
            supported: NEWEST,
        });
    }
    Ok(found)
}
