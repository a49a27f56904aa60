//! Clients that occupy connections.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use super::{TIMEOUT, connect, pipeline};
use crate::database::Database;
use crate::host::{Host, IDS, query};

tests! {
    sqlite: silent_peers_do_not_block_others,
    sqlite: a_peer_that_never_reads_is_disconnected,
    sqlite: an_address_has_a_limit_of_connections,
    sqlite: unread_payloads_use_bounded_memory,
    long: requests_are_served_next_to_1024_silent_peers,
}

const NOT_FOUND: &str = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

/// Opens connections of clients that send nothing, a part of a request, or
/// requests whose responses they never read.
fn silent_peers(host: &Host, number: usize) -> Vec<TcpStream> {
    let open = |index| {
        let mut stream = connect(host);
        match index % 8 {
            0 => pipeline(&mut stream, NOT_FOUND),
            1..4 => stream.write_all(b"GET / HTTP/1.1\r\n").unwrap(),
            _ => {}
        }
        stream
    };
    (0..number).map(open).collect()
}

fn silent_peers_do_not_block_others() {
    let database = Database::embedded();
    let host = database.host(&["--client-connections", "32"]);
    let peers = silent_peers(&host, 40);
    for _ in 0..50 {
        assert_eq!(host.get("/healthz", &[]).status, 200);
        assert_eq!(host.images(&query(IDS)).body.len(), 11_775);
    }
    drop(peers);
}

/// Prints the figures of the host next to 1,024 silent peers. Needs 3,000 open files
/// and takes a minute.
#[expect(clippy::print_stdout, reason = "the figures")]
fn requests_are_served_next_to_1024_silent_peers() {
    let database = Database::embedded();
    let host = database.host(&[]);
    let before = host.memory();
    let peers = silent_peers(&host, 1_024);
    let since = Instant::now();
    for _ in 0..500 {
        assert_eq!(host.get("/healthz", &[]).status, 200);
        assert_eq!(host.images(&query(IDS)).status, 200);
    }
    let seconds = since.elapsed().as_secs_f64();
    let (rate, mib) = (1_000.0 / seconds, host.memory() >> 20);
    println!(
        "{rate:.0} requests per second next to {} peers",
        peers.len()
    );
    println!("{mib} MiB of memory, {} MiB before", before >> 20);
    assert!(mib < 256, "{mib} MiB");
}

fn a_peer_that_never_reads_is_disconnected() {
    let database = Database::embedded();
    let host = database.host(&["--reader-wait-ms", "500"]);
    let mut peer = connect(&host);
    pipeline(&mut peer, NOT_FOUND);
    // The host neither reads nor keeps the connection.
    let since = Instant::now();
    while peer.write_all(NOT_FOUND.as_bytes()).is_ok() {
        assert!(since.elapsed() < TIMEOUT);
    }
    let log = host.stop();
    assert!(
        log.contains("the client accepted no bytes for 500ms"),
        "{log}"
    );
}

fn an_address_has_a_limit_of_connections() {
    let database = Database::embedded();
    let host = database.host(&["--client-connections-per-address", "4"]);
    let mut peers: Vec<_> = (0..8).map(|_| connect(&host)).collect();
    assert_eq!(host.get("/healthz", &[]).status, 200);
    // The oldest connections were replaced.
    for peer in &mut peers[..4] {
        assert!(matches!(peer.read(&mut [0]), Ok(0) | Err(_)));
    }
}

fn unread_payloads_use_bounded_memory() {
    let database = Database::embedded();
    let host = database.host(&["--images", "1000"]);
    let all = image_model::from_slice::<String>(&host.images("").body).unwrap();
    let ids: Vec<_> = all.iter().map(|image| image.id.to_string()).collect();
    let listed = query(ids.iter().take(1_000).map(String::as_str));
    let request = format!(
        "GET /api/v1/image_syncs{listed} HTTP/1.1\r\nHost: a\r\nAuthorization: Token {}\r\n\r\n",
        host.token
    );
    let mut peers: Vec<_> = (0..120).map(|_| connect(&host)).collect();
    for peer in &mut peers {
        peer.write_all(request.as_bytes()).unwrap();
    }
    // Requests wait until clients that do not read are disconnected.
    for _ in 0..20 {
        let response = host.images(&query(IDS));
        assert!(matches!(response.status, 200 | 503), "{response:?}");
    }
    // On a busy machine, a query may take longer than the host waits for it.
    let since = Instant::now();
    while host.get("/healthz", &[]).status != 200 || host.images(&listed).status != 200 {
        assert!(since.elapsed() < TIMEOUT);
    }
    let mib = host.memory() >> 20;
    assert!(mib < 300, "{mib} MiB");
}
