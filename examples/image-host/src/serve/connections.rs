//! The limits of open connections and of the bytes that wait for clients.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

use super::connection::{Connection, REPLACED};

/// The maximum size of all payloads in memory that are not sent yet, in KiB.
const UNSENT_KIB: usize = 128 * 1024;

/// The time that a request waits until other payloads are sent.
const UNSENT_WAIT: Duration = Duration::from_secs(2);

/// The time after which a client that accepts no bytes may be disconnected in
/// favor of other clients.
const BLOCKED: Duration = Duration::from_secs(1);

/// The time between two attempts to free resources.
const RETRY: Duration = Duration::from_millis(50);

/// The limits for clients.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientLimits {
    /// The maximum number of open connections.
    pub(crate) connections: NonZeroUsize,
    /// The maximum number of open connections from one address.
    pub(crate) per_address: Option<NonZeroUsize>,
    /// The time for which a client may accept no bytes of a response.
    pub(crate) reader: Duration,
}

/// The open connections.
#[derive(Debug)]
pub(crate) struct Connections {
    pub(super) limits: ClientLimits,
    open: Mutex<Vec<Arc<Connection>>>,
    unsent: Arc<Semaphore>,
}

/// The payloads that other clients have not read use all of the memory for
/// payloads.
#[derive(Clone, Copy, Debug, Error)]
#[error("other clients do not read their payloads, which use {UNSENT_KIB} KiB")]
pub(super) struct TooManyUnsent;

impl Connections {
    pub(crate) fn new(limits: ClientLimits) -> Arc<Self> {
        Arc::new(Self {
            limits,
            open: Mutex::default(),
            unsent: Arc::new(Semaphore::new(UNSENT_KIB)),
        })
    }

    fn open(&self) -> MutexGuard<'_, Vec<Arc<Connection>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a connection. Returns `None` if its address has too many connections
    /// that are in use.
    ///
    /// If the limit is reached, the connection replaces a connection whose client
    /// the host waits for. If there is none, this function waits.
    pub(super) async fn admit(self: &Arc<Self>, address: IpAddr) -> Option<OpenConnection> {
        let address = network(address);
        if let Some(limit) = self.limits.per_address {
            let same = |connection: &Connection| connection.address == address;
            let count = self.open().iter().filter(|open| same(open)).count();
            if count >= limit.get()
                && !self.close_longest(|open| open.waiting().filter(|_| same(open)))
            {
                return None;
            }
        }
        while self.open().len() >= self.limits.connections.get() && !self.close_waiting() {
            sleep(RETRY).await;
        }
        let connection = Arc::new(Connection::new(address));
        self.open().push(Arc::clone(&connection));
        Some(OpenConnection {
            connection,
            connections: Arc::clone(self),
        })
    }

    /// Closes a connection whose client the host waits for. Returns `false` if
    /// there is none.
    ///
    /// Chooses an address with the most connections, and of its connections the
    /// one that has waited for the longest time.
    pub(super) fn close_waiting(&self) -> bool {
        let mut counts: HashMap<IpAddr, usize> = HashMap::new();
        for open in &*self.open() {
            *counts.entry(open.address).or_default() += 1;
        }
        self.close_longest(|open| Some((counts.get(&open.address).copied(), open.waiting()?)))
    }

    /// Closes the connection with the greatest key.
    fn close_longest<K: Ord>(&self, key: impl Fn(&Connection) -> Option<K>) -> bool {
        let mut open = self.open();
        let keys = open.iter().enumerate();
        let longest = keys
            .filter_map(|(index, connection)| Some((key(connection)?, index)))
            .max();
        let Some((_, index)) = longest else {
            return false;
        };
        open.swap_remove(index).close(REPLACED);
        true
    }

    /// Closes all connections, with a reset if a response is incomplete.
    pub(super) fn abort_all(&self) {
        for open in &*self.open() {
            open.close("the host is shutting down");
        }
    }

    /// Reserves memory for a payload. Waits if the payloads that are not sent yet
    /// use all of it, and disconnects clients that do not read.
    pub(super) async fn reserve(&self, bytes: usize) -> Result<Reservation, TooManyUnsent> {
        let kib = kib(bytes);
        let reserved = async {
            loop {
                let acquired = Arc::clone(&self.unsent).acquire_many_owned(kib);
                match timeout(RETRY, acquired).await {
                    Ok(permit) => return permit.map_err(|_| TooManyUnsent),
                    Err(_) => self.close_longest(|open| {
                        open.blocked_for().filter(|blocked| *blocked >= BLOCKED)
                    }),
                };
            }
        };
        let permit = timeout(UNSENT_WAIT, reserved).await;
        let permit = permit.map_err(|_| TooManyUnsent)??;
        Ok(Reservation {
            unsent: Arc::clone(&self.unsent),
            permit,
        })
    }
}

/// Returns the number of KiB, which is limited so that each payload fits.
fn kib(bytes: usize) -> u32 {
    let kib = bytes.div_ceil(1024).min(UNSENT_KIB);
    u32::try_from(kib).unwrap_or(u32::MAX)
}

/// Returns the address, or the /64 network of an IPv6 address, because one client
/// usually has all addresses of such a network.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into()
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// A connection that is removed from the open connections when it is dropped.
#[derive(Debug)]
pub(super) struct OpenConnection {
    connection: Arc<Connection>,
    connections: Arc<Connections>,
}

impl OpenConnection {
    pub(super) fn connection(&self) -> Arc<Connection> {
        Arc::clone(&self.connection)
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        let mut open = self.connections.open();
        open.retain(|open| !Arc::ptr_eq(open, &self.connection));
    }
}

/// Memory for a payload.
#[derive(Debug)]
pub(super) struct Reservation {
    unsent: Arc<Semaphore>,
    permit: OwnedSemaphorePermit,
}

impl Reservation {
    /// Returns the payload as bytes that release the memory when they are sent.
    pub(super) fn hold(mut self, payload: Vec<u8>) -> Result<Bytes, TooManyUnsent> {
        let wanted = kib(payload.capacity()) as usize;
        let reserved = self.permit.num_permits();
        if let Some(surplus) = reserved.checked_sub(wanted) {
            drop(self.permit.split(surplus));
        } else {
            let missing = u32::try_from(wanted - reserved).map_err(|_| TooManyUnsent)?;
            let missing = self.unsent.try_acquire_many_owned(missing);
            self.permit.merge(missing.map_err(|_| TooManyUnsent)?);
        }
        Ok(Bytes::from_owner(Unsent {
            payload,
            _permit: self.permit,
        }))
    }
}

struct Unsent {
    payload: Vec<u8>,
    _permit: OwnedSemaphorePermit,
}

impl AsRef<[u8]> for Unsent {
    fn as_ref(&self) -> &[u8] {
        &self.payload
    }
}
