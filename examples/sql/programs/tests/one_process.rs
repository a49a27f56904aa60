//! `image-sync-sql` in one process.

mod programs;

use std::fs;
use std::io::{Write, pipe};
use std::process::Stdio;

use programs::{ACCOUNT, URL, digest, error, generate, library_urls, signing_sql, sql, stdout};
use tempfile::TempDir;

/// A signed URL of the tests of the SDKs of Cloudinary: the account `test123` with the
/// secret `b`.
#[test]
fn urls_are_those_of_the_sdks() {
    let query = "SELECT delivery_url('image', 'c_crop,h_20,w_10', 1234, 'jpg') AS url";
    let mut command = sql();
    command.env("CLOUDINARY_URL", "cloudinary://a:b@test123");
    let output = stdout(command.args(["--format", "csv", "--query", query]));
    let url = "https://res.cloudinary.com/test123/image/upload/\
               s--Ai4Znfl3--/c_crop,h_20,w_10/v1234/image.jpg";
    assert_eq!(output, format!("url\n\"{url}\"\n"));
}

#[test]
fn urls_and_their_digest_are_those_of_the_library() {
    let folder = TempDir::new().unwrap();
    let images = folder.path().join("images");
    generate(&images, 10_000, 3);
    let urls = library_urls(&images, ACCOUNT, 10_000);
    assert_eq!(urls.len(), 10_000);
    assert!(urls.iter().any(|url| url.contains("%C3%89t%C3%A9")));

    let query = format!("SELECT {URL} AS url FROM images ORDER BY number");
    let mut command = signing_sql();
    command.args(["--format", "csv", "--query", &query, "--table"]);
    let output = stdout(command.arg(format!("images={}", images.display())));
    let signed: Vec<_> = output
        .lines()
        .skip(1)
        .map(|url| url.trim_matches('"'))
        .collect();
    assert_eq!(signed, urls);

    for partitions in ["1", "3"] {
        let query = digest::query(URL, &format!("'{}'", images.display()));
        let mut command = signing_sql();
        command.args([
            "--partitions",
            partitions,
            "--format",
            "csv",
            "--query",
            &query,
        ]);
        assert_eq!(stdout(&mut command), digest::of(&urls));
    }
}

#[test]
fn files_of_each_format_are_tables() {
    let folder = TempDir::new().unwrap();
    let csv = "public_id,version\na/b,1\nc,2\n";
    let ndjson = "{\"public_id\":\"a/b\",\"version\":1}\n{\"public_id\":\"c\",\"version\":2}\n";
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    };
    write("images.csv", csv);
    write("images.ndjson", ndjson);
    write("images.jsonl", ndjson);
    write("images.json", ndjson);
    write("csv/1.csv", "public_id,version\na/b,1\n");
    write("csv/2.csv", "public_id,version\nc,2\n");
    write("csv/_SUCCESS", "");
    let parquet = folder.path().join("images.parquet");
    let copy = format!(
        "COPY (SELECT * FROM 'images.csv') TO '{}'",
        parquet.display()
    );
    stdout(sql().current_dir(&folder).args(["--query", &copy]));

    let names = [
        "images.csv",
        "images.ndjson",
        "images.jsonl",
        "images.json",
        "csv/",
    ];
    for name in names
        .into_iter()
        .chain([parquet.to_str().unwrap(), "csv", "csv/*.csv"])
    {
        // Without `/` and without an extension, a name in `FROM` is no path.
        if name != "csv" {
            let query = format!("SELECT public_id, version FROM '{name}' ORDER BY version");
            let mut command = sql();
            command.current_dir(&folder);
            command.args(["--format", "csv", "--query", &query]);
            assert_eq!(stdout(&mut command), csv, "{name}");
        }

        let query = "SELECT public_id, version FROM Images ORDER BY version";
        let mut command = sql();
        command.current_dir(&folder).args(["--format", "ndjson"]);
        command.args(["--query", query, "--table", &format!("images={name}")]);
        assert_eq!(stdout(&mut command), ndjson, "{name}");
    }
}

/// The URLs of a video, of an image without a version and of a pending image. The first
/// two are signed with the demo account of image-host: the first 8 characters of
/// `printf fl_attachment/000000000004.mp4demo-secret | openssl sha1 -binary | base64`,
/// with `-` for `+`.
const MORE_OF_EXPORT: [(&str, &str); 3] = [
    (
        "video",
        "https://res.cloudinary.com/sadaasdasd/video/authenticated/\
         s--mZQtjj-C--/fl_attachment/v123126/000000000004.mp4",
    ),
    (
        "without version",
        "https://res.cloudinary.com/sadaasdasd/image/authenticated/\
         s--inXuA9P5--/fl_attachment/000000000005.jpg",
    ),
    (
        "pending",
        "https://sharinpix-proxy-dev.herokuapp.com/1.png?s=7ea7966&url=localhost/images/\
         6d616465-0000-4000-8000-000000000001/thumbnails/original-bb4644ce8e4.jpg",
    ),
];

#[test]
fn exports_of_image_host_are_signed_again() {
    let folder = TempDir::new().unwrap();
    let mut export = include_str!("data/export.ndjson").to_owned();
    let more =
        MORE_OF_EXPORT.map(|(id, url)| format!("{{\"id\":\"{id}\",\"original_url\":\"{url}\"}}\n"));
    export.push_str(&more.concat());
    fs::write(folder.path().join("export.ndjson"), export).unwrap();
    // The query that the README describes.
    let readme = include_str!("../../README.md");
    let (_, example) = readme
        .split_once("image-host export --output export.ndjson\n")
        .unwrap();
    let (_, example) = example.split_once("--query \"").unwrap();
    let (example, _) = example.split_once("\"\n```").unwrap();
    let query = format!(
        "{example};
        COPY (SELECT id, original_url FROM 'signed.parquet' ORDER BY id) TO 'signed.csv';
        SELECT count(*) AS images,
            sum(CAST(signed.original_url = export.original_url AS INT)) AS equal,
            sum(CAST(verify_delivery_url(signed.original_url) AS INT)) AS valid
        FROM 'signed.parquet' AS signed JOIN 'export.ndjson' AS export ON signed.id = export.id;
        SELECT count(DISTINCT original_url) AS urls FROM 'signed.csv'"
    );
    let signed = |account: &str| {
        let mut command = sql();
        command.current_dir(&folder).env("CLOUDINARY_URL", account);
        let output = stdout(command.args(["--format", "csv", "--query", &query]));
        let csv = fs::read_to_string(folder.path().join("signed.csv")).unwrap();
        assert!(csv.starts_with("id,original_url\n14126dd5-"), "{csv}");
        assert_eq!(csv.lines().count(), 10);
        output
    };
    // The pending image has no URL that can be signed.
    let counts = "count\n9\ncount\n9\nimages,equal,valid\n9,";
    let account = "cloudinary://demo:demo-secret@sadaasdasd";
    assert_eq!(signed(account), format!("{counts}9,9\nurls\n9\n"));
    // After a change of the key, no signature is equal.
    let account = "cloudinary://demo:new-secret@sadaasdasd";
    assert_eq!(signed(account), format!("{counts}0,9\nurls\n9\n"));
}

#[test]
fn sql_is_read_from_files_and_standard_input() {
    let folder = TempDir::new().unwrap();
    let query = "SET datafusion.execution.batch_size = 7;
        SELECT value FROM information_schema.df_settings
        WHERE name = 'datafusion.execution.batch_size';";
    let path = folder.path().join("query.sql");
    fs::write(&path, query).unwrap();
    let mut command = sql();
    command.args(["--format", "csv", "--file"]).arg(&path);
    assert_eq!(stdout(&mut command), "value\n7\n");

    let mut command = sql();
    command.args(["--format", "csv", "--file", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(query.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.stdout, b"value\n7\n");
}

#[test]
fn functions_are_documented() {
    let query = "SHOW FUNCTIONS LIKE 'delivery_url'";
    let output = stdout(sql().args(["--format", "ndjson", "--query", query]));
    assert!(
        output.contains("\"function_name\":\"delivery_url\""),
        "{output}"
    );
}

#[test]
fn long_tables_are_truncated_with_a_warning() {
    let query = "SELECT * FROM generate_series(1, 1000) AS t(n)";
    let output = sql()
        .args(["--max-rows", "5", "--query", query])
        .output()
        .unwrap();
    let table = str::from_utf8(&output.stdout).unwrap();
    assert_eq!(table.lines().count(), 9, "{table}");
    let warning = programs::stderr(&output);
    assert!(
        warning.starts_with("warning: only the first 5 rows are printed"),
        "{warning}"
    );
}

#[test]
fn larger_data_than_memory_is_sorted() {
    let query = "SET datafusion.execution.batch_size = 1024;
        SET datafusion.execution.sort_spill_reservation_bytes = 1000000;
        EXPLAIN ANALYZE SELECT s FROM (
            SELECT repeat(CAST(value AS VARCHAR), 20) AS s FROM range(0, 200000)
        ) ORDER BY s DESC";
    let sort = |limit: &str| {
        let mut command = sql();
        command.args(["--partitions", "1", "--format", "csv"]);
        stdout(command.args(["--memory-limit", limit, "--query", query]))
    };
    let spilled = |plan: &str| plan.contains("spill_count=") && !plan.contains("spill_count=0");
    assert!(spilled(&sort("8M")), "{}", sort("8M"));
    assert!(!spilled(&sort("1G")), "{}", sort("1G"));
}

#[test]
fn closed_pipes_are_no_failure() {
    let query = "SELECT value FROM range(0, 100000)";
    for format in ["table", "csv", "ndjson"] {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let mut command = sql();
        command.args(["--format", format, "--query", query]);
        let output = command.stdout(writer).output().unwrap();
        assert!(output.status.success(), "{format}: {output:?}");
        assert_eq!(programs::stderr(&output), "", "{format}");
    }
}

#[test]
fn failures_after_a_closed_pipe_are_reported() {
    let folder = TempDir::new().unwrap();
    for format in ["table", "csv", "ndjson"] {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let mut command = sql();
        let query = "SELECT 1; COPY (SELECT 1 / (value - 1) FROM range(0, 3)) TO 'a.csv'";
        command.current_dir(&folder);
        command.args(["--format", format, "--query", query]);
        let error = error(command.stdout(writer));
        assert!(
            error.contains("statement 2: cannot write "),
            "{format}: {error}"
        );
        assert!(error.contains("Divide by zero"), "{format}: {error}");
    }
}

#[test]
fn errors_name_the_cause_once() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("images.csv"), "public_id\nok\n../no\n").unwrap();
    fs::write(folder.path().join("images.txt"), "").unwrap();
    fs::create_dir(folder.path().join("formats")).unwrap();
    fs::write(folder.path().join("formats/1.csv"), "n\n1\n").unwrap();
    fs::write(folder.path().join("formats/2.csv.gz"), "").unwrap();
    fs::write(folder.path().join("formats/3.ndjson"), "").unwrap();
    let cases: [(&[&str], &str); 14] = [
        (
            &["--query", "SELECT"],
            "sql parser error: Expected: an expression",
        ),
        (&["--query", ";"], "the query is empty"),
        (&["--query", "SELECT 1; SELECT a"], "statement 2: "),
        (
            &["--query", "SELECT * FROM images"],
            "table 'datafusion.public.images' not found",
        ),
        (
            &["--query", "SELECT * FROM 'no.csv'"],
            "no.csv: no such file",
        ),
        (
            &["--query", "SELECT * FROM './images.txt'"],
            "images.txt: unknown format",
        ),
        (
            &["--query", "SELECT 1", "--table", "t=no.csv"],
            "table `t`: no.csv: no such file",
        ),
        (
            &["--query", "SELECT * FROM 'ftp://h/a.csv'"],
            "the scheme `ftp` are not supported",
        ),
        (
            &["--query", "SELECT * FROM 'formats/'"],
            "formats/: files of several formats (.csv, .csv.gz, .ndjson); use a pattern",
        ),
        (
            &["--query", "SELECT 1", "--table", "t=formats"],
            "several formats",
        ),
        (&["--file", "no.sql"], "cannot read no.sql: No such file"),
        (
            &[
                "--query",
                "SELECT delivery_url(public_id) FROM 'images.csv'",
            ],
            "delivery_url: row 2 of the batch (public_id '../no')",
        ),
        (
            &["--query", "SELECT 1", "--scheduler", "127.0.0.1:1"],
            "cannot connect to the scheduler",
        ),
        (
            &["--query", "COPY (SELECT 1) TO '/proc/no/1.csv'"],
            "/proc/no",
        ),
    ];
    for (arguments, expected) in cases {
        let mut command = signing_sql();
        command.current_dir(&folder).args(arguments);
        let error = error(&mut command);
        assert!(error.contains(expected), "{arguments:?}: {error}");
    }
}

#[test]
fn secrets_of_urls_are_in_no_error() {
    let queries = [
        "SELECT * FROM 'https://alice:secret@h/a.csv?sig=x'",
        "SELECT * FROM 'https://alice:secret@h:port/a.csv?sig=x'",
        "COPY (SELECT 1) TO 'https://alice:secret@h/a.csv?sig=x'",
        "CREATE EXTERNAL TABLE t STORED AS CSV LOCATION 'https://alice:secret@h/a.csv?sig=x'",
    ];
    for query in queries {
        let error = error(sql().args(["--query", query]));
        let has_secret = ["alice", "secret", "sig"].map(|part| error.contains(part));
        assert_eq!(has_secret, [false; 3], "{error}");
    }
    let mut command = sql();
    command.args(["--table", "t=https://alice:secret@h/a.csv?sig=x"]);
    let error = error(command.args(["--query", "SELECT 1"]));
    assert!(
        !error.contains("secret") && !error.contains("sig"),
        "{error}"
    );
    assert!(error.contains("https://h"), "{error}");
}

#[test]
fn queries_without_signatures_need_no_keys() {
    let query = "SELECT 1 AS n";
    assert_eq!(
        stdout(sql().args(["--format", "csv", "--query", query])),
        "n\n1\n"
    );
    let query = "SELECT delivery_url('photo')";
    let error = error(sql().args(["--query", query]));
    assert!(error.contains("set CLOUDINARY_URL"), "{error}");
}

#[test]
fn invalid_fingerprints_are_rejected() {
    let programs = [
        env!("CARGO_BIN_EXE_image-sync-sql"),
        env!("CARGO_BIN_EXE_image-sync-scheduler"),
    ];
    for program in programs {
        for fingerprint in ["", "0123456789ABCDEF", "0123456789abcde"] {
            let mut command = programs::program(program);
            command.args(["--key-fingerprint", fingerprint]);
            let output = command.output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{output:?}");
            let error = programs::stderr(&output);
            let expected = "'--key-fingerprint <FINGERPRINT>': expected 16 digits";
            assert!(error.contains(expected), "{error}");
        }
    }
}

#[test]
fn other_keys_than_required_are_rejected() {
    let query = "SELECT delivery_url('photo')";
    let mut command = signing_sql();
    command.args(["--key-fingerprint", "0000000000000000", "--query", query]);
    let error = error(&mut command);
    assert!(error.contains("0000000000000000"), "{error}");
}
