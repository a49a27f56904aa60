//! The limit of open connections.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

/// The time between two attempts to admit a connection.
const RETRY: Duration = Duration::from_millis(50);

/// The open connections.
#[derive(Debug)]
pub(super) struct Connections {
    limit: usize,
    open: Mutex<Vec<Arc<Connection>>>,
}

/// An open connection.
#[derive(Debug)]
pub(super) struct Connection {
    /// The time since which the server waits for the client. `None` while the server handles
    /// a request or sends.
    waiting_since: Mutex<Option<Instant>>,
    replaced: Notify,
}

/// A connection that is removed from the open connections when it is dropped.
#[derive(Debug)]
pub(super) struct OpenConnection {
    connections: Arc<Connections>,
    connection: Arc<Connection>,
}

impl Connections {
    pub(super) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self {
            limit,
            open: Mutex::default(),
        })
    }

    fn open(&self) -> MutexGuard<'_, Vec<Arc<Connection>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a connection. If there are too many, it replaces the one whose client the server
    /// has waited for the longest. If the server waits for no client, this function waits.
    pub(super) async fn admit(self: &Arc<Self>) -> OpenConnection {
        while self.open().len() >= self.limit && !self.replace_waiting() {
            sleep(RETRY).await;
        }
        let connection = Arc::new(Connection {
            waiting_since: Mutex::new(Some(Instant::now())),
            replaced: Notify::new(),
        });
        self.open().push(Arc::clone(&connection));
        OpenConnection {
            connections: Arc::clone(self),
            connection,
        }
    }

    /// Ends the connection whose client the server has waited for the longest.
    fn replace_waiting(&self) -> bool {
        let mut open = self.open();
        let waiting = open.iter().enumerate();
        let longest = waiting
            .filter_map(|(index, connection)| Some(((*connection.waiting_since())?, index)))
            .min();
        let Some((_, index)) = longest else {
            return false;
        };
        open.swap_remove(index).replaced.notify_one();
        true
    }
}

impl Connection {
    fn waiting_since(&self) -> MutexGuard<'_, Option<Instant>> {
        let waiting_since = self.waiting_since.lock();
        waiting_since.unwrap_or_else(PoisonError::into_inner)
    }

    /// Records whether the server waits for the client.
    pub(super) fn set_waiting(&self, is_waiting: bool) {
        let mut waiting_since = self.waiting_since();
        *waiting_since = is_waiting.then(|| waiting_since.unwrap_or_else(Instant::now));
    }

    /// Records that the client accepted bytes: a wait starts again.
    pub(super) fn set_sent(&self) {
        if let Some(since) = self.waiting_since().as_mut() {
            *since = Instant::now();
        }
    }
}

impl OpenConnection {
    pub(super) fn connection(&self) -> Arc<Connection> {
        Arc::clone(&self.connection)
    }

    /// Waits until another connection replaces this one.
    pub(super) async fn replaced(&self) {
        self.connection.replaced.notified().await;
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        let mut open = self.connections.open();
        open.retain(|open| !Arc::ptr_eq(open, &self.connection));
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;

    async fn is_replaced(connection: &OpenConnection) -> bool {
        let replaced = timeout(Duration::ZERO, connection.replaced());
        replaced.await.is_ok()
    }

    #[tokio::test]
    async fn the_longest_waiting_connection_is_replaced() {
        let connections = Connections::new(3);
        let busy = connections.admit().await;
        let first = connections.admit().await;
        let second = connections.admit().await;
        busy.connection.set_waiting(false);
        // A wait that goes on keeps its start.
        first.connection.set_waiting(true);
        // A wait that starts again is shorter than the wait of `first`.
        second.connection.set_sent();
        let third = connections.admit().await;
        assert!(is_replaced(&first).await);
        for connection in [&busy, &second, &third] {
            assert!(!is_replaced(connection).await);
        }
        // The replaced connection is not counted again.
        drop(first);
        assert_eq!(connections.open().len(), 3);
    }

    #[tokio::test]
    async fn connections_wait_for_busy_ones() {
        let connections = Connections::new(1);
        let busy = connections.admit().await;
        busy.connection.set_waiting(false);
        let admitted = timeout(Duration::ZERO, connections.admit()).await;
        assert!(admitted.is_err());
        drop(busy);
        connections.admit().await;
    }
}
