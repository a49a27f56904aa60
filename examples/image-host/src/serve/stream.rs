//! A TCP stream that fails if the client accepts no bytes.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

#[cfg(target_os = "linux")]
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

use super::connection::Connection;

/// The maximum number of bytes that the kernel accepts before it sends them.
///
/// The kernel reports the socket as writable when half of them were sent. Without
/// this limit, several megabytes hide whether the client reads.
#[cfg(target_os = "linux")]
const NOT_SENT: u32 = 128 * 1024;

/// A TCP stream with a time limit for writes that make no progress.
///
/// The limit starts when the socket accepts no more bytes, and ends when it accepts
/// bytes again. On Linux, this happens after the client read 64 KiB, so a slow
/// client that reads steadily is never disconnected.
pub(super) struct ProgressStream {
    stream: TcpStream,
    limit: Duration,
    connection: Arc<Connection>,
    /// The timer of the limit. Created when it is first needed.
    timer: Option<Pin<Box<Sleep>>>,
    /// True if the timer runs.
    blocked: bool,
}

impl ProgressStream {
    pub(super) fn new(stream: TcpStream, limit: Duration, connection: Arc<Connection>) -> Self {
        let _ = stream.set_nodelay(true);
        #[cfg(target_os = "linux")]
        let _ = SockRef::from(&stream).set_tcp_notsent_lowat(NOT_SENT);
        Self {
            stream,
            limit,
            connection,
            timer: None,
            blocked: false,
        }
    }

    /// Returns the result of a write, or an error after the time limit.
    fn progress(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let written = match written {
            Poll::Ready(written) => written,
            Poll::Pending => ready!(self.poll_limit(context)),
        };
        if written.is_ok() {
            self.blocked = false;
            self.connection.accepted();
        }
        Poll::Ready(written)
    }

    /// Waits for the time limit.
    fn poll_limit(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let limit = self.limit;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(limit)));
        if !self.blocked {
            self.blocked = true;
            self.connection.blocked();
            timer.as_mut().reset(Instant::now() + limit);
        }
        ready!(timer.as_mut().poll(context));
        self.connection.reset();
        let message = format!("the client accepted no bytes for {limit:?}");
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, message)))
    }
}

impl AsyncRead for ProgressStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for ProgressStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.progress(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.progress(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl Drop for ProgressStream {
    fn drop(&mut self) {
        if self.connection.is_reset() {
            // Discards the bytes that the kernel holds for the client.
            let _ = self.stream.set_zero_linger();
        }
    }
}
