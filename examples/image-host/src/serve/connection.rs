//! The state of a connection: the response in progress and the wait for the
//! client.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::sync::Notify;
use uuid::Uuid;

/// An open connection.
#[derive(Debug)]
pub(super) struct Connection {
    /// The address of the client, or the network of an IPv6 address.
    pub(super) address: IpAddr,
    state: Mutex<State>,
    closed: Notify,
}

/// The log entry of a connection that makes room for another.
pub(super) const REPLACED: &str = "closed in favor of another client";

#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
struct State {
    /// The reason why the connection is closed.
    closed: &'static str,
    /// The time since which the host waits for the client. `None` while the host
    /// handles a request or sends.
    waiting_since: Option<Instant>,
    /// True if a handler runs or the end of its response is not produced yet.
    responding: bool,
    /// True while a handler waits for the body of its request.
    receiving: bool,
    /// True if the socket accepts no bytes.
    blocked: bool,
    /// True if the connection is closed with a reset.
    reset: bool,
    request: Option<RequestLabel>,
}

/// The fields that identify a request in the log.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestLabel {
    pub(super) request_id: Uuid,
    pub(super) user: Option<Uuid>,
}

impl Connection {
    pub(super) fn new(address: IpAddr) -> Self {
        Self {
            address,
            state: Mutex::new(State {
                closed: REPLACED,
                waiting_since: Some(Instant::now()),
                responding: false,
                receiving: false,
                blocked: false,
                reset: false,
                request: None,
            }),
            closed: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a response, which ends when the guard is dropped.
    pub(super) fn respond(self: &Arc<Self>) -> ResponseGuard {
        let mut state = self.state();
        state.responding = true;
        state.receiving = false;
        state.waiting_since = None;
        state.request = None;
        drop(state);
        ResponseGuard {
            connection: Arc::clone(self),
            failed: false,
        }
    }

    /// Names the request of the current response.
    pub(super) fn set_request(&self, request: RequestLabel) {
        self.state().request = Some(request);
    }

    /// Records whether a handler waits for the body of its request. Meanwhile, the
    /// connection may be closed in favor of another.
    pub(super) fn set_receiving(&self, receiving: bool) {
        let mut state = self.state();
        state.receiving = receiving;
        state.waiting_since = receiving.then(Instant::now);
    }

    /// Records that the socket accepted bytes.
    pub(super) fn accepted(&self) {
        let mut state = self.state();
        state.blocked = false;
        let waiting = !state.responding || state.receiving;
        state.waiting_since = waiting.then(Instant::now);
    }

    /// Records that the socket accepts no bytes.
    pub(super) fn blocked(&self) {
        let mut state = self.state();
        state.blocked = true;
        state.waiting_since.get_or_insert_with(Instant::now);
    }

    /// Returns how long the host has waited for the client.
    pub(super) fn waiting(&self) -> Option<Duration> {
        Some(self.state().waiting_since?.elapsed())
    }

    /// Returns how long the socket has accepted no bytes.
    pub(super) fn blocked_for(&self) -> Option<Duration> {
        let state = self.state();
        let since = state.waiting_since.filter(|_| state.blocked)?;
        Some(since.elapsed())
    }

    /// Makes the connection end with a reset. The client of a response whose end
    /// is the end of the connection must not mistake it for a complete response.
    pub(super) fn reset(&self) {
        self.state().reset = true;
    }

    pub(super) fn is_reset(&self) -> bool {
        self.state().reset
    }

    /// Closes the connection for a reason.
    pub(super) fn close(&self, reason: &'static str) {
        self.state().closed = reason;
        if self.is_incomplete() {
            self.reset();
        }
        self.closed.notify_one();
    }

    /// Waits until [`close`](Self::close) is called and returns the reason.
    pub(super) async fn closed(&self) -> &'static str {
        self.closed.notified().await;
        self.state().closed
    }

    /// Returns whether bytes of a response are not sent yet.
    fn is_incomplete(&self) -> bool {
        let state = self.state();
        state.responding || state.blocked
    }

    /// Logs why the connection ended early.
    pub(super) fn log_end(&self, error: &str) {
        let request = self.state().request;
        if !self.is_incomplete() {
            tracing::debug!(error, "connection closed");
            return;
        }
        tracing::warn!(
            request_id = request.map(|request| tracing::field::display(request.request_id)),
            user = request
                .and_then(|request| request.user)
                .map(tracing::field::display),
            error,
            "response aborted"
        );
    }
}

/// Marks the connection as responding until it is dropped.
#[derive(Debug)]
pub(super) struct ResponseGuard {
    connection: Arc<Connection>,
    /// True if the response stays incomplete.
    failed: bool,
}

impl ResponseGuard {
    /// Ends the response with the end of its body.
    pub(super) fn with_body(self, body: Body) -> Body {
        Body::new(GuardedBody { body, guard: self })
    }
}

impl Drop for ResponseGuard {
    fn drop(&mut self) {
        let mut state = self.connection.state();
        state.responding = self.failed;
        state.waiting_since.get_or_insert_with(Instant::now);
    }
}

struct GuardedBody {
    body: Body,
    guard: ResponseGuard,
}

impl HttpBody for GuardedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if matches!(frame, Poll::Ready(Some(Err(_)))) {
            self.guard.failed = true;
            self.guard.connection.reset();
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
