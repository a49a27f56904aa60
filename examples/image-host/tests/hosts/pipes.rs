//! Standard output and standard error that their reader has closed.

use std::fs;
use std::io::pipe;
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::database::Database;
use crate::host::{RECORDED, USER};

tests! {
    sqlite: a_closed_standard_output_is_no_failure,
    sqlite: a_full_standard_output_is_a_failure,
    sqlite: an_unreadable_row_fails_with_closed_output,
    sqlite: a_host_without_a_reader_of_its_log_serves,
    sqlite: a_host_without_a_reader_of_its_output_serves,
}

/// Returns the writing end of a pipe without a reader.
fn closed() -> Stdio {
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    writer.into()
}

fn a_closed_standard_output_is_no_failure() {
    let database = Database::embedded();
    fs::write(database.path("recorded.json"), RECORDED).unwrap();
    for arguments in [
        &["--help"][..],
        &["migrate"],
        &["import", "recorded.json"],
        &["check"],
        &["token", "--user", USER],
        &["export", "--output", "all"],
    ] {
        let output = database.command(arguments).stdout(closed()).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        assert!(output.stderr.is_empty(), "{output:?}");
    }
    assert!(database.path("all").exists());
}

fn a_full_standard_output_is_a_failure() {
    let database = Database::embedded();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = database.command(&["token", "--user", USER]);
    let output = command.stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.starts_with("error: cannot write standard output: "),
        "{stderr}"
    );
}

fn an_unreadable_row_fails_with_closed_output() {
    let database = Database::embedded();
    database.stdout(&["check"], "");
    database.execute("UPDATE images SET record = '{}' WHERE position = 1");
    let output = database.command(&["check"]).stdout(closed()).output();
    assert_eq!(output.unwrap().status.code(), Some(1));
}

fn a_host_without_a_reader_of_its_log_serves() {
    let database = Database::embedded();
    for arguments in [&[][..], &["--json-log"]] {
        let log = tempfile::tempfile().unwrap();
        let host = database.host_with_log(arguments, closed(), log);
        for _ in 0..3 {
            assert_eq!(host.get("/healthz", &[]).status, 200);
            assert_eq!(host.get("/api/v1/image_syncs", &[]).status, 401);
            assert_eq!(host.images("").status, 200);
        }
    }
}

fn a_host_without_a_reader_of_its_output_serves() {
    let database = Database::embedded();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let mut command = database.command(&["serve", "--listen", &address.to_string()]);
    let mut process = command.stdout(closed()).spawn().unwrap();
    let started = Instant::now();
    while TcpStream::connect(address).is_err() {
        assert!(process.try_wait().unwrap().is_none(), "the host has ended");
        assert!(started.elapsed() < Duration::from_mins(1));
        thread::sleep(Duration::from_millis(20));
    }
    process.kill().unwrap();
    process.wait().unwrap();
}
