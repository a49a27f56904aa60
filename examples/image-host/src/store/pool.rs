//! The pool of connections to the database.
//!
//! The pool of `sqlx` pings the database when a connection is returned, which
//! costs a second round trip per request. This pool does not.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use anyhow::Result;
use deadpool::Runtime;
use deadpool::managed::{self, Manager, Metrics, Object, PoolError, RecycleError, RecycleResult};
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, ConnectOptions, Executor};

/// The age at which a connection is replaced, because its server may have moved.
const MAX_AGE: Duration = Duration::from_mins(30);

/// A pool with a maximum number of connections.
#[derive(Clone)]
pub(super) struct Pool(managed::Pool<ConnectionManager>);

/// Opens connections and decides which connections are reused.
pub(super) struct ConnectionManager {
    options: AnyConnectOptions,
    sqlite: bool,
}

impl Manager for ConnectionManager {
    type Type = PooledConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> sqlx::Result<PooledConnection> {
        let mut connection = self.options.connect().await?;
        if self.sqlite {
            // Readers continue while a transaction writes.
            connection
                .execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
                .await?;
        }
        Ok(PooledConnection {
            connection,
            reusable: true,
        })
    }

    async fn recycle(
        &self,
        connection: &mut PooledConnection,
        metrics: &Metrics,
    ) -> RecycleResult<sqlx::Error> {
        if !connection.reusable {
            return Err(RecycleError::message("the last query did not complete"));
        }
        if metrics.age() > MAX_AGE {
            return Err(RecycleError::message("the connection is too old"));
        }
        Ok(())
    }
}

impl Pool {
    pub(super) fn new(
        options: AnyConnectOptions,
        sqlite: bool,
        connections: u32,
        wait: Duration,
    ) -> Result<Self> {
        let pool = managed::Pool::builder(ConnectionManager { options, sqlite })
            .max_size(usize::try_from(connections)?)
            .wait_timeout(Some(wait))
            .create_timeout(Some(wait))
            .runtime(Runtime::Tokio1)
            .build()?;
        Ok(Self(pool))
    }

    /// Returns a connection, or an error if none is free in time.
    pub(super) async fn acquire(&self) -> sqlx::Result<Connection> {
        match self.0.get().await {
            Ok(mut connection) => {
                connection.reusable = false;
                Ok(connection)
            }
            Err(PoolError::Backend(error)) => Err(error),
            Err(PoolError::Closed) => Err(sqlx::Error::PoolClosed),
            Err(_) => Err(sqlx::Error::PoolTimedOut),
        }
    }

    /// Closes the pool: `acquire` fails from now on.
    pub(super) fn close(&self) {
        self.0.close();
    }
}

/// A connection that returns to the pool when it is dropped.
pub(super) type Connection = Object<ConnectionManager>;

pub(super) struct PooledConnection {
    connection: AnyConnection,
    /// Whether the last query completed. After a query that was cancelled, the
    /// server may still send rows.
    pub(super) reusable: bool,
}

impl PooledConnection {
    /// Marks the connection as reusable if the query succeeded.
    pub(super) fn finish<T>(&mut self, result: sqlx::Result<T>) -> sqlx::Result<T> {
        self.reusable = result.is_ok();
        result
    }
}

impl Deref for PooledConnection {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.connection
    }
}

impl DerefMut for PooledConnection {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.connection
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pool(..)")
    }
}
