//! A pool of connections that are not tested before use.

use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, PgConnection};
use tokio::sync::{Semaphore, SemaphorePermit};

#[derive(Debug)]
pub(crate) struct Pool {
    options: PgConnectOptions,
    permits: Semaphore,
    idle: Mutex<Vec<PgConnection>>,
}

/// A connection that is closed unless it is released.
#[derive(Debug)]
pub(crate) struct Acquired<'pool> {
    pool: &'pool Pool,
    connection: Option<PgConnection>,
    _permit: SemaphorePermit<'pool>,
}

impl Pool {
    pub(crate) fn new(url: &str, connections: usize) -> Result<Self> {
        Ok(Self {
            options: url.parse()?,
            permits: Semaphore::new(connections),
            idle: Mutex::default(),
        })
    }

    /// Waits for a connection. Opens one if none is idle.
    pub(crate) async fn acquire(&self) -> Result<Acquired<'_>> {
        let permit = self.permits.acquire().await?;
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.options.connect().await.context("cannot connect")?,
        };
        Ok(Acquired {
            pool: self,
            connection: Some(connection),
            _permit: permit,
        })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<PgConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Acquired<'_> {
    pub(crate) fn get(&mut self) -> Result<&mut PgConnection> {
        self.connection.as_mut().context("released")
    }

    /// Returns the connection to the pool after a query that completed.
    pub(crate) fn release(mut self) {
        self.pool.idle().extend(self.connection.take());
    }
}
