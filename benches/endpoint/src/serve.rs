//! The HTTP stack of image-host without its limits and layers.

use std::io::{self, Write};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
#[cfg(target_os = "linux")]
use socket2::SockRef;
use tokio::net::TcpListener;
use tower::ServiceExt;

/// The maximum number of bytes in a request head, as in image-host.
const HEAD_BYTES: usize = 128 * 1024;

/// The time limit for receiving a request head, as in image-host.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// The maximum number of bytes that the kernel accepts before it sends them, as in
/// image-host.
#[cfg(target_os = "linux")]
const NOT_SENT: u32 = 128 * 1024;

/// Serves a router on a free port of `127.0.0.1`. Prints the URL.
///
/// # Errors
///
/// - The listener fails.
pub async fn serve(router: Router) -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    writeln!(io::stdout(), "listening on http://{address}")?;
    loop {
        let (stream, _) = listener.accept().await?;
        let _ = stream.set_nodelay(true);
        #[cfg(target_os = "linux")]
        let _ = SockRef::from(&stream).set_tcp_notsent_lowat(NOT_SENT);
        let router = router.clone();
        let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            router.clone().oneshot(request.map(Body::new))
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIMEOUT)
            .max_buf_size(HEAD_BYTES)
            .half_close(true)
            .serve_connection(TokioIo::new(stream), service);
        tokio::spawn(connection);
    }
}
