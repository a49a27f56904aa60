//! Attacks on a host, bounded in number and time, over loopback.

use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;

use crate::host::Host;

mod http;
mod shutdown;
mod silent_peers;
mod slow_readers;

/// Returns the tests of these modules.
pub(crate) fn tests() -> Vec<Trial> {
    [
        http::tests(),
        shutdown::tests(),
        silent_peers::tests(),
        slow_readers::tests(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The time limit of each wait.
const TIMEOUT: Duration = Duration::from_mins(1);

/// Opens a connection to a host.
fn connect(host: &Host) -> TcpStream {
    let stream = TcpStream::connect(host.url.strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    stream.set_write_timeout(Some(TIMEOUT)).unwrap();
    stream
}

/// Writes requests without reading a response until the host stops reading or
/// closes the connection.
fn pipeline(stream: &mut TcpStream, request: &str) {
    stream
        .set_write_timeout(Some(Duration::from_millis(100)))
        .unwrap();
    let requests = request.repeat(1_000);
    let since = Instant::now();
    while stream.write_all(requests.as_bytes()).is_ok() {
        assert!(since.elapsed() < TIMEOUT, "the host reads without a limit");
    }
    stream.set_write_timeout(Some(TIMEOUT)).unwrap();
}
