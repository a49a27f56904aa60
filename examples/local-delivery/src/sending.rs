//! The limit of bytes that wait for slow clients.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// The maximum number of bytes in a small body.
const SMALL_BYTES: usize = 1 << 20;

/// The part of the memory that small bodies have in addition, so that they do not wait for
/// large ones.
const SMALL_PART: usize = 4;

/// The memory for bodies that are being sent.
#[derive(Debug)]
pub(crate) struct Sending {
    large: Budget,
    small: Budget,
    /// The time that a response waits for others.
    wait: Duration,
}

#[derive(Debug)]
struct Budget {
    /// One permit per KiB.
    memory: Arc<Semaphore>,
    kib: usize,
}

/// Memory for a body. Released when it and all bytes of the body are dropped.
#[derive(Clone, Debug)]
pub(crate) struct Reservation {
    permit: Arc<OwnedSemaphorePermit>,
}

impl Budget {
    fn new(bytes: usize) -> Self {
        let kib = bytes.div_ceil(1_024).max(1);
        Self {
            memory: Arc::new(Semaphore::new(kib)),
            kib,
        }
    }
}

impl Sending {
    pub(crate) fn new(bytes: usize, wait: Duration) -> Self {
        Self {
            large: Budget::new(bytes),
            small: Budget::new(bytes / SMALL_PART),
            wait,
        }
    }

    /// Reserves memory for a body. Waits until other bodies are sent. Returns `None` if
    /// this takes too long.
    pub(crate) async fn reserve(&self, bytes: usize) -> Option<Reservation> {
        let budget = if bytes <= SMALL_BYTES {
            &self.small
        } else {
            &self.large
        };
        // A larger body is sent alone.
        let kib = bytes.div_ceil(1_024).min(budget.kib);
        let kib = u32::try_from(kib).unwrap_or(u32::MAX);
        let acquired = Arc::clone(&budget.memory).acquire_many_owned(kib);
        match timeout(self.wait, acquired).await {
            Ok(Ok(permit)) => Some(Reservation {
                permit: Arc::new(permit),
            }),
            _ => None,
        }
    }
}

impl Reservation {
    /// Returns the body as bytes that release the memory when they are sent.
    pub(crate) fn hold(self, body: Bytes) -> Bytes {
        Bytes::from_owner(Reserved {
            body,
            _permit: self.permit,
        })
    }
}

struct Reserved {
    body: Bytes,
    _permit: Arc<OwnedSemaphorePermit>,
}

impl AsRef<[u8]> for Reserved {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}
