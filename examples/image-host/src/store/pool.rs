//! The connections to the database.
//!
//! Not those of sqlx's own pool: it asks the database about each connection
//! that comes back, which is a second round trip a request.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use anyhow::Result;
use deadpool::Runtime;
use deadpool::managed::{self, Manager, Metrics, Object, PoolError, RecycleError, RecycleResult};
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, ConnectOptions, Executor};

/// After so long a connection is replaced: its server may have moved.
const LIFETIME: Duration = Duration::from_mins(30);

/// A bounded number of connections.
#[derive(Clone)]
pub(super) struct Pool(managed::Pool<Connect>);

pub(super) struct Connect {
    options: AnyConnectOptions,
    sqlite: bool,
}

impl Manager for Connect {
    type Type = Lent;
    type Error = sqlx::Error;

    async fn create(&self) -> sqlx::Result<Lent> {
        let mut connection = self.options.connect().await?;
        if self.sqlite {
            // Readers go on while one writes.
            connection
                .execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
                .await?;
        }
        Ok(Lent {
            connection,
            sound: true,
        })
    }

    async fn recycle(&self, lent: &mut Lent, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        if !lent.sound {
            return Err(RecycleError::message("its last query did not end well"));
        }
        if metrics.age() > LIFETIME {
            return Err(RecycleError::message("it is old"));
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
        let pool = managed::Pool::builder(Connect { options, sqlite })
            .max_size(usize::try_from(connections)?)
            .wait_timeout(Some(wait))
            .create_timeout(Some(wait))
            .runtime(Runtime::Tokio1)
            .build()?;
        Ok(Self(pool))
    }

    /// A connection, when one is free.
    pub(super) async fn lend(&self) -> sqlx::Result<Connection> {
        match self.0.get().await {
            Ok(mut lent) => {
                lent.sound = false;
                Ok(lent)
            }
            Err(PoolError::Backend(error)) => Err(error),
            Err(PoolError::Closed) => Err(sqlx::Error::PoolClosed),
            Err(_) => Err(sqlx::Error::PoolTimedOut),
        }
    }

    /// Lets nobody have a connection any more.
    pub(super) fn close(&self) {
        self.0.close();
    }
}

/// A connection that is lent for one query or transaction.
pub(super) type Connection = Object<Connect>;

pub(super) struct Lent {
    connection: AnyConnection,
    /// Whether the last query ended well. Where it was given up in the middle,
    /// its rows may still be on their way.
    pub(super) sound: bool,
}

impl Lent {
    /// Takes note of how a query ended.
    pub(super) fn ended<T>(&mut self, result: sqlx::Result<T>) -> sqlx::Result<T> {
        self.sound = result.is_ok();
        result
    }
}

impl Deref for Lent {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.connection
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.connection
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pool(..)")
    }
}
