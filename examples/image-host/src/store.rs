//! The images in the database, SQLite or PostgreSQL.

mod database;
mod error;
mod migrate;
#[cfg(feature = "gallery")]
mod newest;
mod pages;
mod pool;
mod postgres;
mod queries;
mod record;
mod row;
mod sqlite;
mod sqlite_file;
mod sqlstate;
mod tls;
mod upload;
mod version;
mod workers;
mod write;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use uuid::Uuid;

use self::database::Database;
use self::pages::PAGE;
use self::postgres::Postgres;
use self::queries::{ALL, ANY, Argument, COUNT, LISTED, ONE, SHARD};
use self::row::Row;
use self::sqlite::Sqlite;
use self::sqlite_file::SqliteFile;

pub(crate) use self::error::{DatabaseError, StoreError};
pub(crate) use self::pages::Records;
pub(crate) use self::record::Record;
pub(crate) use self::upload::UploadEffect;
pub(crate) use self::write::Batch;

/// The limits of the connections to the database.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PoolLimits {
    pub(crate) connections: u32,
    /// The time that a request waits for a connection.
    pub(crate) wait: Duration,
}

/// The images of the host and the access of its users.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    database: Database,
}

impl Store {
    /// Connects to a database by its URL, `postgres://…` or `sqlite://…`.
    pub(crate) async fn open(url: &str, limits: PoolLimits) -> Result<Self> {
        let (scheme, rest) = url.split_once(':').unwrap_or_default();
        let database = match scheme {
            "sqlite" => {
                let file = SqliteFile::parse(rest).context("invalid URL")?;
                Database::Sqlite(Sqlite::open(file, limits).await?)
            }
            "postgres" | "postgresql" => Database::Postgres(Postgres::open(url, limits).await?),
            _ if rest.starts_with("//")
                && scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) =>
            {
                bail!("unexpected scheme `{scheme}`; expected postgres://… or sqlite://…")
            }
            // Not shown, because a text without a scheme may start with a password.
            _ => bail!("invalid URL: expected postgres://… or sqlite://…"),
        };
        Ok(Self { database })
    }

    /// Connects to the embedded database in a file. Creates a missing file.
    pub(crate) async fn open_file(file: &Path, limits: PoolLimits) -> Result<Self> {
        let sqlite = Sqlite::open(SqliteFile::at(file), limits).await;
        let sqlite = sqlite.with_context(|| format!("cannot open {}", file.display()))?;
        let database = Database::Sqlite(sqlite);
        Ok(Self { database })
    }

    /// Returns the images with these ids that the user may see, in the order of
    /// the host.
    pub(crate) async fn images(&self, user: Uuid, ids: &[Uuid]) -> Result<Vec<Record>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let query = LISTED.with([Argument::Ids(ids.to_vec()), Argument::Id(user)]);
        let images = self.database.fetch(query, positioned).await?;
        let mut images: Vec<_> = images.into_iter().collect::<Result<_, _>>()?;
        images.sort_unstable_by_key(|(position, _)| *position);
        // An id may be listed twice.
        images.dedup_by_key(|(position, _)| *position);
        Ok(images.into_iter().map(|(_, record)| record).collect())
    }

    /// Streams all images that the user may see, in the order of the host.
    ///
    /// Waits for the first images, so that an earlier error becomes an error
    /// response.
    pub(crate) async fn all_images(&self, user: Uuid) -> Result<Records, StoreError> {
        let query = move |from| {
            let [from, limit] = [from, PAGE.into()].map(integer);
            ALL.with([from, Argument::Id(user), limit])
        };
        pages::records(self.database.clone(), Box::new(query)).await
    }

    /// Streams the images whose position modulo `of` is `remainder`.
    pub(crate) async fn shard(&self, remainder: i64, of: i64) -> Result<Records, StoreError> {
        let query = move |from| SHARD.with([from, of, remainder, PAGE.into()].map(integer));
        pages::records(self.database.clone(), Box::new(query)).await
    }

    /// Returns an image without checking access.
    pub(crate) async fn image(&self, id: Uuid) -> Result<Option<Record>, StoreError> {
        let query = ONE.with([Argument::Id(id)]);
        let images = self.database.fetch(query, Record::from_row).await?;
        images.into_iter().next().transpose()
    }

    /// Returns the number of images.
    pub(crate) async fn count(&self) -> Result<u64, StoreError> {
        let counts = self.database.fetch(COUNT.with([]), |row| row.integer(0));
        let count = counts.await?.into_iter().next().transpose();
        let count = count.map_err(StoreError::InvalidValue)?.flatten();
        Ok(count.unwrap_or_default().unsigned_abs())
    }

    /// Checks that the database is available and has the tables.
    pub(crate) async fn check(&self) -> Result<(), StoreError> {
        self.database.fetch(ANY.with([]), |_| ()).await?;
        Ok(())
    }

    /// Rejects further queries. SQLite interrupts the running queries, PostgreSQL completes them.
    pub(crate) fn close(&self) {
        self.database.close();
    }
}

fn integer(integer: i64) -> Argument {
    Argument::Integer(Some(integer))
}

fn positioned(row: &dyn Row) -> Result<(i64, Record), StoreError> {
    let record = Record::from_row(row)?;
    Ok((record::position(row)?, record))
}
