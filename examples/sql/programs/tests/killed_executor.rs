//! An executor that is killed in the middle of a query.

mod programs;

use std::fs;
use std::process::Stdio;

use programs::cluster::{Cluster, Process, has_file, wait_while_running};
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

    // The executor has finished a task, whose result is lost with it.
    let victim = cluster.work_dir_of(&cluster.executors[0]);
    wait_while_running(&mut client, || has_file(&victim));
    cluster.executors[0].kill();
    assert!(
        client.is_running(),
        "the query ended before the executor was killed"
    );
    fs::remove_dir_all(victim).unwrap();

    assert!(client.wait().success(), "{}", client.log());
    assert_eq!(fs::read_to_string(&results).unwrap(), expected);
    let log = cluster.scheduler.log();
    assert!(
        log.contains("emove executor") || log.contains("ost executor"),
        "{log}"
    );
}
