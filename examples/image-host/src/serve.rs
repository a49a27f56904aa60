//! The HTTP server: connections, limits and graceful shutdown.

mod context;
mod response;
mod routes;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use sync_payload::ImageSigner;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;
use url_signer::{ProxySigner, ThumbnailSigner};

use crate::store::Store;
use crate::token::TokenKey;

pub(crate) use self::context::start_log;

/// The maximum number of open connections. Further connections wait to be
/// accepted.
const CONNECTIONS: usize = 1_024;

/// The maximum number of bytes in a request head. The query has a lower limit.
const HEAD_BYTES: usize = 128 * 1024;

/// The time limit for receiving a request head on an open connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// The time limit for running requests after a shutdown signal.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

/// The state that all handlers share.
#[derive(Debug)]
pub(crate) struct AppState {
    pub(crate) store: Store,
    pub(crate) signer: ImageSigner,
    pub(crate) proxy: ProxySigner,
    pub(crate) thumbnails: ThumbnailSigner,
    pub(crate) tokens: TokenKey,
}

/// Serves requests until SIGTERM or SIGINT, then finishes the running requests.
pub(crate) async fn serve(listener: TcpListener, app: AppState) -> Result<()> {
    let app = Arc::new(app);
    let router = routes::router(Arc::clone(&app));
    let connections = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;

    loop {
        let accepted = async {
            let permit = Arc::clone(&connections).acquire_owned().await;
            (listener.accept().await, permit)
        };
        let (accepted, permit) = tokio::select! {
            accepted = accepted => accepted,
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Usually too many open files: wait until a connection closes.
                tracing::warn!(%error, "failed to accept a connection");
                sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let request: Request = request.map(Body::new);
            let router = router.clone();
            async move { router.oneshot(request).await }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection failed");
            }
            drop(permit);
        });
    }

    tracing::info!("shutting down");
    drop(listener);
    if timeout(SHUTDOWN_TIMEOUT, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("aborted the requests that exceeded the shutdown timeout");
    }
    app.store.close();
    Ok(())
}
