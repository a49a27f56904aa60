//! The two databases.

use std::time::Duration;

use super::error::StoreError;
use super::postgres::Postgres;
use super::queries::Query;
use super::row::Map;
use super::sqlite::Sqlite;

#[derive(Clone, Debug)]
pub(super) enum Database {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Database {
    /// Returns the rows of a query that only reads.
    pub(super) async fn fetch<T: Send + 'static>(
        &self,
        query: Query,
        map: Map<T>,
    ) -> Result<Vec<T>, StoreError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.fetch(query, map).await,
            Self::Postgres(postgres) => postgres.fetch(&query, map).await,
        }
    }

    /// Returns the rows of a query that reads a page. The query may read many rows that it
    /// does not return.
    pub(super) async fn fetch_page<T: Send + 'static>(
        &self,
        query: Query,
        map: Map<T>,
    ) -> Result<Vec<T>, StoreError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.fetch_page(query, map).await,
            Self::Postgres(postgres) => postgres.fetch(&query, map).await,
        }
    }

    /// Runs a statement that writes one row at most. Returns whether it returned a row.
    ///
    /// The statement may run twice if the connection is lost.
    pub(super) async fn change(&self, query: Query) -> Result<bool, StoreError> {
        let rows = match self {
            Self::Sqlite(sqlite) => sqlite.change(query).await?,
            Self::Postgres(postgres) => postgres.fetch(&query, |_| ()).await?,
        };
        Ok(!rows.is_empty())
    }

    /// Returns the database with at least this time to wait for a connection.
    pub(super) fn with_min_wait(&self, wait: Duration) -> Self {
        match self {
            Self::Sqlite(sqlite) => Self::Sqlite(sqlite.with_min_wait(wait)),
            Self::Postgres(postgres) => Self::Postgres(postgres.with_min_wait(wait)),
        }
    }

    /// Rejects further queries. SQLite interrupts the running queries, PostgreSQL completes them.
    pub(super) fn close(&self) {
        match self {
            Self::Sqlite(sqlite) => sqlite.close(),
            Self::Postgres(postgres) => postgres.close(),
        }
    }
}
