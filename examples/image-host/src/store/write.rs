//! Writes to the database.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use sqlx::any::Any;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, Row, SqlSafeStr, Transaction};
use uuid::Uuid;

use super::error::retry_write;
use super::record::Columns;
use super::{Record, Store, StoreError};

/// The versions, descriptions and statements of the migrations.
const MIGRATIONS: [(i64, &str, &str); 1] = [(
    1,
    "images and albums",
    include_str!("../../migrations/0001_images_and_albums.sql"),
)];

/// The number of rows per statement. Databases limit the values of a statement.
const ROWS: usize = 200;

/// The number of values per image.
const COLUMNS: usize = 8;

/// The settings of a PostgreSQL connection that writes. A writer waits for other
/// writers. The connection is not reused for queries.
const POSTGRES_WRITER: &str = "SET statement_timeout = '10min'; SET lock_timeout = '10min'";

/// Images to write, and the users who may see their albums.
pub(crate) struct Batch {
    images: Vec<Columns>,
    /// Pairs of a user and an album.
    grants: Vec<(String, String)>,
}

impl Batch {
    /// # Errors
    ///
    /// - An image that the databases cannot store. The error names its position.
    pub(crate) fn new(records: &[Record], users: &[Uuid]) -> Result<Self> {
        let images = records.iter().enumerate().map(|(index, record)| {
            let columns = record.columns();
            columns.with_context(|| format!("images[{index}]"))
        });
        let images: Vec<_> = images.collect::<Result<_>>()?;
        let albums: BTreeSet<_> = images
            .iter()
            .filter_map(|columns| columns.album_id.as_deref())
            .collect();
        let users: BTreeSet<_> = users.iter().map(Uuid::to_string).collect();
        let grants = users.iter().flat_map(|user| {
            let grant = |album: &&str| (user.clone(), (*album).to_owned());
            albums.iter().map(grant).collect::<Vec<_>>()
        });
        let grants = grants.collect();
        Ok(Self { images, grants })
    }

    /// The number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.images.len() + self.grants.len()
    }

    /// Writes the rows. Reports the number of rows that are written.
    async fn write(
        &self,
        connection: &mut AnyConnection,
        progress: impl Fn(usize),
    ) -> sqlx::Result<()> {
        let mut written = 0;
        progress(written);
        let last: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(position), 0) FROM images")
            .fetch_one(&mut *connection)
            .await?;
        let images = i64::try_from(self.images.len() + ROWS).unwrap_or(i64::MAX);
        if last.checked_add(images).is_none() {
            return Err(sqlx::Error::Encode(
                format!("no positions are left after {last}").into(),
            ));
        }
        for (rows, first) in self.images.chunks(ROWS).zip((last + 1..).step_by(ROWS)) {
            let mut insert = sqlx::query(AssertSqlSafe(upsert(rows.len())));
            for (columns, position) in rows.iter().zip(first..) {
                insert = insert
                    .bind(&columns.id)
                    .bind(position)
                    .bind(&columns.album_id)
                    .bind(&columns.record)
                    .bind(&columns.asset_source)
                    .bind(&columns.asset_resource_type)
                    .bind(&columns.asset_delivery_type)
                    .bind(columns.asset_version);
            }
            insert.execute(&mut *connection).await?;
            written += rows.len();
            progress(written);
        }
        for rows in self.grants.chunks(ROWS) {
            let mut insert = sqlx::query(AssertSqlSafe(grant(rows.len())));
            for (user, album) in rows {
                insert = insert.bind(user).bind(album);
            }
            insert.execute(&mut *connection).await?;
            written += rows.len();
            progress(written);
        }
        Ok(())
    }
}

impl Store {
    /// Writes a batch in one transaction. New images are appended; known images
    /// are replaced and keep their position. Waits for other writers.
    pub(crate) async fn write(
        &self,
        batch: &Batch,
        progress: impl Fn(usize),
    ) -> Result<(), StoreError> {
        retry_write(|| async {
            let mut connection = self.pool.acquire().await?;
            let mut transaction = self.begin(&mut connection).await?;
            batch.write(&mut transaction, &progress).await?;
            transaction.commit().await
        })
        .await
    }

    /// Starts a transaction that writes. SQLite locks the file now: it would not
    /// wait for a lock after the first query.
    async fn begin<'a>(
        &self,
        connection: &'a mut AnyConnection,
    ) -> sqlx::Result<Transaction<'a, Any>> {
        if self.sqlite {
            connection.begin_with("BEGIN IMMEDIATE").await
        } else {
            connection.execute(POSTGRES_WRITER).await?;
            connection.begin().await
        }
    }

    /// Creates or updates the tables. Waits for other programs that do so.
    pub(crate) async fn migrate(&self) -> Result<(), StoreError> {
        self.migrate_and_fill(None).await
    }

    /// Creates or updates the tables, and fills new tables with a batch.
    ///
    /// In SQLite, this is one transaction: no other program sees empty tables.
    pub(crate) async fn migrate_and_fill(&self, initial: Option<&Batch>) -> Result<(), StoreError> {
        let migrations = MIGRATIONS.map(|(version, description, sql)| {
            let sql = sql.into_sql_str();
            Migration::new(
                version,
                description.into(),
                MigrationType::Simple,
                sql,
                false,
            )
        });
        let mut migrations = Migrator::with_migrations(migrations.into());
        // Some databases that use the protocol of PostgreSQL have no advisory
        // locks.
        migrations.set_locking(false);
        if self.is_current().await {
            return Ok(());
        }
        retry_write(|| async {
            let mut connection = self.pool.acquire().await?;
            if !self.sqlite {
                connection.execute(POSTGRES_WRITER).await?;
                return Ok(migrations.run(&mut **connection).await?);
            }
            let mut transaction = self.begin(&mut connection).await?;
            let tables = "SELECT 1 FROM sqlite_master WHERE name = 'images'";
            let table = transaction.fetch_optional(tables).await?;
            migrations.run(&mut *transaction).await?;
            if let (None, Some(initial)) = (table, initial) {
                initial.write(&mut transaction, |_| ()).await?;
            }
            transaction.commit().await
        })
        .await
    }

    /// Returns whether the newest migration has been applied, so that no lock is needed.
    async fn is_current(&self) -> bool {
        let applied = "SELECT MAX(version) FROM _sqlx_migrations WHERE success";
        let rows = self.pool.fetch(|| sqlx::query(applied)).await;
        let applied = rows
            .ok()
            .and_then(|rows| rows.first()?.try_get::<Option<i64>, _>(0).ok()?);
        let newest = MIGRATIONS.iter().map(|(version, ..)| *version).max();
        applied.is_some() && applied == newest
    }

    /// Returns the number of images.
    pub(crate) async fn count(&self) -> Result<u64, StoreError> {
        let query = || sqlx::query("SELECT COUNT(*) FROM images");
        let rows = self.pool.fetch(query).await?;
        let count = rows.first().map(|row| row.try_get::<i64, _>(0));
        Ok(count.transpose()?.unwrap_or_default().unsigned_abs())
    }
}

/// Returns the statement that grants access `rows` times.
fn grant(rows: usize) -> String {
    let values: Vec<_> = (0..rows)
        .map(|row| format!("(${}, ${})", 2 * row + 1, 2 * row + 2))
        .collect();
    format!(
        "INSERT INTO album_access (user_id, album_id) VALUES {} \
         ON CONFLICT (user_id, album_id) DO NOTHING",
        values.join(", ")
    )
}

/// Returns the statement that inserts or updates `rows` images.
fn upsert(rows: usize) -> String {
    let values: Vec<_> = (0..rows)
        .map(|row| {
            let value = |column| format!("${}", row * COLUMNS + column);
            let values: Vec<_> = (1..=COLUMNS).map(value).collect();
            format!("({})", values.join(", "))
        })
        .collect();
    format!(
        "INSERT INTO images (id, position, album_id, record, asset_source, asset_resource_type, \
         asset_delivery_type, asset_version) VALUES {} \
         ON CONFLICT (id) DO UPDATE SET album_id = excluded.album_id, record = excluded.record, \
         asset_source = excluded.asset_source, \
         asset_resource_type = excluded.asset_resource_type, \
         asset_delivery_type = excluded.asset_delivery_type, \
         asset_version = excluded.asset_version",
        values.join(", ")
    )
}
