//! The images in the database. SQLite and PostgreSQL share the queries.

mod error;
mod pool;
mod record;
mod upload;
mod write;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use std::vec;

use anyhow::{Context, Result, ensure};
use futures_util::{StreamExt, stream};
use sqlx::Row;
use sqlx::any::{AnyConnectOptions, AnyRow, install_default_drivers};
use uuid::Uuid;

use self::pool::{Pool, Query};

pub(crate) use self::error::StoreError;
pub(crate) use self::record::Record;
pub(crate) use self::upload::UploadEffect;
pub(crate) use self::write::Batch;

/// The number of rows that a stream reads at once.
const PAGE: i64 = 200;

/// The time that a started stream waits for a connection. It is longer than that
/// of a new request, because a client cannot repeat a part of a payload.
const STREAM_WAIT: Duration = Duration::from_secs(30);

/// Selects the columns of a [`Record`].
macro_rules! select {
    ($($rest:literal),+) => {
        concat!(
            "SELECT record, asset_source, asset_resource_type, asset_delivery_type, asset_version, ",
            "id, position FROM images ",
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
    "WHERE position > $2 AND EXISTS (SELECT 1 FROM album_access ",
    "WHERE user_id = $1 AND album_access.album_id = images.album_id) ",
    "ORDER BY position LIMIT $3"
);
const SHARD: &str =
    select!("WHERE position > $3 AND position % $1 = $2 ORDER BY position LIMIT $4");
const ONE: &str = select!("WHERE id = $1");

/// The limits of the connection pool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PoolLimits {
    pub(crate) connections: u32,
    /// The time that a request waits for a connection.
    pub(crate) wait: Duration,
}

/// The images of the host and the access of its users.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    pool: Pool,
    sqlite: bool,
}

impl Store {
    /// Connects to a database by its URL, `postgres://…` or `sqlite://…`.
    pub(crate) async fn open(url: &str, limits: PoolLimits) -> Result<Self> {
        install_default_drivers();
        let options: AnyConnectOptions = url.parse().context("invalid URL")?;
        let scheme = options.database_url.scheme();
        let sqlite = scheme == "sqlite";
        ensure!(
            sqlite || matches!(scheme, "postgres" | "postgresql"),
            "unexpected scheme `{scheme}`; expected postgres://… or sqlite://…"
        );
        let pool = Pool::new(options, sqlite, limits.connections, limits.wait)?;
        match pool.acquire().await {
            Ok(mut connection) => connection.reusable = true,
            Err(error @ sqlx::Error::Configuration(_)) => {
                return Err(error).context("invalid URL");
            }
            Err(error) => return Err(error).context("cannot connect to the database"),
        }
        Ok(Self { pool, sqlite })
    }

    /// Connects to the embedded database in a file. Creates a missing file.
    pub(crate) async fn open_file(file: &Path, limits: PoolLimits) -> Result<Self> {
        let file = file
            .to_str()
            .context("the path of the database is not valid UTF-8")?;
        Self::open(&format!("sqlite://{file}?mode=rwc"), limits).await
    }

    /// Returns the images with these ids that the user may see, in the order of
    /// the host.
    pub(crate) async fn images(&self, user: Uuid, ids: &[Uuid]) -> Result<Vec<Record>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<_> = ids.iter().map(Uuid::to_string).collect();
        let (user, ids) = (user.to_string(), ids.join(","));
        let listed = if self.sqlite {
            LISTED_IN_SQLITE
        } else {
            LISTED_IN_POSTGRES
        };
        let query = || sqlx::query(listed).bind(user.clone()).bind(ids.clone());
        let rows = self.pool.fetch(query).await?;
        rows.iter().map(Record::from_row).collect()
    }

    /// Streams all images that the user may see, in the order of the host.
    ///
    /// Waits for the first images, so that an earlier error becomes an error
    /// response.
    pub(crate) async fn all_images(&self, user: Uuid) -> Result<Records, StoreError> {
        let user = user.to_string();
        self.records(move |after| {
            let query = sqlx::query(ALL).bind(user.clone());
            query.bind(after).bind(PAGE)
        })
        .await
    }

    /// Streams the images whose position modulo `of` is `remainder`.
    pub(crate) async fn shard(&self, remainder: i64, of: i64) -> Result<Records, StoreError> {
        self.records(move |after| {
            let query = sqlx::query(SHARD).bind(of).bind(remainder);
            query.bind(after).bind(PAGE)
        })
        .await
    }

    /// Streams the images of a query that selects the images after a position.
    ///
    /// The stream holds no connection between two pages, however slowly it is
    /// read. The position of an image never changes, so no image is repeated or
    /// skipped.
    async fn records<F>(&self, query: F) -> Result<Records, StoreError>
    where
        F: Fn(i64) -> Query + Send + Sync + 'static,
    {
        let query = Arc::new(query);
        let first = self.page(&*query, 0).await?;
        let store = Self {
            pool: self.pool.with_min_wait(STREAM_WAIT),
            ..*self
        };
        let records = stream::unfold(Some(first), move |page| {
            let (store, query) = (store.clone(), Arc::clone(&query));
            async move {
                let mut page = page?;
                loop {
                    if let Some(row) = page.rows.next() {
                        return Some((Record::from_row(&row), Some(page)));
                    }
                    match store.page(&*query, page.last?).await {
                        Ok(next) => page = next,
                        Err(error) => return Some((Err(error), None)),
                    }
                }
            }
        });
        Ok(records.boxed())
    }

    async fn page(&self, query: impl Fn(i64) -> Query, after: i64) -> Result<Page, StoreError> {
        let rows = self.pool.fetch(|| query(after)).await?;
        let last = rows.last().map(|row| row.try_get("position")).transpose()?;
        Ok(Page {
            rows: rows.into_iter(),
            last,
        })
    }

    /// Returns an image without checking access.
    pub(crate) async fn image(&self, id: Uuid) -> Result<Option<Record>, StoreError> {
        let query = || sqlx::query(ONE).bind(id.to_string());
        let rows = self.pool.fetch(query).await?;
        rows.first().map(Record::from_row).transpose()
    }

    /// Checks that the database is available and has the tables.
    pub(crate) async fn check(&self) -> Result<(), StoreError> {
        let query = || sqlx::query("SELECT 1 FROM images LIMIT 1");
        self.pool.fetch(query).await?;
        Ok(())
    }

    /// Closes idle connections now, and each other connection after its use.
    pub(crate) fn close(&self) {
        self.pool.close();
    }
}

/// A stream of images from the database.
pub(crate) type Records = stream::BoxStream<'static, Result<Record, StoreError>>;

/// Consecutive rows, with the position of the last row.
struct Page {
    rows: vec::IntoIter<AnyRow>,
    /// `None` if there are no rows.
    last: Option<i64>,
}
