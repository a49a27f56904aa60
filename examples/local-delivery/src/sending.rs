//! The limit of bytes that wait for slow clients.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// The memory for bodies that are being sent.
#[derive(Debug)]
pub(crate) struct Sending {
    /// One permit per KiB.
    memory: Arc<Semaphore>,
    kib: usize,
    /// The time that a response waits for others.
    wait: Duration,
}

/// Memory for a body.
#[derive(Debug)]
pub(crate) struct Reservation {
    _permit: OwnedSemaphorePermit,
}

impl Sending {
    pub(crate) fn new(bytes: usize, wait: Duration) -> Self {
        let kib = bytes.div_ceil(1_024).max(1);
        Self {
            memory: Arc::new(Semaphore::new(kib)),
            kib,
            wait,
        }
    }

    /// Reserves memory for a body. Waits until other bodies are sent. Returns `None` if
    /// this takes too long.
    pub(crate) async fn reserve(&self, bytes: usize) -> Option<Reservation> {
        // A larger body is sent alone.
        let kib = bytes.div_ceil(1_024).min(self.kib);
        let kib = u32::try_from(kib).unwrap_or(u32::MAX);
        let acquired = Arc::clone(&self.memory).acquire_many_owned(kib);
        match timeout(self.wait, acquired).await {
            Ok(Ok(permit)) => Some(Reservation { _permit: permit }),
            _ => None,
        }
    }
}

impl Reservation {
    /// Returns the body as bytes that release the memory when they are sent.
    pub(crate) fn hold(self, body: Bytes) -> Bytes {
        Bytes::from_owner(Reserved {
            body,
            _reservation: self,
        })
    }
}

struct Reserved {
    body: Bytes,
    _reservation: Reservation,
}

impl AsRef<[u8]> for Reserved {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}
