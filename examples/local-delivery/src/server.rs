//! The HTTP server: connections, their limits, and shutdown.

mod connections;
mod stream;

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use self::connections::{Connections, OpenConnection};
use self::stream::ProgressStream;

/// The maximum number of open connections. A further one replaces the connection whose
/// client the server has waited for the longest.
const MAX_CONNECTIONS: usize = 512;

/// The maximum number of bytes in a request head.
const HEAD_BYTES: usize = 16 * 1024;

/// The time limit for receiving a request head, including the time of an idle connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(5);

/// The time for which a client may accept no bytes of a response.
const READER_TIMEOUT: Duration = Duration::from_secs(10);

/// The time limit for running requests after a shutdown.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// Serves requests until a future is ready, then finishes the running requests.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
) {
    let connections = Connections::new(MAX_CONNECTIONS);
    let graceful = GracefulShutdown::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &connections) => accepted,
            () = &mut shutdown => break,
        };
        let (stream, open) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Usually too many open files: wait until a connection closes.
                tracing::warn!(%error, "failed to accept a connection");
                sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_buf_size(HEAD_BYTES)
            .half_close(true)
            .serve_connection(
                TokioIo::new(ProgressStream::new(
                    stream,
                    READER_TIMEOUT,
                    open.connection(),
                )),
                TowerToHyperService::new(router.clone()),
            );
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            tokio::select! {
                ended = connection => if let Err(error) = ended {
                    tracing::debug!(%error, "connection closed");
                },
                () = open.replaced() => {
                    tracing::debug!("connection closed in favor of another client");
                }
            }
        });
    }
    drop(listener);
    let _ = timeout(SHUTDOWN_TIMEOUT, graceful.shutdown()).await;
}

/// Accepts a connection. If there are too many, it replaces another one, or waits.
async fn accept(
    listener: &TcpListener,
    connections: &Arc<Connections>,
) -> io::Result<(TcpStream, OpenConnection)> {
    let (stream, _) = listener.accept().await?;
    Ok((stream, connections.admit().await))
}
