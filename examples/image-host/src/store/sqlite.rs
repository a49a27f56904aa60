//! Queries on SQLite.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rusqlite::{Connection, TransactionBehavior};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

use super::PoolLimits;
use super::error::{DatabaseError, StoreError, retry};
use super::queries::{Argument, Query};
use super::row::Map;
use super::sqlite_file::SqliteFile;
use super::version::sqlite_version;
use super::workers::Workers;

/// The time limit of a query.
const QUERY_LIMIT: Duration = Duration::from_secs(15);

/// The minimum number of connections that read, so that a slow query does not block all
/// other queries on a computer with one CPU.
const MIN_READERS: usize = 2;

/// Enlarges the page cache for a transaction. With the default size, an import writes and
/// reads the pages of the index of ids many times.
const LARGE_CACHE: &str = "PRAGMA cache_size = -65536";

/// Restores the default size of the page cache, and empties the cache. All connections share
/// the memory for pages: the pages of an import would displace those of the readers.
const NO_CACHE: &str = "PRAGMA cache_size = -2000; PRAGMA shrink_memory";

/// Connections that read, and one connection that writes: SQLite runs one writing
/// transaction at a time, and readers do not wait for it.
#[derive(Clone, Debug)]
pub(super) struct Sqlite {
    readers: Workers,
    /// Read pages. Such a query may take long, and must not block the other queries.
    page_readers: Workers,
    writer: Workers,
    wait: Duration,
}

impl Sqlite {
    /// Opens a database and checks its version and encoding.
    pub(super) async fn open(file: SqliteFile, limits: PoolLimits) -> Result<Self> {
        let file = Arc::new(file);
        let cpus = available_parallelism().map_or(1, NonZeroUsize::get);
        let readers = cpus
            .max(MIN_READERS)
            .min(usize::try_from(limits.connections)?);
        let sqlite = Self {
            readers: Workers::new(&file, readers)?,
            page_readers: Workers::new(&file, readers)?,
            writer: Workers::new(&file, 1)?,
            wait: limits.wait,
        };
        let encoding = sqlite.readers.run(limits.wait, None, |connection| {
            sqlite_version(connection)?;
            let encoding = connection.pragma_query_value(None, "encoding", |row| row.get(0));
            Ok::<String, _>(encoding?)
        });
        let encoding = encoding.await.context("cannot connect to the database")?;
        ensure!(
            encoding == "UTF-8",
            "the database has the encoding {encoding}; expected UTF-8"
        );
        Ok(sqlite)
    }

    /// Returns the database with at least this time to wait for a connection.
    pub(super) fn with_min_wait(&self, wait: Duration) -> Self {
        Self {
            wait: self.wait.max(wait),
            ..self.clone()
        }
    }

    /// Returns the rows of a query that only reads.
    pub(super) async fn fetch<T: Send + 'static>(
        &self,
        query: Query,
        map: Map<T>,
    ) -> Result<Vec<T>, StoreError> {
        self.rows(&self.readers, query, map).await
    }

    /// Returns the rows of a query that reads a page.
    pub(super) async fn fetch_page<T: Send + 'static>(
        &self,
        query: Query,
        map: Map<T>,
    ) -> Result<Vec<T>, StoreError> {
        self.rows(&self.page_readers, query, map).await
    }

    /// Runs a statement that writes, and returns a value for each of its rows.
    pub(super) async fn change(&self, query: Query) -> Result<Vec<()>, StoreError> {
        self.rows(&self.writer, query, |_| ()).await
    }

    async fn rows<T: Send + 'static>(
        &self,
        workers: &Workers,
        query: Query,
        map: Map<T>,
    ) -> Result<Vec<T>, StoreError> {
        retry(|| {
            let query = query.clone();
            let job = move |connection: &mut Connection| rows(connection, &query, map);
            workers.run(self.wait, Some(QUERY_LIMIT), job)
        })
        .await
    }

    /// Runs a transaction that writes, without a time limit. The transaction locks the file
    /// when it starts: it would not wait for a lock after its first query.
    pub(super) async fn transaction<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Connection) -> Result<T, DatabaseError> + Send + 'static,
    ) -> Result<T, DatabaseError> {
        let job = |connection: &mut Connection| {
            connection.execute_batch(LARGE_CACHE)?;
            let written = in_transaction(connection, write);
            // An error must not hide the result of the transaction.
            let _ = connection.execute_batch(NO_CACHE);
            written
        };
        self.writer.run(self.wait, None, job).await
    }

    /// Rejects further queries and interrupts the running queries.
    pub(super) fn close(&self) {
        self.readers.close();
        self.page_readers.close();
        self.writer.close();
    }
}

/// Runs a transaction that locks the file when it starts.
fn in_transaction<T>(
    connection: &mut Connection,
    write: impl FnOnce(&Connection) -> Result<T, DatabaseError>,
) -> Result<T, DatabaseError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let written = write(&transaction)?;
    transaction.commit()?;
    Ok(written)
}

/// Runs a query.
fn rows<T>(connection: &Connection, query: &Query, map: Map<T>) -> Result<Vec<T>, DatabaseError> {
    let mut statement = connection.prepare_cached(query.sql.sqlite)?;
    for (argument, parameter) in query.arguments.iter().zip(1_usize..) {
        match argument {
            Argument::Integer(integer) => statement.raw_bind_parameter(parameter, integer)?,
            Argument::Text(text) => statement.raw_bind_parameter(parameter, text)?,
            Argument::Id(id) => {
                let mut text = [0; Hyphenated::LENGTH];
                let id = id.hyphenated().encode_lower(&mut text);
                statement.raw_bind_parameter(parameter, &*id)?;
            }
            Argument::Ids(ids) => statement.raw_bind_parameter(parameter, json(ids))?,
        }
    }
    let mut rows = statement.raw_query();
    let mut mapped = Vec::new();
    while let Some(row) = rows.next()? {
        mapped.push(map(row));
    }
    Ok(mapped)
}

/// Returns ids as a JSON array.
fn json(ids: &[Uuid]) -> String {
    let mut json = String::with_capacity(2 + ids.len() * (Hyphenated::LENGTH + 3));
    for id in ids {
        json.push_str(if json.is_empty() { "[\"" } else { "\",\"" });
        json.push_str(id.hyphenated().encode_lower(&mut [0; Hyphenated::LENGTH]));
    }
    json.push_str(if json.is_empty() { "[]" } else { "\"]" });
    json
}
