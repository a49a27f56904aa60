//! Hosts and databases that go away under load.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::host::{Database, Host, IDS, query};
use crate::postgres::{self, Cluster};

const CLIENTS: usize = 4;

/// Long enough for whatever is waited for.
const LONG: Duration = Duration::from_mins(1);

fn wait_until(what: &str, mut so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !so() {
        assert!(since.elapsed() < LONG, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Asks the hosts in turn until one answers, and says how many were asked.
fn asked(hosts: &[Host; 2], turn: usize, query: &str) -> (Vec<u8>, usize) {
    for tries in 0..hosts.len() {
        let host = &hosts[(turn + tries) % hosts.len()];
        if let Ok(answer) = host.try_images(query) {
            assert_eq!(answer.status, 200);
            return (answer.body, tries + 1);
        }
    }
    panic!("no host answers");
}

#[test]
fn a_host_that_is_killed_loses_no_answer_that_another_can_give() {
    let database = Database::on(postgres::shared());
    let hosts = [database.host(&["--images", "1000"]), database.host(&[])];
    let queries = [query(IDS), String::new()];
    let expected = [0, 1].map(|query| hosts[1].images(&queries[query]).body);
    assert_eq!(expected[0].len(), 11_775);
    assert!(expected[1].len() > 1_000_000);

    let (answers, retried) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (hosts, queries, expected) = (&hosts, &queries, &expected);
            let (answers, retried) = (&answers, &retried);
            scope.spawn(move || {
                for number in 0..60 {
                    let asks = (client + number / 2) % 2;
                    let (body, tries) = asked(hosts, number, &queries[asks]);
                    assert!(body == expected[asks], "another payload");
                    answers.fetch_add(1, Ordering::Relaxed);
                    retried.fetch_add(tries - 1, Ordering::Relaxed);
                }
            });
        }
        wait_until("answers", || answers.load(Ordering::Relaxed) > 80);
        assert_eq!(retried.load(Ordering::Relaxed), 0);
        hosts[0].kill();
    });
    assert_eq!(answers.into_inner(), CLIENTS * 60);
    assert!(retried.into_inner() > 0);
}

#[test]
fn a_database_that_is_restarted_is_503_until_it_is_back() {
    let mut cluster = Cluster::start();
    let database = Database::on(&cluster);
    let host = database.host(&["--pool-wait-ms", "300"]);
    let expected = host.images(&query(IDS)).body;
    assert_eq!(expected.len(), 11_775);

    let (well, unavailable) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let over = AtomicBool::new(false);
    let seen = |status: &AtomicUsize, more: usize| {
        let before = status.load(Ordering::Relaxed);
        wait_until("answers", || status.load(Ordering::Relaxed) > before + more);
    };
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            let (host, expected, over) = (&host, &expected, &over);
            let (well, unavailable) = (&well, &unavailable);
            scope.spawn(move || {
                let since = Instant::now();
                while !over.load(Ordering::Relaxed) && since.elapsed() < 2 * LONG {
                    let answer = host.images(&query(IDS));
                    if answer.status == 200 {
                        assert!(answer.body == *expected, "another payload");
                        well.fetch_add(1, Ordering::Relaxed);
                    } else {
                        assert_eq!((answer.status, answer.text()), (503, ""));
                        assert_eq!(answer.header("retry-after"), "1");
                        unavailable.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        for _ in 0..2 {
            seen(&well, 100);
            cluster.stop_or_start();
            seen(&unavailable, 2 * CLIENTS);
            assert_eq!(host.get("/healthz", &[]).status, 503);
            cluster.stop_or_start();
            seen(&well, 100);
        }
        // Connections of before are used up, and all is well.
        let before = unavailable.load(Ordering::Relaxed);
        seen(&well, 100);
        assert_eq!(unavailable.load(Ordering::Relaxed), before);
        over.store(true, Ordering::Relaxed);
    });
    assert_eq!(host.get("/healthz", &[]).status, 200);
}
