//! The images in the database: SQLite or PostgreSQL, through the same queries.

mod failure;
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

pub(crate) use self::failure::{StoreError, retried};
pub(crate) use self::record::Record;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// Rows that are read ahead of a client.
const AHEAD: usize = 32;

/// The columns that a [`Record`] is read from.
macro_rules! select {
    ($($rest:literal),+) => {
        concat!(
            "SELECT record, asset_source, asset_resource_type, asset_delivery_type, asset_version ",
            "FROM images ",
            $($rest),+
        )
    };
}

/// The images among those listed that a user may see.
///
/// The database is to look up the ids, not to walk the index of positions:
/// hence the `+ 0`.
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

/// How many connections there are, and how long a request waits for one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PoolLimits {
    pub(crate) connections: u32,
    pub(crate) wait: Duration,
    /// How long a reader of many images may take none.
    pub(crate) reader: Duration,
}

/// The host's images, and who may see which.
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
        let reached = pool.lend().await;
        reached.context("the database cannot be reached")?.sound = true;
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

    /// Connects to the embedded database in a file, which may be new.
    pub(crate) async fn open_file(file: &Path, limits: PoolLimits) -> Result<Self> {
        let file = file.to_str().context("the database's path is not UTF-8")?;
        Self::open(&format!("sqlite://{file}?mode=rwc"), limits).await
    }

    /// Makes the tables, or brings them up to date.
    pub(crate) async fn migrate(&self) -> Result<()> {
        let mut migrations = Migrator {
            migrations: MIGRATIONS.migrations.clone(),
            ..Migrator::DEFAULT
        };
        // Not every database that speaks PostgreSQL's protocol has its
        // advisory locks.
        migrations.set_locking(false);
        let mut lent = self.pool.lend().await?;
        migrations.run(&mut **lent).await?;
        lent.sound = true;
        Ok(())
    }

    /// Those of the images that the user may see, in the host's order.
    pub(crate) async fn images(&self, user: Uuid, ids: &[Uuid]) -> Result<Vec<Record>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<_> = ids.iter().map(Uuid::to_string).collect();
        let (user, ids) = (user.to_string(), ids.join(","));
        let rows = retried(|| async {
            let mut lent = self.pool.lend().await?;
            let query = sqlx::query(self.listed).bind(&user).bind(&ids);
            let rows = query.fetch_all(&mut **lent).await;
            lent.ended(rows)
        })
        .await?;
        rows.iter().map(Record::from_row).collect()
    }

    /// All images that the user may see, in the host's order, from the cursor.
    ///
    /// Waits for the first, so that what fails until then can be answered.
    pub(crate) async fn all_images(&self, user: Uuid) -> Result<Records, StoreError> {
        self.records(move || sqlx::query(ALL).bind(user.to_string()))
            .await
    }

    /// All images of the host whose position leaves this remainder.
    pub(crate) async fn shard(&self, remainder: i64, of: i64) -> Result<Records, StoreError> {
        self.records(move || sqlx::query(SHARD).bind(of).bind(remainder))
            .await
    }

    async fn records<F>(&self, query: F) -> Result<Records, StoreError>
    where
        F: Fn() -> Query + Send + Sync + 'static,
    {
        let (first, rest) = retried(|| self.begun(query())).await?;
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

    /// The first row, and the others as they come.
    async fn begun(&self, query: Query) -> sqlx::Result<(Option<AnyRow>, Rows)> {
        let mut lent = self.pool.lend().await?;
        let (sender, mut rows) = mpsc::channel(AHEAD);
        let reader = self.reader;
        tokio::spawn(async move {
            let mut cursor = query.fetch(&mut **lent);
            loop {
                let row = cursor.next().await.transpose();
                let (more, end) = (matches!(row, Ok(Some(_))), matches!(row, Ok(None)));
                // One that takes nothing for long is not to keep a connection.
                let taken = timeout(reader, sender.send(row)).await;
                if more && matches!(taken, Ok(Ok(()))) {
                    continue;
                }
                drop(cursor);
                if end {
                    lent.sound = true;
                } else {
                    // Its server may have rows under way that nobody reads.
                    drop(Connection::take(lent));
                }
                return;
            }
        });
        Ok((next(&mut rows).await?, rows))
    }

    /// An image, whoever may see it.
    pub(crate) async fn image(&self, id: Uuid) -> Result<Option<Record>, StoreError> {
        let id = id.to_string();
        let row = retried(|| async {
            let mut lent = self.pool.lend().await?;
            let row = sqlx::query(ONE).bind(&id).fetch_optional(&mut **lent).await;
            lent.ended(row)
        })
        .await?;
        row.as_ref().map(Record::from_row).transpose()
    }

    /// Whether the database answers, and has the tables.
    pub(crate) async fn check(&self) -> Result<(), StoreError> {
        retried(|| async {
            let mut lent = self.pool.lend().await?;
            let query = sqlx::query("SELECT 1 FROM images LIMIT 1");
            let row = query.fetch_optional(&mut **lent).await;
            lent.ended(row)
        })
        .await?;
        Ok(())
    }

    /// Closes the connections that are not in use, and others after it.
    pub(crate) fn close(&self) {
        self.pool.close();
    }
}

/// Images as they come from the database.
pub(crate) type Records = stream::BoxStream<'static, Result<Record, StoreError>>;

type Query = sqlx::query::Query<'static, sqlx::Any, sqlx::any::AnyArguments>;
/// Rows, and `None` after the last: where it is missing, they broke off.
type Rows = mpsc::Receiver<sqlx::Result<Option<AnyRow>>>;

async fn next(rows: &mut Rows) -> sqlx::Result<Option<AnyRow>> {
    rows.recv().await.unwrap_or_else(|| {
        let error = "the rows broke off, or were not taken in time";
        Err(io::Error::new(io::ErrorKind::TimedOut, error).into())
    })
}
