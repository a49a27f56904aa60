//! Tests of the running client, with scripted hosts that fail and with
//! `image-host`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod host;
mod program;

use std::collections::HashSet;
use std::fs;
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use rusqlite::Connection;

use crate::host::{Host, ImageHost, Reply};
use crate::program::{Client, IDS, RECORDED, TOKEN, lines, stderr};

fn added() -> [String; 4] {
    IDS.map(|id| format!("+ {id}"))
}

/// Returns the recorded payload without its first image and with a new name for
/// another image.
fn changed() -> String {
    let (removed, rest) = RECORDED.split_once(r#"},{"id":"#).unwrap();
    assert!(removed.contains(IDS[1]));
    let (before, changed) = rest.split_once(IDS[3]).unwrap();
    let changed = changed.replacen(r#""filename":"Super Image""#, r#""filename":"Été""#, 1);
    format!("[{{\"id\":{before}{}{changed}", IDS[3])
}

#[test]
fn the_copy_matches_the_host() {
    let client = Client::new();
    let host = Host::start(vec![
        Reply::payload(RECORDED),
        Reply::payload(RECORDED),
        Reply::chunked(&changed()),
        Reply::payload("[]"),
    ]);
    let mut all = added().to_vec();
    all.push("4 images: 4 new, 0 changed, 0 gone".to_owned());
    let first = client.sync(&host);
    assert_eq!(lines(&first), all);
    assert_eq!(stderr(&first), client.location());
    client.assert_equals(RECORDED);
    let second = client.sync(&host);
    assert_eq!(lines(&second), ["4 images: 0 new, 0 changed, 0 gone"]);
    assert_eq!(stderr(&second), "");
    assert_eq!(
        client.changes(&host),
        [
            format!("- {}", IDS[1]),
            format!("~ {}", IDS[3]),
            "3 images: 0 new, 1 changed, 1 gone".to_owned()
        ]
    );
    client.assert_equals(&changed());
    let last = client
        .command(&host.url, TOKEN)
        .args(["--max-removed", "100"])
        .output()
        .unwrap();
    assert!(last.status.success(), "{}", stderr(&last));
    assert_eq!(lines(&last)[3], "0 images: 0 new, 0 changed, 3 gone");
    client.assert_equals("[]");
    for request in host.requests() {
        let authorization = format!("authorization: Token token=\"{TOKEN}\"\r\n");
        assert!(request.contains(&authorization), "{request}");
    }
}

#[test]
fn images_with_one_id_count_once() {
    let client = Client::new();
    let payload = RECORDED.trim_start_matches('[').trim_end_matches(']');
    let host = Host::start(vec![Reply::payload(&format!("[{payload},{payload}]"))]);
    let mut all = added().to_vec();
    all.push("4 images: 4 new, 0 changed, 0 gone".to_owned());
    assert_eq!(client.changes(&host), all);
    client.assert_equals(RECORDED);
}

#[test]
fn transient_errors_are_retried() {
    let client = Client::new();
    let host = Host::start(vec![
        Reply::payload(RECORDED),
        Reply::status("503 Service Unavailable", "Retry-After: 1\r\n"),
        Reply::payload(&changed()).cut(6_000),
        Reply::chunked(&changed()).cut(6_000),
        Reply::payload("").cut(0),
        Reply::payload(&changed()),
    ]);
    client.changes(&host);
    let output = client.sync(&host);
    assert!(output.status.success());
    assert_eq!(host.requests().len(), 6);
    let errors = stderr(&output);
    assert_eq!(errors.lines().count(), 4, "{errors}");
    assert!(
        errors.starts_with("the host responded with 503 Service Unavailable; retrying in 1.0 s\n"),
        "{errors}"
    );
    assert_eq!(lines(&output).len(), 3);
    client.assert_equals(&changed());
}

#[test]
fn the_number_of_attempts_is_limited() {
    let client = Client::new();
    let host = Host::start(vec![
        Reply::payload(RECORDED),
        Reply::status("500 Internal Server Error", ""),
        Reply::status("502 Bad Gateway", ""),
    ]);
    client.changes(&host);
    let output = client
        .command(&host.url, TOKEN)
        .args(["--tries", "2"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(stderr(&output).ends_with("error: the host responded with 502 Bad Gateway\n"));
    client.assert_equals(RECORDED);
}

#[test]
fn permanent_errors_are_not_retried() {
    for (reply, error) in [
        (
            Reply::status("401 Unauthorized", ""),
            "the host rejected the token",
        ),
        (
            Reply::status("404 Not Found", ""),
            "the host responded with 404 Not Found",
        ),
        (
            Reply::payload("<html>"),
            "images: expected an array of images at line 1 column 1",
        ),
        (
            Reply::payload("{}"),
            "images: invalid type: map, expected a sequence at line 1 column 0",
        ),
    ] {
        let client = Client::new();
        let host = Host::start(vec![Reply::payload(RECORDED), reply]);
        client.changes(&host);
        let output = client.sync(&host);
        assert!(!output.status.success());
        assert_eq!(stderr(&output), format!("error: {error}\n"));
        assert!(output.stdout.is_empty());
        client.assert_equals(RECORDED);
    }
}

#[test]
fn an_invalid_image_prevents_removals() {
    let client = Client::new();
    let invalid = changed().replacen("\"crop_x\":", "\"crop_x\":null,\"crop-x\":", 1);
    let host = Host::start(vec![Reply::payload(RECORDED), Reply::payload(&invalid)]);
    client.changes(&host);
    let output = client.sync(&host);
    assert!(!output.status.success());
    let errors = stderr(&output);
    assert!(
        errors.contains("1 images of the payload are invalid"),
        "{errors}"
    );
    assert!(errors.contains("images[0].crop_x: "), "{errors}");
    assert_eq!(
        lines(&output),
        [
            format!("~ {}", IDS[3]),
            "3 images: 0 new, 1 changed, 0 gone".to_owned()
        ]
    );
    assert_eq!(client.copy().len(), 4);
}

/// With an invalid image, the images that are missing are not removed, so all valid
/// images can be new in a copy that is not empty.
#[test]
fn only_the_first_sync_prints_where_the_copy_is() {
    let client = Client::new();
    let (first, rest) = RECORDED.split_once("},{\"id\"").unwrap();
    let first = first.strip_prefix('[').unwrap();
    let (second, _) = rest.split_once("},{\"id\"").unwrap();
    let host = Host::start(vec![
        Reply::payload("[5]"),
        Reply::payload(&format!("[5,{first}}}]")),
        Reply::payload(&format!("[5,{{\"id\"{second}}}]")),
    ]);
    for (summary, prints) in [
        ("1 images: 0 new, 0 changed, 0 gone", false),
        ("2 images: 1 new, 0 changed, 0 gone", true),
        ("2 images: 1 new, 0 changed, 0 gone", false),
    ] {
        let output = client.sync(&host);
        assert_eq!(lines(&output).last().map(String::as_str), Some(summary));
        let errors = stderr(&output);
        assert_eq!(errors.contains(&client.location()), prints, "{errors}");
    }
    assert_eq!(client.copy().len(), 2);
}

#[test]
fn a_killed_client_leaves_the_copy_unchanged() {
    let client = Client::new();
    let host = Host::start(vec![
        Reply::payload(RECORDED),
        Reply::payload(&changed()).stall(6_000),
        Reply::chunked(&changed()).stall(8_000),
        Reply::payload(&changed()),
    ]);
    client.changes(&host);
    for requests in [2, 3] {
        let mut killed = client.command(&host.url, TOKEN).spawn().unwrap();
        host.wait_for_requests(requests);
        // The client is now reading the incomplete body.
        thread::sleep(Duration::from_millis(100));
        killed.kill().unwrap();
        killed.wait().unwrap();
        client.assert_equals(RECORDED);
    }
    assert_eq!(client.changes(&host).len(), 3);
    client.assert_equals(&changed());
}

#[test]
fn watch_continues_after_transient_errors() {
    let client = Client::new();
    let host = Host::start(vec![
        Reply::payload(RECORDED),
        Reply::status("503 Service Unavailable", ""),
        Reply::payload(&changed()),
        Reply::status("401 Unauthorized", ""),
    ]);
    let output = client
        .command(&host.url, TOKEN)
        .args(["--watch", "1", "--tries", "1"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert_eq!(lines(&output).len(), 5 + 3);
    assert_eq!(
        stderr(&output),
        client.location()
            + "error: the host responded with 503 Service Unavailable\n\
               error: the host rejected the token\n"
    );
    client.assert_equals(&changed());
}

#[test]
fn watch_continues_after_an_unusable_response() {
    let client = Client::new();
    let unusable = [
        Reply::with_headers(&["Content-Type: text/html"], b"<html>maintenance</html>"),
        Reply::status("302 Found", "Location: https://login.example/\r\n"),
        Reply::status("404 Not Found", ""),
        Reply::payload("{\"error\":\"maintenance\"}"),
    ];
    let count = unusable.len();
    let mut replies = vec![Reply::payload(RECORDED)];
    replies.extend(unusable);
    replies.push(Reply::payload(&changed()));
    replies.push(Reply::status("401 Unauthorized", ""));
    let host = Host::start(replies);
    let output = client
        .command(&host.url, TOKEN)
        .args(["--watch", "1", "--tries", "1"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let errors: Vec<_> = stderr(&output).lines().collect();
    assert_eq!(errors.len(), 1 + count + 1, "{errors:?}");
    assert_eq!(errors[1 + count], "error: the host rejected the token");
    client.assert_equals(&changed());
}

#[test]
fn a_table_of_another_program_is_not_changed() {
    for table in [
        "CREATE TABLE images (id TEXT NOT NULL PRIMARY KEY, album_id TEXT, record TEXT NOT NULL)",
        "CREATE TABLE images (id TEXT)",
        "CREATE VIEW images AS SELECT 1 AS id",
    ] {
        let client = Client::new();
        let file = client.0.path().join("images.sqlite");
        Connection::open(&file)
            .unwrap()
            .execute_batch(table)
            .unwrap();
        let before = fs::read(&file).unwrap();
        let host = Host::start(vec![]);
        let output = client.sync(&host);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(
            stderr(&output),
            "error: cannot open images.sqlite: its table `images` has other columns than a copy \
             of this version; choose another file with `--database`\n"
        );
        assert_eq!(fs::read(&file).unwrap(), before);
    }
}

#[test]
fn the_copy_may_have_any_file_name() {
    let client = Client::new();
    for name in [":memory:", "file:a?mode=memory", "a b", "a%20b", "-a"] {
        let host = Host::start(vec![Reply::payload(RECORDED)]);
        let mut command = client.command(&host.url, TOKEN);
        let output = command.arg(format!("--database={name}")).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        let copy = Connection::open(client.0.path().join(name)).unwrap();
        let count = "SELECT count(*) FROM images";
        let images: i64 = copy.query_row(count, [], |row| row.get(0)).unwrap();
        assert_eq!(images, 4);
    }
}

#[test]
fn an_unreachable_or_invalid_host_is_named() {
    let client = Client::new();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    for (url, start) in [
        (
            format!("http://user:password@{address}/api"),
            format!("error: no response from {address}: "),
        ),
        (
            "127.0.0.1:3000/api".to_owned(),
            "error: invalid URL `127.0.0.1:3000/api`: expected `https://".to_owned(),
        ),
    ] {
        let mut command = client.command(&url, TOKEN);
        let output = command.args(["--tries", "1"]).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).starts_with(&start), "{}", stderr(&output));
    }
}

#[test]
fn a_locked_copy_is_retried() {
    let client = Client::new();
    let host = Host::start((0..3).map(|_| Reply::payload(RECORDED)).collect());
    client.changes(&host);
    let other = Connection::open(client.0.path().join("images.sqlite")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let waiting = client.command(&host.url, TOKEN).spawn().unwrap();
    host.wait_for_requests(2);
    // Longer than the client waits in one attempt.
    thread::sleep(Duration::from_secs(6));
    other.execute_batch("ROLLBACK").unwrap();
    let output = waiting.wait_with_output().unwrap();
    assert!(output.status.success());
    let errors = stderr(&output);
    assert!(
        errors.starts_with("cannot update the copy: database is locked; "),
        "{errors}"
    );
    assert_eq!(lines(&output), ["4 images: 0 new, 0 changed, 0 gone"]);
}

#[test]
fn tokens_are_not_printed() {
    let client = Client::new();
    let host = Host::start(vec![
        Reply::status("503 Service Unavailable", "").echoing(),
        Reply::status("400 Bad Request", "").echoing(),
    ]);
    for (url, token) in [
        (&*host.url, TOKEN),
        ("http://127.0.0.1:1", TOKEN),
        ("no url", TOKEN),
        (&*host.url, "a b"),
    ] {
        let output = client
            .command(url, token)
            .args(["--tries", "2"])
            .output()
            .unwrap();
        assert!(!output.status.success());
        let errors = stderr(&output);
        assert!(errors.contains("error: "), "{errors}");
        assert!(!errors.contains(token), "{errors}");
    }
}

#[test]
fn the_copy_matches_image_host() {
    let host = ImageHost::start(&["--images", "3000"]);
    let client = Client::new();
    let url = format!("{}/api/v1/image_syncs", host.url);
    let sync = || {
        let output = client.command(&url, &host.token).output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        lines(&output).pop().unwrap()
    };
    assert_eq!(sync(), "3004 images: 3004 new, 0 changed, 0 gone");
    assert_eq!(sync(), "3004 images: 0 new, 0 changed, 0 gone");
    host.execute("DELETE FROM images WHERE id = '14126dd5-efd5-42d5-9bc3-faab45cf9bbf'");
    host.execute(
        "UPDATE images SET record = replace(record, 'roof 7', 'wall 7') WHERE record LIKE '%\"roof 7\"%'",
    );
    assert_eq!(sync(), "3003 images: 0 new, 1 changed, 1 gone");
}

#[test]
fn an_error_prints_each_message_once() {
    let client = Client::new();
    let host = Host::start(vec![
        Reply::payload(RECORDED).cut(6_000),
        Reply::payload("[5]"),
    ]);
    for (url, arguments, start) in [
        (&*host.url, &["--tries", "1"][..], "images["),
        (
            &host.url,
            &["--tries", "1"],
            "1 images of the payload are invalid",
        ),
        ("http://127.0.0.1:1", &["--tries", "1"], ""),
        ("no url", &[], ""),
        (&host.url, &["--database", "."], "cannot open .: "),
    ] {
        let mut command = client.command(url, TOKEN);
        let output = command.args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let error = stderr(&output).strip_prefix("error: ").unwrap().trim_end();
        assert!(error.starts_with(start), "{error}");
        let mut parts = HashSet::new();
        assert!(error.split(": ").all(|part| parts.insert(part)), "{error}");
    }
}
