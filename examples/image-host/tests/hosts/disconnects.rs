//! Clients that disconnect or stop reading.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;

use crate::database::{Database, Engine};
use crate::host::{Host, IDS, query};
use crate::postgres;

tests! {
    both: disconnected_clients_release_their_connections,
    both: a_shutdown_finishes_running_responses,
    postgresql: an_exhausted_pool_is_503_with_retry_after,
}

/// Requests all images and reads no response.
pub(crate) fn request(host: &Host) -> TcpStream {
    let address = host.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET /api/v1/image_syncs HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Authorization: Token {}\r\n\r\n",
        host.token
    )
    .unwrap();
    stream
}

/// Requests all images and reads only the start of the response.
pub(crate) fn begin(host: &Host) -> TcpStream {
    let mut stream = request(host);
    let mut start = [0; 1024];
    stream.read_exact(&mut start).unwrap();
    assert!(start.starts_with(b"HTTP/1.1 200 OK\r\n"));
    stream
}

fn disconnected_clients_release_their_connections(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&["--images", "20000", "--connections", "2"]);
        for _ in 0..6 {
            drop(begin(&host));
        }
        assert_eq!(host.images(&query(IDS)).body.len(), 11775);
        let all = host.images("");
        let images = image_model::from_slice::<String>(&all.body).unwrap();
        assert_eq!(images.len(), 20_004);
    });
}

fn an_exhausted_pool_is_503_with_retry_after() {
    let database = Database::on(postgres::shared());
    let host = database.host(&["--connections", "1", "--pool-wait-ms", "200"]);
    let lock = database.lock();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| host.images(&query(IDS)).status);
        while !waiting.is_finished() {
            let response = host.images(&query(IDS));
            assert_eq!((response.status, response.text()), (503, ""));
            assert_eq!(response.header("retry-after"), "1");
            assert_eq!(host.get("/healthz", &[]).status, 503);
        }
        assert_eq!(waiting.join().unwrap(), 503);
    });
    drop(lock);
    let recovered = (0..100).any(|_| host.images(&query(IDS)).status == 200);
    assert!(recovered);
}

fn a_shutdown_finishes_running_responses(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&["--images", "5000"]);
        let length = host.images("").body.len();
        let mut reader = begin(&host);
        host.signal();
        let mut rest = Vec::new();
        reader.read_to_end(&mut rest).unwrap();
        assert!(rest.ends_with(b"]\r\n0\r\n\r\n"));
        assert!(rest.len() + 1024 > length);
        assert!(host.try_images("").is_err());
    });
}
