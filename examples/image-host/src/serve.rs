//! The HTTP server: connections, limits and graceful shutdown.

mod checks;
mod connection;
mod connections;
mod context;
mod openapi;
mod query_time;
mod response;
mod routes;
mod stream;
mod uploads;
mod webhook;

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{HttpService, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use sync_payload::ImageSigner;
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{sleep, timeout};
use tower::ServiceExt;
use url_signer::cloudinary::Cloud;
use url_signer::{ProxySigner, ThumbnailSigner};

use self::connection::Connection;
use self::connections::OpenConnection;
use self::stream::ProgressStream;
use crate::public_url::PublicUrl;
use crate::report::report;
use crate::store::Store;
use crate::token::TokenKey;

pub(crate) use self::connections::{ClientLimits, Connections};
pub(crate) use self::context::start_log;
#[cfg(feature = "gallery")]
pub(crate) use self::uploads::{UploadFormError, upload_form};

/// The maximum number of bytes in a request head. The query has a lower limit.
const HEAD_BYTES: usize = 128 * 1024;

/// The time limit for receiving a request head on an open connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// The time limit for running requests after a shutdown signal.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);

/// The time limit for closing connections after [`SHUTDOWN_TIMEOUT`].
const ABORT_TIMEOUT: Duration = Duration::from_secs(1);

/// The state that all handlers share.
#[derive(Debug)]
pub(crate) struct AppState {
    pub(crate) store: Store,
    pub(crate) cloud: Cloud,
    /// `None` if the URL of this host is not known.
    pub(crate) public_url: Option<PublicUrl>,
    pub(crate) signer: Arc<ImageSigner>,
    pub(crate) proxy: ProxySigner,
    pub(crate) thumbnails: ThumbnailSigner,
    pub(crate) tokens: TokenKey,
    pub(crate) connections: Arc<Connections>,
}

/// The signals that shut the host down. Until this type exists, they end the process.
#[derive(Debug)]
pub(crate) struct ShutdownSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl ShutdownSignals {
    /// Handles SIGTERM and SIGINT from now on.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }
}

/// Serves requests until SIGTERM or SIGINT, then finishes the running requests.
///
/// `mount` adds further routes, to which the log and the checks apply as well.
pub(crate) async fn serve(
    listener: TcpListener,
    app: Arc<AppState>,
    mut signals: ShutdownSignals,
    mount: impl FnOnce(Router) -> Router,
) -> Result<()> {
    let router = routes::router(Arc::clone(&app), mount);
    let graceful = GracefulShutdown::new();

    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &app.connections) => accepted,
            _ = signals.terminate.recv() => break,
            _ = signals.interrupt.recv() => break,
        };
        if let Some((stream, open)) = accepted {
            let stream =
                ProgressStream::new(stream, app.connections.limits.reader, open.connection());
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_TIMEOUT)
                .max_buf_size(HEAD_BYTES)
                .half_close(true)
                .serve_connection(TokioIo::new(stream), service(&router, open.connection()));
            tokio::spawn(run(graceful.watch(connection), open));
        }
    }

    tracing::info!("shutting down");
    drop(listener);
    let mut completed = pin!(graceful.shutdown());
    if timeout(SHUTDOWN_TIMEOUT, &mut completed).await.is_err() {
        tracing::warn!("aborting the requests that exceed the shutdown timeout");
        // A client must not mistake a part of its response for all of it.
        app.connections.abort_all();
        let _ = timeout(ABORT_TIMEOUT, completed).await;
    }
    app.store.close();
    Ok(())
}

/// Accepts a connection and makes room for it.
async fn accept(
    listener: &TcpListener,
    connections: &Arc<Connections>,
) -> Option<(TcpStream, OpenConnection)> {
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, connections.admit(peer.ip()).await?)),
        Err(error) => {
            // Usually too many open files: wait until a connection closes.
            tracing::warn!(%error, "failed to accept a connection");
            connections.close_waiting();
            sleep(Duration::from_millis(50)).await;
            None
        }
    }
}

/// Returns the service of a connection.
fn service(
    router: &Router,
    connection: Arc<Connection>,
) -> impl HttpService<Incoming, ResBody = Body, Error = Infallible, Future: Send> + use<> {
    let router = router.clone();
    service_fn(move |request: hyper::Request<Incoming>| {
        let guard = connection.respond();
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(Arc::clone(&connection));
        let response = router.clone().oneshot(request);
        async move { Ok(response.await?.map(|body| guard.with_body(body))) }
    })
}

/// Runs a connection until it ends, or until it is closed in favor of another.
async fn run(connection: impl Future<Output = hyper::Result<()>>, open: OpenConnection) {
    let state = open.connection();
    let mut connection = pin!(connection);
    let error = tokio::select! {
        result = &mut connection => result.err().map(|error| report(&error)),
        reason = state.closed() => Some(reason.to_owned()),
    };
    // The connection still exists, so the response is not marked as complete.
    if let Some(error) = error {
        state.log_end(&error);
    }
}
