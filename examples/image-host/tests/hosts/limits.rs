//! The use of database connections.

use std::collections::BTreeSet;
use std::io::Read;
use std::thread;
use std::time::{Duration, Instant};

use crate::concurrency::payload;
use crate::database::{Database, Engine};
use crate::disconnects::{begin, request};
use crate::host::{IDS, USER, query};
use crate::postgres::{self, Cluster};

tests! {
    both: slow_readers_hold_no_connections,
    both: a_stream_contains_each_image_once_during_imports,
    postgresql: abandoned_queries_keep_within_the_connections,
    postgresql: a_restart_of_the_database_fails_no_later_request,
    postgresql: requests_wait_for_the_connections_of_a_role,
}

fn abandoned_queries_keep_within_the_connections() {
    let cluster = postgres::shared();
    let database = Database::on(cluster);
    let host = database.host(&["--connections", "3", "--pool-wait-ms", "500"]);
    assert_eq!(host.images(&query(IDS)).status, 200);
    let lock = database.lock();
    let most = thread::scope(|scope| {
        // Clients that disconnect at once, and clients that wait.
        for _ in 0..40 {
            drop(request(&host));
        }
        let clients: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    for _ in 0..4 {
                        let response = host.images(&query(IDS));
                        assert_eq!((response.status, response.text()), (503, ""));
                    }
                })
            })
            .collect();
        let mut most = 0;
        while clients.iter().any(|client| !client.is_finished()) {
            // The lock is held by one backend, and this query runs in another.
            most = most.max(database.backends());
            assert_eq!(host.get("/healthz", &[]).status, 503);
            thread::sleep(Duration::from_millis(20));
        }
        most
    });
    assert_eq!(most, 3);
    drop(lock);
    let since = Instant::now();
    while host.images(&query(IDS)).status != 200 {
        assert!(since.elapsed() < Duration::from_mins(1));
    }
    assert!(database.backends() <= 3);
}

fn slow_readers_hold_no_connections(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&["--images", "20000", "--connections", "1"]);
        let readers: Vec<_> = (0..16).map(|_| begin(&host)).collect();
        for _ in 0..10 {
            assert_eq!(host.images(&query(IDS)).status, 200);
            assert_eq!(host.get("/healthz", &[]).status, 200);
        }
        drop(readers);
    });
}

fn a_stream_contains_each_image_once_during_imports(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&["--images", "20000"]);
        let mut reader = begin(&host);
        database.stdout(&["import", "-", "--user", USER], &payload(0, 500));
        let mut body = Vec::new();
        reader.read_to_end(&mut body).unwrap();
        let text = String::from_utf8_lossy(&body);
        assert!(text.ends_with("]\r\n0\r\n\r\n"));
        let id = regex::Regex::new(r#"\{"id":"([0-9a-f-]{36})","public_id""#).unwrap();
        let ids: Vec<_> = id.captures_iter(&text).map(|id| id[1].to_owned()).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
        assert!(ids.len() > 19_900, "{}", ids.len());
    });
}

fn a_restart_of_the_database_fails_no_later_request() {
    let mut cluster = Cluster::start();
    let database = Database::on(&cluster);
    let host = database.host(&["--connections", "8"]);
    for _ in 0..3 {
        // Opens several connections.
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert_eq!(host.images("").status, 200));
            }
        });
        cluster.restart();
        for _ in 0..16 {
            assert_eq!(host.images(&query(IDS)).status, 200);
        }
    }
}

fn requests_wait_for_the_connections_of_a_role() {
    let cluster = postgres::shared();
    let database = Database::on(cluster).with_limited_role(2);
    let arguments = ["--connections", "16", "--pool-wait-ms", "30000"];
    let host = database.host(&[&arguments[..], &["--images", "500"]].concat());
    let client = || {
        let mut responses = (0..20).map(|_| host.try_images(""));
        responses.all(|response| response.is_ok_and(|response| response.status == 200))
    };
    let succeeded = thread::scope(|scope| {
        let clients: Vec<_> = (0..16).map(|_| scope.spawn(client)).collect();
        assert!(database.backends() <= 2);
        clients.into_iter().all(|client| client.join().unwrap())
    });
    assert!(succeeded, "{}", host.stop());
}
