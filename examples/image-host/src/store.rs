//! The images in the database. SQLite and PostgreSQL share the queries.

mod error;
mod pool;
mod record;
mod write;

use std::io;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use futures_util::{StreamExt, stream};
use sqlx::any::{AnyRow, install_default_drivers};
use sqlx::migrate::Migrator;
use tokio::sync::mpsc;
use tokio::time::timeout;
use uuid::Uuid;

use self::pool::{Connection, Pool};

pub(crate) use self::error::{StoreError, retry};
pub(crate) use self::record::Record;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// The number of rows that are prefetched for a client.
const PREFETCHED_ROWS: usize = 32;

/// Selects the columns of a [`Record`].
macro_rules! select {
    ($($rest:literal),+) => {
        concat!(
            "SELECT record, asset_source, asset_resource_type, asset_delivery_type, asset_version ",
            "FROM images ",
            $($rest),+
        )
    };
}

/// Selects the listed images that a user may see.
///
/// `+ 0` makes the database look up the ids instead of scanning the index of
/// positions.
macro_rules! select_listed {
    ($listed:literal) => {
        select!(
            "WHERE id ",
            $listed,
            " AND EXISTS (SELECT 1 FROM album_access ",
            "WHERE user_id = $1 AND album_access.album_id = images.album_id) ",
            "ORDER BY position + 0"
        )
    };
}

const LISTED_IN_SQLITE: &str =
    select_listed!("IN (SELECT value FROM json_each('[\"' || replace($2, ',', '\",\"') || '\"]'))");
const LISTED_IN_POSTGRES: &str = select_listed!("= ANY(string_to_array($2, ','))");
const ALL: &str = select!(
    "WHERE EXISTS (SELECT 1 FROM album_access ",
    "WHERE user_id = $1 AND album_access.album_id = images.album_id) ",
    "ORDER BY position"
);
const SHARD: &str = select!("WHERE position % $1 = $2 ORDER BY position");
const ONE: &str = select!("WHERE id = $1");

/// The limits of the connection pool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PoolLimits {
    pub(crate) connections: u32,
    /// The time that a request waits for a connection.
    pub(crate) wait: Duration,
    /// The time that the receiver of a stream may stop reading.
    pub(crate) reader: Duration,
}

/// The images of the host and the access of its users.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pool: Pool,
    listed: &'static str,
    reader: Duration,
}

impl Store {
    /// Connects to a database by its URL, `postgres://…` or `sqlite://…`.
    pub(crate) async fn open(url: &str, limits: PoolLimits) -> Result<Self> {
        install_default_drivers();
        let sqlite = url.starts_with("sqlite:");
        let pool = Pool::new(url.parse()?, sqlite, limits.connections, limits.wait)?;
        let connection = pool.acquire().await;
        connection
            .context("cannot connect to the database")?
            .reusable = true;
        Ok(Self {
            pool,
            listed: if sqlite {
                LISTED_IN_SQLITE
            } else {
                LISTED_IN_POSTGRES
            },
            reader: limits.reader,
        })
    }

    /// Connects to the embedded database in a file. Creates a missing file.
    pub(crate) async fn open_file(file: &Path, limits: PoolLimits) -> Result<Self> {
        let file = file
            .to_str()
            .context("the path of the database is not valid UTF-8")?;
        Self::open(&format!("sqlite://{file}?mode=rwc"), limits).await
    }

    /// Creates or updates the tables.
    pub(crate) async fn migrate(&self) -> Result<()> {
        let mut migrations = Migrator {
            migrations: MIGRATIONS.migrations.clone(),
            ..Migrator::DEFAULT
        };
        // Some databases that use the protocol of PostgreSQL have no advisory
        // locks.
        migrations.set_locking(false);
        let mut connection = self.pool.acquire().await?;
        migrations.run(&mut **connection).await?;
        connection.reusable = true;
        Ok(())
    }

    /// Returns the images with these ids that the user may see, in the order of
    /// the host.
    pub(crate) async fn images(&self, user: Uuid, ids: &[Uuid]) -> Result<Vec<Record>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<_> = ids.iter().map(Uuid::to_string).collect();
        let (user, ids) = (user.to_string(), ids.join(","));
        let rows = retry(|| async {
            let mut connection = self.pool.acquire().await?;
            let query = sqlx::query(self.listed).bind(&user).bind(&ids);
            let rows = query.fetch_all(&mut **connection).await;
            connection.finish(rows)
        })
        .await?;
        rows.iter().map(Record::from_row).collect()
    }

    /// Streams all images that the user may see, in the order of the host.
    ///
    /// Waits for the first image, so that an earlier error becomes an error
    /// response.
    pub(crate) async fn all_images(&self, user: Uuid) -> Result<Records, StoreError> {
        self.records(move || sqlx::query(ALL).bind(user.to_string()))
            .await
    }

    /// Streams the images whose position modulo `of` is `remainder`.
    pub(crate) async fn shard(&self, remainder: i64, of: i64) -> Result<Records, StoreError> {
        self.records(move || sqlx::query(SHARD).bind(of).bind(remainder))
            .await
    }

    async fn records<F>(&self, query: F) -> Result<Records, StoreError>
    where
        F: Fn() -> Query + Send + Sync + 'static,
    {
        let (first, rest) = retry(|| self.open_cursor(query())).await?;
        let Some(first) = first else {
            return Ok(stream::empty().boxed());
        };
        let first = Record::from_row(&first);
        let rest = stream::unfold(Some(rest), async |rest| {
            let mut rest = rest?;
            match next(&mut rest).await {
                Ok(None) => None,
                Ok(Some(row)) => Some((Record::from_row(&row), Some(rest))),
                Err(error) => Some((Err(error.into()), None)),
            }
        });
        Ok(stream::iter([first]).chain(rest).boxed())
    }

    /// Runs a query. Returns its first row and a channel with the rest.
    async fn open_cursor(&self, query: Query) -> sqlx::Result<(Option<AnyRow>, Rows)> {
        let mut connection = self.pool.acquire().await?;
        let (sender, mut rows) = mpsc::channel(PREFETCHED_ROWS);
        let reader = self.reader;
        tokio::spawn(async move {
            let mut cursor = query.fetch(&mut **connection);
            loop {
                let row = cursor.next().await.transpose();
                let (more, end) = (matches!(row, Ok(Some(_))), matches!(row, Ok(None)));
                // A receiver that stops reading must not keep a connection.
                let sent = timeout(reader, sender.send(row)).await;
                if more && matches!(sent, Ok(Ok(()))) {
                    continue;
                }
                drop(cursor);
                if end {
                    connection.reusable = true;
                } else {
                    // The server may still send rows that nobody reads.
                    drop(Connection::take(connection));
                }
                return;
            }
        });
        Ok((next(&mut rows).await?, rows))
    }

    /// Returns an image without checking access.
    pub(crate) async fn image(&self, id: Uuid) -> Result<Option<Record>, StoreError> {
        let id = id.to_string();
        let row = retry(|| async {
            let mut connection = self.pool.acquire().await?;
            let row = sqlx::query(ONE)
                .bind(&id)
                .fetch_optional(&mut **connection)
                .await;
            connection.finish(row)
        })
        .await?;
        row.as_ref().map(Record::from_row).transpose()
    }

    /// Checks that the database is available and has the tables.
    pub(crate) async fn check(&self) -> Result<(), StoreError> {
        retry(|| async {
            let mut connection = self.pool.acquire().await?;
            let query = sqlx::query("SELECT 1 FROM images LIMIT 1");
            let row = query.fetch_optional(&mut **connection).await;
            connection.finish(row)
        })
        .await?;
        Ok(())
    }

    /// Closes idle connections now, and each other connection after its use.
    pub(crate) fn close(&self) {
        self.pool.close();
    }
}

/// A stream of images from the database.
pub(crate) type Records = stream::BoxStream<'static, Result<Record, StoreError>>;

type Query = sqlx::query::Query<'static, sqlx::Any, sqlx::any::AnyArguments>;
/// The rows of a query, followed by `None`. If the channel closes without
/// `None`, the rows are incomplete.
type Rows = mpsc::Receiver<sqlx::Result<Option<AnyRow>>>;

async fn next(rows: &mut Rows) -> sqlx::Result<Option<AnyRow>> {
    rows.recv().await.unwrap_or_else(|| {
        let error = "the rows are incomplete, or were not read in time";
        Err(io::Error::new(io::ErrorKind::TimedOut, error).into())
    })
}
