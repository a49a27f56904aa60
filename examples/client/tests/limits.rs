//! Tests of the running client with hosts that send too much, too slowly or something
//! else than a payload.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod host;
mod program;

use std::io::{BufRead, BufReader, Read};
use std::process::{Output, Stdio};
use std::time::Duration;

use crate::host::{Host, Reply};
use crate::program::{Client, IDS, RECORDED, TOKEN, lines, stderr};

/// Returns a payload of one image, without `]`, with a generated id.
fn image(number: u64) -> Vec<u8> {
    let (image, _) = RECORDED.split_once("},{\"id\":").unwrap();
    let id = format!("00000000-0000-4000-8000-{number:012x}");
    let image = image.trim_start_matches('[').replacen(IDS[1], &id, 1);
    format!("{image}}},").into_bytes()
}

/// Syncs with the arguments and returns the error.
fn error(client: &Client, host: &Host, arguments: &[&str]) -> String {
    let output = sync(client, host, arguments);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty());
    stderr(&output).to_owned()
}

fn sync(client: &Client, host: &Host, arguments: &[&str]) -> Output {
    let mut command = client.command(&host.url, TOKEN);
    command.args(arguments).output().unwrap()
}

#[test]
fn a_slow_payload_does_not_lock_the_copy() {
    let client = Client::new();
    let half_second = Duration::from_millis(500);
    let slow = Host::start(vec![Reply::endless("[", half_second, |_| b" ".to_vec())]);
    let fast = Host::start(vec![Reply::payload(RECORDED)]);
    let mut waiting = client
        .command(&slow.url, TOKEN)
        .args(["--image-timeout", "8", "--tries", "1"])
        .spawn()
        .unwrap();
    slow.wait_for_requests(1);
    let output = sync(&client, &fast, &[]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stderr(&output), client.location());
    assert!(waiting.try_wait().unwrap().is_none());
    let output = waiting.wait_with_output().unwrap();
    assert_eq!(
        stderr(&output),
        "error: images[0]: no image was received for 8 s (`--image-timeout`)\n"
    );
    client.assert_equals(RECORDED);
}

#[test]
fn the_time_of_a_sync_is_limited() {
    let client = Client::new();
    let tenth = Duration::from_millis(100);
    for (reply, start) in [
        (Reply::endless("[", tenth, image), "error: images["),
        // No bytes after a part of the body, or of the head.
        (Reply::payload(RECORDED).stall(6_000), "error: images["),
        (Reply::payload("[").stall_in_head(), "error: "),
    ] {
        // The host keeps the connection until the next request.
        let host = Host::start(vec![reply, Reply::payload("[]")]);
        let error = error(&client, &host, &["--sync-timeout", "2"]);
        assert!(error.starts_with(start), "{error}");
        let end = "the sync took longer than 2 s (`--sync-timeout`)\n";
        assert!(error.ends_with(end), "{error}");
    }
    assert!(client.copy().is_empty());
}

#[test]
fn retries_end_with_the_time_of_a_sync() {
    let client = Client::new();
    let host = Host::start(vec![Reply::status("503 Wait", "Retry-After: 100\r\n")]);
    let error = error(&client, &host, &["--sync-timeout", "60"]);
    assert_eq!(
        error,
        "error: the host responded with 503 Service Unavailable\n"
    );
}

#[test]
fn an_endless_payload_is_limited() {
    for (reply, arguments, expected) in [
        (
            Reply::endless("[", Duration::ZERO, image),
            ["--max-images", "1000"],
            "the payload has more than 1000 images (`--max-images`)",
        ),
        (
            Reply::endless("[", Duration::ZERO, image),
            ["--max-bytes", "1000000"],
            "the payload is longer than 1000000 bytes (`--max-bytes`)",
        ),
        (
            Reply::endless("[", Duration::ZERO, |_| b"5,".repeat(1_000)),
            ["--max-invalid", "100"],
            "more than 100 images of the payload are invalid (`--max-invalid`); \
             the first error: images[0]: invalid type: integer `5`, expected an image object",
        ),
        (
            Reply::endless("[", Duration::ZERO, |_| b"5,".repeat(1_000)),
            ["--tries", "8"],
            "more than 1000 images of the payload are invalid (`--max-invalid`)",
        ),
        (
            Reply::endless("[]", Duration::ZERO, |_| b" ".repeat(64 * 1024)),
            ["--tries", "8"],
            "images[0]: an image is longer than 16777216 bytes",
        ),
    ] {
        let client = Client::new();
        let host = Host::start(vec![Reply::payload(RECORDED), reply]);
        client.changes(&host);
        let error = error(&client, &host, &arguments);
        assert!(error.contains(expected), "{error}");
        client.assert_equals(RECORDED);
    }
}

#[test]
fn only_json_becomes_the_copy() {
    for (headers, expected) in [
        (
            &[][..],
            "the response has no content type: `application/json` is required",
        ),
        (
            &["Content-Type: text/html"],
            "the content type of the response is `text/html`: `application/json` is required",
        ),
        (
            &["Content-Type: application/json-patch+json"],
            "the content type of the response is `application/json-patch+json`: `application/json` is required",
        ),
        (
            &["Content-Type: application/json", "Content-Type: text/html"],
            "the content type of the response is `application/json, text/html`: `application/json` is required",
        ),
        (
            &["Content-Type: application/json", "Content-Encoding: br"],
            "the content encoding of the response is `br`: only `gzip` is supported",
        ),
    ] {
        let client = Client::new();
        let host = Host::start(vec![
            Reply::payload(RECORDED),
            Reply::with_headers(headers, b"[]"),
        ]);
        client.changes(&host);
        let error = error(&client, &host, &["--max-removed", "100"]);
        assert_eq!(error, format!("error: {expected}\n"));
        client.assert_equals(RECORDED);
    }
    for content_type in ["application/json", "Application/JSON ;charset=utf-8"] {
        let client = Client::new();
        let header = format!("Content-Type: {content_type}");
        let reply = Reply::with_headers(&[&header], RECORDED.as_bytes());
        client.changes(&Host::start(vec![reply]));
        client.assert_equals(RECORDED);
    }
}

#[test]
fn redirects_are_printed_and_not_followed() {
    let other = Host::start(vec![Reply::payload("[]")]);
    for status in [301, 302, 303, 307, 308] {
        let client = Client::new();
        let location = format!("Location: {}?token={TOKEN}", other.url);
        let host = Host::start(vec![
            Reply::payload(RECORDED),
            Reply::status(&format!("{status} Moved"), &location),
        ]);
        client.changes(&host);
        let error = error(&client, &host, &["--max-removed", "100"]);
        assert_eq!(
            error,
            format!(
                "error: the host redirected to `{}?token=...`: the client follows no \
                 redirects; use this URL if you trust it\n",
                other.url
            )
        );
        client.assert_equals(RECORDED);
    }
    assert!(other.requests().is_empty());
}

#[test]
fn a_large_removal_needs_an_option() {
    let client = Client::new();
    let (first, _) = RECORDED.split_once("},{\"id\":").unwrap();
    let one = format!("{first}}}]");
    let host = Host::start(vec![
        Reply::payload(RECORDED),
        Reply::payload("[]"),
        Reply::payload(&one),
        Reply::payload(&one),
        Reply::payload("[]"),
        Reply::payload("[]"),
    ]);
    client.changes(&host);
    assert_eq!(
        error(&client, &host, &[]),
        "error: the payload would remove 4 of 4 images, more than 50 % of the copy: \
         to remove them, use `--max-removed 100`\n"
    );
    let refused = error(&client, &host, &["--max-removed", "74"]);
    assert!(refused.contains("would remove 3 of 4 images"), "{refused}");
    client.assert_equals(RECORDED);
    let output = sync(&client, &host, &["--max-removed", "75"]);
    assert_eq!(lines(&output)[3], "1 images: 0 new, 0 changed, 3 gone");
    client.assert_equals(&one);
    let refused = error(&client, &host, &["--max-removed", "0"]);
    assert!(refused.contains("would remove 1 of 1 images"), "{refused}");
    let output = sync(&client, &host, &["--max-removed", "100"]);
    assert!(output.status.success());
    assert!(client.copy().is_empty());
}

#[test]
fn watch_continues_after_a_refused_removal() {
    let client = Client::new();
    let host = Host::start(vec![
        Reply::payload(RECORDED),
        Reply::payload("[]"),
        Reply::payload(RECORDED),
        Reply::status("401 Unauthorized", ""),
    ]);
    let output = sync(&client, &host, &["--watch", "1"]);
    assert_eq!(lines(&output).len(), 5 + 1);
    let errors = stderr(&output).strip_prefix(&client.location()).unwrap();
    assert_eq!(errors.lines().count(), 2, "{errors}");
    client.assert_equals(RECORDED);
}

#[test]
fn a_closed_pipe_is_not_a_failure() {
    let mut payload = b"[".to_vec();
    payload.extend((0..5_000).flat_map(image));
    payload.pop();
    payload.push(b']');
    let payload = String::from_utf8(payload).unwrap();
    for arguments in [&[][..], &["--watch", "1"]] {
        let client = Client::new();
        let host = Host::start(vec![Reply::payload(&payload)]);
        let mut process = client
            .command(&host.url, TOKEN)
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut output = BufReader::with_capacity(64, process.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        assert_eq!(line, "+ 00000000-0000-4000-8000-000000000000\n");
        drop(output);
        let mut errors = String::new();
        process
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut errors)
            .unwrap();
        assert!(process.wait().unwrap().success(), "{errors}");
        assert_eq!(errors, client.location());
        assert_eq!(client.copy().len(), 5_000);
    }
}

#[test]
fn four_clients_create_and_update_one_copy() {
    let client = Client::new();
    let hosts = [(); 4].map(|()| Host::start(vec![Reply::payload(RECORDED)]));
    let processes: Vec<_> = hosts
        .iter()
        .map(|host| client.command(&host.url, TOKEN).spawn().unwrap())
        .collect();
    let mut new = 0;
    let mut errors = String::new();
    for process in processes {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
        errors += stderr(&output);
        new += lines(&output).len() - 1;
    }
    assert_eq!(errors, client.location());
    // One of the clients added the images.
    assert_eq!(new, 4);
    client.assert_equals(RECORDED);
}

#[test]
fn invalid_limits_are_rejected() {
    let client = Client::new();
    for arguments in [
        ["--image-timeout", "0"],
        ["--sync-timeout", "18446744073709551615"],
        ["--max-removed", "101"],
        ["--max-images", "many"],
        ["--tries", "0"],
        ["--watch", "0"],
    ] {
        let mut command = client.command("http://127.0.0.1:1", TOKEN);
        let output = command.args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(arguments[0]), "{arguments:?}");
    }
}
