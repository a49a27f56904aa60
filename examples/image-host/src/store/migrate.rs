//! The tables and their versions.
//!
//! In PostgreSQL, the migrator of `sqlx` keeps the version in a table. In SQLite, the version
//! is the `user_version` of the file.

use std::sync::Arc;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use super::database::Database;
use super::error::{DatabaseError, retry_write};
use super::postgres::Postgres;
use super::queries::Sql;
use super::{Batch, Store, StoreError};

/// The versions, descriptions and statements of the migrations.
const MIGRATIONS: [(i64, &str, &str); 1] = [(
    NEWEST,
    "images and albums",
    include_str!("../../migrations/0001_images_and_albums.sql"),
)];

const NEWEST: i64 = 1;

/// The version of the tables. Files of earlier hosts have tables of version 1, and no version.
const VERSION: Sql = Sql {
    sqlite: "SELECT iif(user_version > 1, user_version, EXISTS (SELECT 1 FROM sqlite_master \
             WHERE type = 'table' AND name = 'images')) FROM pragma_user_version",
    postgres: "SELECT MAX(version) FROM _sqlx_migrations WHERE success",
};

impl Store {
    /// Creates or updates the tables. Waits for other programs that do so.
    pub(crate) async fn migrate(&self) -> Result<(), StoreError> {
        self.migrate_and_fill(None).await
    }

    /// Creates or updates the tables, and fills new tables in SQLite with a batch.
    ///
    /// In SQLite, this is one transaction: no other program sees empty tables.
    pub(crate) async fn migrate_and_fill(&self, initial: Option<Batch>) -> Result<(), StoreError> {
        if self.is_current().await {
            return Ok(());
        }
        let initial = Arc::new(initial);
        retry_write(async || match &self.database {
            Database::Sqlite(sqlite) => {
                let initial = Arc::clone(&initial);
                let migrate =
                    move |connection: &_| migrate_sqlite(connection, Option::as_ref(&initial));
                sqlite.transaction(migrate).await
            }
            Database::Postgres(postgres) => Ok(migrate_postgres(postgres).await?),
        })
        .await
    }

    /// Returns whether the newest migration has been applied, so that no lock is needed.
    async fn is_current(&self) -> bool {
        let versions = self.database.fetch(VERSION.with([]), |row| row.integer(0));
        matches!(versions.await.as_deref(), Ok([Ok(Some(NEWEST))]))
    }
}

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

fn migrate_sqlite(
    connection: &rusqlite::Connection,
    initial: Option<&Batch>,
) -> Result<(), DatabaseError> {
    let found = sqlite_version(connection)?;
    for (version, _, statements) in MIGRATIONS {
        if version > found {
            connection.execute_batch(statements)?;
        }
    }
    connection.pragma_update(None, "user_version", NEWEST)?;
    match initial {
        Some(initial) if found == 0 => initial.write_sqlite(connection, &|_| ()),
        _ => Ok(()),
    }
}

async fn migrate_postgres(postgres: &Postgres) -> sqlx::Result<()> {
    let migrations = MIGRATIONS.map(|(version, description, sql)| {
        let (description, sql) = (description.into(), sql.into_sql_str());
        Migration::new(version, description, MigrationType::Simple, sql, false)
    });
    let mut migrator = Migrator::with_migrations(migrations.to_vec());
    // Some databases that use the protocol of PostgreSQL have no advisory locks.
    migrator.set_locking(false);
    let mut connection = postgres.writer().await?;
    Ok(migrator.run(&mut **connection).await?)
}
