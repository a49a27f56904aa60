//! An executor that is killed in the middle of a query.

mod programs;

use std::fs;
use std::process::Stdio;

use programs::cluster::{Cluster, Process, wait_while_running};
use programs::{ACCOUNT, URL, digest, generate, library_urls};
use tempfile::TempDir;

const ROWS: u64 = 200_000;

#[test]
fn a_query_survives_a_killed_executor() {
    let folder = TempDir::new().unwrap();
    let images = folder.path().join("images");
    // Each file is a task.
    generate(&images, ROWS, 40);
    let expected = digest::of(&library_urls(&images, ACCOUNT, ROWS));

    let mut cluster = Cluster::start(2);
    let query = format!(
        "SET ballista.scheduler.max_partitions_per_task = 1;
         SET ballista.client.io_retry_wait_time_ms = 200;
         {}",
        digest::query(URL, &format!("'{}'", images.display()))
    );
    let results = folder.path().join("results.csv");
    let mut command = cluster.sql();
    command.args(["--partitions", "40", "--format", "csv", "--query", &query]);
    command.stdout(Stdio::from(fs::File::create(&results).unwrap()));
    let mut client = Process::start(&mut command, folder.path().join("client.log"));

    // The results of its finished tasks are lost with the executor.
    let finished = |executor: &Process| executor.log().matches("Finished task").count();
    wait_while_running(&mut client, || finished(&cluster.executors[0]) > 0);
    cluster.executors[0].kill();
    assert!(client.is_running(), "the query ended too early");
    fs::remove_dir_all(cluster.executors[0].work_dir()).unwrap();

    assert!(client.wait().success(), "{}", client.log());
    assert_eq!(fs::read_to_string(&results).unwrap(), expected);
    // All finished tasks were repeated, as well as one that was running.
    let log = cluster.scheduler.log();
    let reset = log.split("Reset ").nth(1);
    let reset = reset.and_then(|log| log.split(' ').next()?.parse().ok());
    let finished = finished(&cluster.executors[0]);
    assert!(
        reset.is_some_and(|tasks: usize| tasks >= finished),
        "{reset:?} of {finished}: {log}"
    );
}
