//! The HTTP server: connections, their limits, and an orderly end.

mod answer;
mod log;
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

pub(crate) use self::log::log;

/// Connections that are served at the same time; more wait to be accepted.
const CONNECTIONS: usize = 1_024;

/// Bytes of a request's head; the query alone has a lower limit.
const HEAD_BYTES: usize = 128 * 1024;

/// How long a client may take to send a head, from when it is awaited.
const HEAD_TIME: Duration = Duration::from_secs(30);

/// How long what runs may go on after a signal to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

/// What the endpoints work with.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) store: Store,
    pub(crate) signer: ImageSigner,
    pub(crate) proxy: ProxySigner,
    pub(crate) thumbnails: ThumbnailSigner,
    pub(crate) tokens: TokenKey,
}

/// Serves until a signal to stop, and then what has begun.
pub(crate) async fn serve(listener: TcpListener, settings: Settings) -> Result<()> {
    let settings = Arc::new(settings);
    let router = routes::router(Arc::clone(&settings));
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
                // Out of files, most likely: others have to close first.
                tracing::warn!(%error, "a connection cannot be accepted");
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
            .header_read_timeout(HEAD_TIME)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection broke");
            }
            drop(permit);
        });
    }

    tracing::info!("stopping");
    drop(listener);
    if timeout(LAST_ANSWERS, graceful.shutdown()).await.is_err() {
        tracing::warn!("some answers were not finished");
    }
    settings.store.close();
    Ok(())
}
