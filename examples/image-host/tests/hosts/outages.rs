//! Hosts and databases that stop under load.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::database::Database;
use crate::host::{Host, IDS, query};
use crate::postgres::{self, Cluster};

tests! {
    postgresql: another_host_serves_requests_of_a_killed_host,
    postgresql: requests_get_503_while_the_database_restarts,
}

const CLIENTS: usize = 4;

/// The time limit of each wait.
const TIMEOUT: Duration = Duration::from_mins(1);

fn wait_until(event: &str, mut condition: impl FnMut() -> bool) {
    let since = Instant::now();
    while !condition() {
        assert!(since.elapsed() < TIMEOUT, "timed out waiting for {event}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Requests images from the hosts in turn until one responds. Returns the body
/// and the number of hosts that were tried.
fn fetch(hosts: &[Host; 2], turn: usize, query: &str) -> (Vec<u8>, usize) {
    for tries in 0..hosts.len() {
        let host = &hosts[(turn + tries) % hosts.len()];
        if let Ok(response) = host.try_images(query) {
            assert_eq!(response.status, 200);
            return (response.body, tries + 1);
        }
    }
    panic!("no host responds");
}

fn another_host_serves_requests_of_a_killed_host() {
    let database = Database::on(postgres::shared());
    let hosts = [database.host(&["--images", "1000"]), database.host(&[])];
    let queries = [query(IDS), String::new()];
    let expected = [0, 1].map(|query| hosts[1].images(&queries[query]).body);
    assert_eq!(expected[0].len(), 11_775);
    assert!(expected[1].len() > 1_000_000);

    let (responses, retried) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (hosts, queries, expected) = (&hosts, &queries, &expected);
            let (responses, retried) = (&responses, &retried);
            scope.spawn(move || {
                for number in 0..60 {
                    let kind = (client + number / 2) % 2;
                    let (body, tries) = fetch(hosts, number, &queries[kind]);
                    assert!(body == expected[kind], "unexpected payload");
                    responses.fetch_add(1, Ordering::Relaxed);
                    retried.fetch_add(tries - 1, Ordering::Relaxed);
                }
            });
        }
        wait_until("responses", || responses.load(Ordering::Relaxed) > 80);
        assert_eq!(retried.load(Ordering::Relaxed), 0);
        hosts[0].kill();
    });
    assert_eq!(responses.into_inner(), CLIENTS * 60);
    assert!(retried.into_inner() > 0);
}

fn requests_get_503_while_the_database_restarts() {
    let mut cluster = Cluster::start();
    let database = Database::on(&cluster);
    let host = database.host(&["--pool-wait-ms", "300"]);
    let expected = host.images(&query(IDS)).body;
    assert_eq!(expected.len(), 11_775);

    let (ok, unavailable) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let stop = AtomicBool::new(false);
    let wait_for = |status: &AtomicUsize, more: usize| {
        let before = status.load(Ordering::Relaxed);
        wait_until("responses", || {
            status.load(Ordering::Relaxed) > before + more
        });
    };
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            let (host, expected, stop) = (&host, &expected, &stop);
            let (ok, unavailable) = (&ok, &unavailable);
            scope.spawn(move || {
                let since = Instant::now();
                while !stop.load(Ordering::Relaxed) && since.elapsed() < 2 * TIMEOUT {
                    let response = host.images(&query(IDS));
                    if response.status == 200 {
                        assert!(response.body == *expected, "unexpected payload");
                        ok.fetch_add(1, Ordering::Relaxed);
                    } else {
                        assert_eq!((response.status, response.text()), (503, ""));
                        assert_eq!(response.header("retry-after"), "1");
                        unavailable.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        for _ in 0..2 {
            wait_for(&ok, 100);
            cluster.stop_or_start();
            wait_for(&unavailable, 2 * CLIENTS);
            assert_eq!(host.get("/healthz", &[]).status, 503);
            cluster.stop_or_start();
            wait_for(&ok, 100);
        }
        // No stale connections are left.
        let before = unavailable.load(Ordering::Relaxed);
        wait_for(&ok, 100);
        assert_eq!(unavailable.load(Ordering::Relaxed), before);
        stop.store(true, Ordering::Relaxed);
    });
    assert_eq!(host.get("/healthz", &[]).status, 200);
}
