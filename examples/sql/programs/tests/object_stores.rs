//! Tables in an S3-compatible object store.

mod programs;

use std::fs;

use programs::cluster::Cluster;
use programs::object_store::ObjectStore;
use programs::{ACCOUNT, URL, error, generate, library_urls, sql, stdout};
use tempfile::TempDir;

#[test]
fn tables_and_results_are_in_buckets() {
    let folder = TempDir::new().unwrap();
    let images = folder.path().join("images");
    generate(&images, 1_000, 2);
    let urls = library_urls(&images, ACCOUNT, 1_000);
    let store = ObjectStore::start();
    for entry in fs::read_dir(&images).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        store.insert(&format!("images/{name}"), fs::read(&path).unwrap());
    }
    let query = |output: &str| {
        format!(
            "COPY (SELECT number, {URL} AS url FROM 's3://photos/images/')
             TO 's3://photos/{output}';
             SELECT url FROM 's3://photos/{output}' ORDER BY number"
        )
    };
    let signed = |output: &str| {
        let lines = output.lines().skip(3);
        lines
            .map(|url| url.trim_matches('"').to_owned())
            .collect::<Vec<_>>()
    };
    let mut command = sql();
    command
        .envs(store.environment())
        .env("CLOUDINARY_URL", ACCOUNT);
    let output = stdout(command.args(["--format", "csv", "--query", &query("one/urls.csv")]));
    assert_eq!(signed(&output), urls);
    let csv = String::from_utf8(store.get("one/urls.csv").unwrap()).unwrap();
    assert_eq!(csv.lines().count(), 1_001);

    // The client, the scheduler and the executors have credentials of their own.
    let environment = store.environment();
    let all = environment
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let cluster = Cluster::with(2, &[("CLOUDINARY_URL", ACCOUNT)], &all);
    let mut command = cluster.sql();
    command.envs(store.environment());
    let output = stdout(command.args(["--format", "csv", "--query", &query("two/urls.parquet")]));
    assert_eq!(signed(&output), urls);
    assert!(store.get("two/urls.parquet").unwrap().starts_with(b"PAR1"));
}

#[test]
fn missing_objects_are_named() {
    let store = ObjectStore::start();
    let mut command = sql();
    command.envs(store.environment());
    let error = error(command.args(["--query", "SELECT * FROM 's3://photos/no.csv'"]));
    assert!(
        error.contains("s3://photos/no.csv: no such file"),
        "{error}"
    );
}
