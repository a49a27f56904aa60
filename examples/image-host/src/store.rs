//! The images in the database. SQLite and PostgreSQL share the queries.

mod error;
mod pool;
mod queries;
mod record;
mod upload;
mod write;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::vec;

use anyhow::{Context, Result, ensure};
use futures_util::{StreamExt, stream};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sqlx::any::{AnyConnectOptions, AnyRow, install_default_drivers};
use uuid::Uuid;

use self::pool::{Pool, Query};
use self::queries::{POSTGRES, Queries, SQLITE};

pub(crate) use self::error::StoreError;
pub(crate) use self::record::Record;
pub(crate) use self::upload::UploadEffect;
pub(crate) use self::write::Batch;

/// The number of rows that a stream reads at once.
const PAGE: i64 = 200;

/// The time that a started stream waits for a connection. It is longer than that
/// of a new request, because a client cannot repeat a part of a payload.
const STREAM_WAIT: Duration = Duration::from_secs(30);

/// The characters of a path that a URL of SQLite contains in encoded form.
const NOT_IN_URL: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'.')
    .remove(b'-')
    .remove(b'_');

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
            Ok(mut connection) => {
                if sqlite {
                    let encoding = sqlx::query_scalar("PRAGMA encoding");
                    let encoding: String = encoding.fetch_one(&mut **connection).await?;
                    ensure!(
                        encoding == "UTF-8",
                        "the database has the encoding {encoding}; expected UTF-8"
                    );
                }
                connection.reusable = true;
            }
            Err(error @ sqlx::Error::Configuration(_)) => {
                return Err(error).context("invalid URL");
            }
            Err(error) => return Err(error).context("cannot connect to the database"),
        }
        Ok(Self { pool, sqlite })
    }

    /// Connects to the embedded database in a file. Creates a missing file.
    pub(crate) async fn open_file(file: &Path, limits: PoolLimits) -> Result<Self> {
        let url = file_url(file).context("the path of the database is not valid UTF-8")?;
        let opened = Self::open(&url, limits).await;
        opened.with_context(|| format!("cannot open {}", file.display()))
    }

    /// Returns the images with these ids that the user may see, in the order of
    /// the host.
    pub(crate) async fn images(&self, user: Uuid, ids: &[Uuid]) -> Result<Vec<Record>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<_> = ids.iter().map(Uuid::to_string).collect();
        let (user, ids) = (user.to_string(), ids.join(","));
        let listed = self.queries().listed;
        let query = || sqlx::query(listed).bind(user.clone()).bind(ids.clone());
        let rows = self.pool.fetch(query).await?;
        rows.iter().map(Record::from_row).collect()
    }

    /// Streams all images that the user may see, in the order of the host.
    ///
    /// Waits for the first images, so that an earlier error becomes an error
    /// response.
    pub(crate) async fn all_images(&self, user: Uuid) -> Result<Records, StoreError> {
        let (all, user) = (self.queries().all, user.to_string());
        self.records(move |after| {
            let query = sqlx::query(all).bind(user.clone());
            query.bind(after).bind(PAGE)
        })
        .await
    }

    /// Streams the images whose position modulo `of` is `remainder`.
    pub(crate) async fn shard(&self, remainder: i64, of: i64) -> Result<Records, StoreError> {
        let shard = self.queries().shard;
        self.records(move |after| {
            let query = sqlx::query(shard).bind(of).bind(remainder);
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
        let first = self.page(&*query, i64::MIN).await?;
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
                    let next = match page.last? {
                        Ok(last) => store.page(&*query, last).await,
                        Err(error) => Err(error),
                    };
                    match next {
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
        let last = rows.last().map(record::position);
        Ok(Page {
            rows: rows.into_iter(),
            last,
        })
    }

    /// Returns an image without checking access.
    pub(crate) async fn image(&self, id: Uuid) -> Result<Option<Record>, StoreError> {
        let one = self.queries().one;
        let query = || sqlx::query(one).bind(id.to_string());
        let rows = self.pool.fetch(query).await?;
        rows.first().map(Record::from_row).transpose()
    }

    fn queries(&self) -> Queries {
        if self.sqlite { SQLITE } else { POSTGRES }
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

/// Returns the URL of an embedded database, or `None` if the path is not valid UTF-8.
fn file_url(file: &Path) -> Option<String> {
    // `./` in front of a relative path: its first component is neither a host nor the
    // special name `:memory:`. The components omit a second `/` at the start.
    let file: PathBuf = if file.is_relative() {
        Path::new(".").join(file)
    } else {
        file.components().collect()
    };
    let file = utf8_percent_encode(file.to_str()?, NOT_IN_URL);
    Some(format!("sqlite:{file}?mode=rwc"))
}

/// A stream of images from the database.
pub(crate) type Records = stream::BoxStream<'static, Result<Record, StoreError>>;

/// Consecutive rows, with the position of the last row.
struct Page {
    rows: vec::IntoIter<AnyRow>,
    /// `None` if there are no rows.
    last: Option<Result<i64, StoreError>>,
}
