//! The creation of the tables.

use std::sync::Arc;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use super::database::Database;
use super::error::{DatabaseError, retry_write};
use super::postgres::Postgres;
use super::version::{NEWEST, VERSION, sqlite_version};
use super::{Batch, Store, StoreError};

/// The versions, descriptions and statements of the migrations.
const MIGRATIONS: [(i64, &str, &str); 1] = [(
    NEWEST,
    "images and albums",
    include_str!("../../migrations/0001_images_and_albums.sql"),
)];

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
