//! The pool of connections to PostgreSQL.
//!
//! The pool of `sqlx` pings the database when a connection is returned, which
//! costs a second round trip per request. This pool does not.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use deadpool::Runtime;
use deadpool::managed::{
    self, Manager, Metrics, Object, PoolError, QueueMode, RecycleError, RecycleResult, Timeouts,
};
use sqlx::postgres::{PgArguments, PgConnectOptions, PgRow};
use sqlx::{ConnectOptions, Executor, PgConnection, Postgres};
use tokio::sync::{Mutex as TurnLock, Notify, oneshot};
use tokio::time::{Instant, timeout, timeout_at};

use super::error::{DatabaseError, StoreError, retry};
use super::row::Map;
use super::sqlstate::{is_lost, is_too_many_connections, is_transient};

/// The age at which a connection is replaced, because its server may have moved.
const MAX_AGE: Duration = Duration::from_mins(30);

/// The settings of a connection. The server ends statements that nobody waits for, also if
/// the host is gone.
const SETTINGS: &str = "SET statement_timeout = '10s'; SET lock_timeout = '5s'; \
     SET idle_in_transaction_session_timeout = '1min'";

/// The time limit of a query. It is longer than the statement timeout and ends
/// queries whose server does not respond.
const QUERY_LIMIT: Duration = Duration::from_secs(15);

/// The time until an attempt to open a connection is repeated.
const CONNECT_PAUSE: Duration = Duration::from_millis(50);

/// The time for which no connection is opened after the server has refused one
/// because it has too many.
const FULL_PAUSE: Duration = Duration::from_millis(500);

pub(super) type Query = sqlx::query::Query<'static, Postgres, PgArguments>;

/// A pool with a maximum number of connections.
#[derive(Clone)]
pub(super) struct Pool {
    connections: managed::Pool<ConnectionManager>,
    wait: Duration,
    /// The time limit for opening a connection.
    open: Duration,
    /// Held while a connection is acquired, so that requests get connections in
    /// their order, also if fewer can be opened than the pool may have.
    turn: Arc<TurnLock<()>>,
    /// Notified when a connection is returned.
    returned: Arc<Notify>,
}

/// Opens connections and decides which connections are reused.
pub(super) struct ConnectionManager {
    options: PgConnectOptions,
    /// The end of the pause after the server has refused a connection.
    full_until: Mutex<Option<Instant>>,
}

impl ConnectionManager {
    async fn open(&self) -> sqlx::Result<PgConnection> {
        // The future is large, and rarely needed.
        let mut connection = Box::pin(self.options.connect()).await?;
        connection.execute(SETTINGS).await?;
        Ok(connection)
    }

    fn full_until(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.full_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Manager for ConnectionManager {
    type Type = PooledConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> sqlx::Result<PooledConnection> {
        if self.full_until().is_some_and(|end| Instant::now() < end) {
            return Err(sqlx::Error::PoolTimedOut);
        }
        match self.open().await {
            Ok(connection) => Ok(PooledConnection {
                connection,
                reusable: false,
            }),
            Err(error) => {
                if is_too_many_connections(&error) {
                    *self.full_until() = Some(Instant::now() + FULL_PAUSE);
                }
                Err(error)
            }
        }
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
    pub(super) fn new(options: PgConnectOptions, connections: u32, wait: Duration) -> Result<Self> {
        let manager = ConnectionManager {
            options,
            full_until: Mutex::default(),
        };
        let connections = managed::Pool::builder(manager)
            .max_size(usize::try_from(connections)?)
            // The server process of the last query still has its data in the CPU cache.
            .queue_mode(QueueMode::Lifo)
            .runtime(Runtime::Tokio1)
            .build()
            .context("invalid pool")?;
        Ok(Self {
            connections,
            wait,
            open: wait,
            turn: Arc::default(),
            returned: Arc::default(),
        })
    }

    /// Returns the pool with at least this time to wait for a connection.
    pub(super) fn with_min_wait(&self, wait: Duration) -> Self {
        Self {
            wait: self.wait.max(wait),
            ..self.clone()
        }
    }

    /// Returns a connection, or an error if none is free in time.
    ///
    /// While no further connection can be opened, waits for one that is returned.
    pub(super) async fn acquire(&self) -> sqlx::Result<Connection> {
        let deadline = Instant::now() + self.wait;
        let turn = timeout_at(deadline, self.turn.lock()).await;
        let _turn = turn.map_err(|_| sqlx::Error::PoolTimedOut)?;
        let mut cause = None;
        loop {
            let timeouts = Timeouts {
                wait: Some(deadline.saturating_duration_since(Instant::now())),
                create: Some(self.open),
                recycle: None,
            };
            let error = match self.connections.timeout_get(&timeouts).await {
                Ok(mut connection) => {
                    connection.reusable = false;
                    return Ok(connection);
                }
                Err(PoolError::Closed) => return Err(sqlx::Error::PoolClosed),
                Err(PoolError::Backend(error)) => error,
                Err(_) => sqlx::Error::PoolTimedOut,
            };
            if !is_transient(&error) {
                return Err(error);
            }
            // The first error has the most specific cause.
            let error = cause.take().unwrap_or(error);
            if Instant::now() >= deadline {
                return Err(error);
            }
            cause = Some(error);
            let _ = timeout(CONNECT_PAUSE, self.returned.notified()).await;
        }
    }

    /// Returns all rows of a query that only reads.
    ///
    /// Repeats the query if the connection is lost, because the connections of
    /// the pool do not survive a restart of the server.
    pub(super) async fn fetch<T: Send + 'static>(
        &self,
        query: impl Fn() -> Query,
        map: Map<T>,
    ) -> Result<Vec<T>, StoreError> {
        let attempt = async || Ok(self.fetch_once(query(), map).await?);
        Ok(retry(attempt).await?.map_err(DatabaseError::from)?)
    }

    /// Runs a query in its own task, which ends when the server has completed the
    /// query. A request that no longer waits must not return its connection
    /// earlier: the pool would open another, and the server would run both.
    ///
    /// The inner result is an error if no connection was free in time.
    async fn fetch_once<T: Send + 'static>(
        &self,
        query: Query,
        map: Map<T>,
    ) -> sqlx::Result<sqlx::Result<Vec<T>>> {
        let (sender, receiver) = oneshot::channel();
        let pool = self.clone();
        tokio::spawn(async move {
            let rows = match pool.acquire().await {
                Ok(mut connection) if sender.is_closed() => {
                    connection.reusable = true;
                    drop(connection);
                    pool.returned.notify_one();
                    return;
                }
                Ok(connection) => {
                    let rows = pool.fetch_all(connection, query).await;
                    rows.map(|rows| Ok(rows.iter().map(|row| map(row)).collect()))
                }
                Err(error) => Ok(Err(error)),
            };
            let _ = sender.send(rows);
        });
        receiver
            .await
            .unwrap_or_else(|_| Err(sqlx::Error::WorkerCrashed))
    }

    async fn fetch_all(
        &self,
        mut connection: Connection,
        query: Query,
    ) -> sqlx::Result<Vec<PgRow>> {
        let rows = match timeout(QUERY_LIMIT, query.fetch_all(&mut **connection)).await {
            Ok(rows) => rows,
            Err(_) => Err(sqlx::Error::PoolTimedOut),
        };
        let rows = connection.finish(rows);
        drop(connection);
        if rows.as_ref().is_err_and(is_lost) {
            // The idle connections are probably lost as well.
            self.connections.retain(|_, _| false);
        }
        self.returned.notify_one();
        rows
    }

    /// Closes the pool: `acquire` fails from now on.
    pub(super) fn close(&self) {
        self.connections.close();
    }
}

/// A connection that returns to the pool when it is dropped.
pub(super) type Connection = Object<ConnectionManager>;

pub(super) struct PooledConnection {
    connection: PgConnection,
    /// True if the last query completed. After a query that was cancelled, the
    /// server may still send rows.
    pub(super) reusable: bool,
}

impl PooledConnection {
    /// Marks the connection as reusable if the query completed, also if the
    /// server has rejected it.
    fn finish<T>(&mut self, result: sqlx::Result<T>) -> sqlx::Result<T> {
        self.reusable = match &result {
            Ok(_) => true,
            Err(error) => matches!(error, sqlx::Error::Database(_)) && !is_lost(error),
        };
        result
    }
}

impl Deref for PooledConnection {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for PooledConnection {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pool(..)")
    }
}
