//! Queries on clusters of processes, and in Ballista's standalone mode.

mod programs;

use std::fs;

use programs::cluster::Cluster;
use programs::{ACCOUNT, URL, digest, error, generate, library_urls, signing_sql, stdout};
use tempfile::TempDir;

#[test]
fn standalone_and_cluster_sign_like_the_library() {
    let folder = TempDir::new().unwrap();
    let images = folder.path().join("images");
    generate(&images, 20_000, 4);
    let expected = digest::of(&library_urls(&images, ACCOUNT, 20_000));
    let table = format!("images={}", images.display());
    let query = digest::query(URL, "images");
    let arguments = ["--format", "csv", "--table", &table, "--query", &query];

    assert_eq!(stdout(signing_sql().args(arguments)), expected);
    assert_eq!(
        stdout(signing_sql().arg("--standalone").args(arguments)),
        expected
    );
    let cluster = Cluster::start(2);
    assert_eq!(stdout(cluster.sql().args(arguments)), expected);
    assert_eq!(
        stdout(cluster.sql().args(["--partitions", "3"]).args(arguments)),
        expected
    );
}

#[test]
fn clusters_copy_files_and_build_payloads() {
    let folder = TempDir::new().unwrap();
    let images = folder.path().join("images");
    generate(&images, 1_000, 2);
    let keys = [
        ("CLOUDINARY_URL", ACCOUNT),
        ("THUMBNAIL_KEY", "a thumbnail key of the tests"),
        ("PROXY_KEY", "a proxy key of the tests"),
        ("PROXY_HOST", "proxy.example.org"),
        ("APP_HOST", "app.example.org"),
    ];
    let cluster = Cluster::with(2, &keys, &[]);
    let urls = folder.path().join("urls");
    for format in ["parquet", "csv"] {
        let path = urls.with_extension(format);
        let path = path.display();
        let query = format!(
            "COPY (SELECT number, {URL} AS url FROM '{}') TO '{path}';
             SELECT url FROM '{path}' ORDER BY number",
            images.display()
        );
        let output = stdout(cluster.sql().args(["--format", "csv", "--query", &query]));
        let signed = output.lines().skip(3).map(|url| url.trim_matches('"'));
        assert_eq!(
            output.lines().take(3).collect::<Vec<_>>(),
            ["count", "1000", "url"]
        );
        assert_eq!(
            signed.collect::<Vec<_>>(),
            library_urls(&images, ACCOUNT, 1_000)
        );
    }

    // The other functions give the results of one process.
    let query = format!(
        "SELECT substr(album_id, 1, 1) AS album,
            md5(image_payloads(named_struct(
                'id', '14364f29-c30d-4bbb-992c-19e6031244f7',
                'created_at', '2019-04-08T19:38:56.021+02:00', 'width', width,
                'asset_public_id', public_id, 'asset_version', version,
                'asset_extension', extension, 'asset_type', 'authenticated'
            ) ORDER BY number)) AS payload,
            min(thumbnail_path('14364f29-c30d-4bbb-992c-19e6031244f7', 'mini')) AS thumbnail,
            count(*) FILTER (WHERE verify_delivery_url({URL})) AS verified
        FROM '{}' GROUP BY 1 ORDER BY 1",
        images.display()
    );
    let arguments = ["--format", "csv", "--query", &query];
    let output = stdout(cluster.sql().args(arguments));
    assert_eq!(output, stdout(programs::sql().envs(keys).args(arguments)));
    assert_eq!(output.lines().count(), 11, "{output}");
}

#[test]
fn executors_with_other_keys_are_rejected() {
    let mut cluster = Cluster::start(1);
    let other = "cloudinary://key:other@demo".to_owned();
    let mut executor = cluster.start_executor(&[("CLOUDINARY_URL".to_owned(), other)]);
    assert_eq!(executor.wait_until_rejected().code(), Some(1));
    let log = executor.log();
    let expected = cluster.fingerprint().to_owned();
    let message = format!("those of the cluster {expected}; set the same keys in the environment");
    let error = log.lines().find_map(|line| line.strip_prefix("error: "));
    assert!(error.is_some_and(|error| error.contains(&message)), "{log}");
    assert!(cluster.scheduler.log().contains(&message));
    assert!(cluster.scheduler.is_running());
    // The cluster still works.
    let query = "SELECT signing_key_fingerprint() AS f";
    let output = stdout(cluster.sql().args(["--format", "csv", "--query", query]));
    assert_eq!(output, format!("f\n{expected}\n"));
}

#[test]
fn clients_can_require_a_fingerprint() {
    let cluster = Cluster::start(1);
    let query = "SELECT delivery_url('photo') AS url";
    let required = |fingerprint: &str| {
        let mut command = cluster.sql();
        command.args(["--key-fingerprint", fingerprint, "--format", "csv"]);
        command.args(["--query", query]);
        command
    };
    let output = stdout(&mut required(cluster.fingerprint()));
    assert!(
        output.starts_with("url\nhttps://res.cloudinary.com/demo/image/upload/s--"),
        "{output}"
    );
    let error = error(&mut required("0123456789abcdef"));
    assert!(error.contains("requires 0123456789abcdef"), "{error}");
    assert!(error.contains(cluster.fingerprint()), "{error}");
}

#[test]
fn errors_of_executors_name_the_row() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("images.csv");
    fs::write(&path, "public_id\nok\n../no\n").unwrap();
    let cluster = Cluster::start(1);
    let query = format!("SELECT delivery_url(public_id) FROM '{}'", path.display());
    let error = error(cluster.sql().args(["--query", &query]));
    let expected = "delivery_url: row 2 of the batch (public_id '../no')";
    assert!(error.contains(expected), "{error}");
}

#[test]
fn processes_report_what_they_cannot_listen_on() {
    let cluster = Cluster::start(1);
    let address = cluster.address().to_owned();
    let port = address.rsplit(':').next().unwrap();
    let mut command = programs::program(env!("CARGO_BIN_EXE_image-sync-scheduler"));
    let message = error(command.args(["--port", port]));
    assert!(
        message.contains(&format!("cannot listen on {address}: Address")),
        "{message}"
    );

    let mut command = programs::program(env!("CARGO_BIN_EXE_image-sync-executor"));
    command.env("CLOUDINARY_URL", ACCOUNT);
    let message = error(command.args(["--scheduler", &address, "--port", port]));
    assert!(
        message.contains(&format!("cannot listen on {address}: Address")),
        "{message}"
    );

    for program in [
        env!("CARGO_BIN_EXE_image-sync-scheduler"),
        env!("CARGO_BIN_EXE_image-sync-executor"),
    ] {
        let mut command = programs::program(program);
        let output = command.args(["--host", "http://node-2:1"]).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let message = programs::stderr(&output);
        assert!(message.contains("expected a name or an IP address"));
    }

    let mut command = programs::program(env!("CARGO_BIN_EXE_image-sync-executor"));
    let message = error(command.args(["--scheduler", &address]));
    assert!(
        message.starts_with("no keys are set; set CLOUDINARY_URL"),
        "{message}"
    );

    let mut command = programs::program(env!("CARGO_BIN_EXE_image-sync-executor"));
    command.env("CLOUDINARY_URL", ACCOUNT);
    command.args([
        "--scheduler",
        "127.0.0.1:1",
        "--connect-timeout",
        "1",
        "--port",
        "0",
    ]);
    let message = error(command.args(["--task-port", "0"]));
    assert!(
        message.contains("no scheduler accepts connections at 127.0.0.1:1"),
        "{message}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn work_folders_that_are_not_utf_8_are_rejected() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let folder = TempDir::new().unwrap();
    let cluster = Cluster::start(1);
    let mut command = programs::program(env!("CARGO_BIN_EXE_image-sync-executor"));
    command.env("CLOUDINARY_URL", ACCOUNT);
    command.args(["--port", "0", "--task-port", "0"]);
    command.args(["--scheduler", cluster.address(), "--work-dir"]);
    let message = error(command.arg(folder.path().join(OsStr::from_bytes(b"\xff"))));
    assert!(message.contains("the path is not UTF-8"), "{message}");
}
