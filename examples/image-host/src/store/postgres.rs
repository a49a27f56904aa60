//! Queries on PostgreSQL.

use std::time::Duration;

use anyhow::{Context, Result};
use sqlx::Executor;
use sqlx::postgres::PgConnectOptions;

use super::error::StoreError;
use super::pool::{Connection, Pool};
use super::queries::{Argument, Query};
use super::row::Map;
use super::{PoolLimits, pool, tls};

/// The settings of a connection that writes. A writer waits for other writers. The
/// connection is not reused for queries.
const WRITER: &str = "SET statement_timeout = '10min'; SET lock_timeout = '10min'";

#[derive(Clone, Debug)]
pub(super) struct Postgres {
    pool: Pool,
}

impl Postgres {
    /// Opens a pool with one connection.
    pub(super) async fn open(url: &str, limits: PoolLimits) -> Result<Self> {
        let options: PgConnectOptions = url.parse().context("invalid URL")?;
        tls::check(&options)?;
        let pool = Pool::new(options, limits.connections, limits.wait)?;
        let connection = pool.acquire().await;
        let mut connection = connection.context("cannot connect to the database")?;
        connection.reusable = true;
        Ok(Self { pool })
    }

    /// Returns the database with at least this time to wait for a connection.
    pub(super) fn with_min_wait(&self, wait: Duration) -> Self {
        Self {
            pool: self.pool.with_min_wait(wait),
        }
    }

    /// Returns the rows of a query, which may run twice.
    pub(super) async fn fetch<T: Send + 'static>(
        &self,
        query: &Query,
        map: Map<T>,
    ) -> Result<Vec<T>, StoreError> {
        self.pool.fetch(|| bound(query), map).await
    }

    /// Returns a connection that waits for other writers.
    pub(super) async fn writer(&self) -> sqlx::Result<Connection> {
        let mut connection = self.pool.acquire().await?;
        connection.execute(WRITER).await?;
        Ok(connection)
    }

    /// Rejects further queries. Running queries complete.
    pub(super) fn close(&self) {
        self.pool.close();
    }
}

/// Returns a query with the values of its parameters.
fn bound(query: &Query) -> pool::Query {
    let bound = sqlx::query(query.sql.postgres);
    let arguments = query.arguments.iter();
    arguments.fold(bound, |bound, argument| match argument {
        Argument::Integer(integer) => bound.bind(*integer),
        Argument::Text(text) => bound.bind(text.as_deref()),
        Argument::Id(id) => bound.bind(id.to_string()),
        Argument::Ids(ids) => bound.bind(ids.iter().map(ToString::to_string).collect::<Vec<_>>()),
    })
}
