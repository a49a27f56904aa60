//! A TCP stream that fails if the client accepts no bytes.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

use super::connections::Connection;

/// A TCP stream with a time limit for writes that make no progress.
pub(super) struct ProgressStream {
    stream: TcpStream,
    connection: Arc<Connection>,
    limit: Duration,
    /// The timer of the limit. Created when it is first needed.
    timer: Option<Pin<Box<Sleep>>>,
    /// True if the timer runs.
    is_blocked: bool,
}

impl ProgressStream {
    pub(super) fn new(stream: TcpStream, limit: Duration, connection: Arc<Connection>) -> Self {
        let _ = stream.set_nodelay(true);
        Self {
            stream,
            connection,
            limit,
            timer: None,
            is_blocked: false,
        }
    }

    /// Returns the result of a write, or an error after the time limit.
    fn progress(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if written.is_ready() {
            self.is_blocked = false;
            self.connection.set_sent();
            return written;
        }
        let limit = self.limit;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(limit)));
        if !self.is_blocked {
            self.is_blocked = true;
            timer.as_mut().reset(Instant::now() + limit);
        }
        ready!(timer.as_mut().poll(context));
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
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        // During a request without a body, the server does not read.
        self.connection.set_waiting(read.is_pending());
        read
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

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::io::Write;

    use tokio::net::TcpListener;
    use tokio::time::timeout;

    use super::super::connections::Connections;
    use super::*;

    async fn read(stream: &mut ProgressStream) -> u8 {
        let mut byte = [0];
        let mut buffer = ReadBuf::new(&mut byte);
        let read = poll_fn(|context| Pin::new(&mut *stream).poll_read(context, &mut buffer));
        read.await.unwrap();
        byte[0]
    }

    #[tokio::test]
    async fn a_slow_sender_is_replaced_while_it_pauses() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut client = std::net::TcpStream::connect(address).unwrap();
        let (stream, _) = listener.accept().await.unwrap();
        let connections = Connections::new(1);
        let open = connections.admit().await;
        let mut stream = ProgressStream::new(stream, Duration::MAX, open.connection());
        client.write_all(b"ab").unwrap();
        for expected in *b"ab" {
            assert_eq!(read(&mut stream).await, expected);
            // The server handles the byte.
            let admitted = timeout(Duration::ZERO, connections.admit()).await;
            assert!(admitted.is_err());
        }
        // The server waits for the next byte.
        let paused = timeout(Duration::ZERO, read(&mut stream)).await;
        assert!(paused.is_err());
        let _other = connections.admit().await;
        let replaced = timeout(Duration::ZERO, open.replaced()).await;
        assert!(replaced.is_ok());
    }
}
