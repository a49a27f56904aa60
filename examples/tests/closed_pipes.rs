//! Programs whose standard output nobody reads, as after `… | head -1`.

#![allow(clippy::unwrap_used, reason = "tests")]

mod program;

use std::fs::File;

use self::program::{error, example, output_to_closed_pipe, stderr};

const URL: &str = "https://res.cloudinary.com/demo/image/upload/s--bm9rWEpn--/v1/folder/test";
const OPTIONS: &str = "?auth_token[key]=00112233FF99&auth_token[duration]=300";

/// Returns the exit status, and checks that no error is printed.
fn status(program: &str, arguments: &[&str], input: &[u8]) -> Option<i32> {
    let mut command = example(program);
    command
        .args(arguments)
        .env(
            "CLOUDINARY_URL",
            format!("cloudinary://key:abcd@demo{OPTIONS}"),
        )
        .env("PROXY_KEY", "proxy key")
        .env("THUMBNAIL_KEY", "thumbnail key");
    let output = output_to_closed_pipe(&mut command, input);
    let errors = stderr(&output);
    assert!(
        !errors.contains("error") && !errors.contains("panicked"),
        "{errors}"
    );
    output.status.code()
}

#[test]
fn a_closed_pipe_is_no_failure() {
    for (program, arguments) in [
        ("delivery_url", &["sign", "folder/image"][..]),
        ("delivery_url", &["sign", "folder/image", "--token"]),
        ("delivery_url", &["verify", URL]),
        ("delivery_url", &["explain", URL]),
        (
            "delivery_url",
            &["token", "sign", "--acl", "/*", "--duration", "5"],
        ),
        ("delivery_url", &["--help"]),
        ("sync_payload", &[]),
        ("sync_payload", &["--pretty"]),
        ("configuration", &[]),
        ("host_payload", &[]),
        ("read_payload", &[]),
        ("verify_thumbnail", &[]),
    ] {
        assert_eq!(
            status(program, arguments, b""),
            Some(0),
            "{program} {arguments:?}"
        );
    }
}

#[test]
fn a_closed_pipe_does_not_hide_a_rejection() {
    for arguments in [
        &[
            "verify",
            "https://res.cloudinary.com/demo/image/upload/s--AAAAAAAA--/a",
        ][..],
        &["explain", "no url"],
        &["token", "verify", "__cld_token__=x", "--path", "/a"],
    ] {
        assert_eq!(
            status("delivery_url", arguments, b""),
            Some(1),
            "{arguments:?}"
        );
    }
}

#[test]
fn batch_ends_when_its_pipe_is_closed() {
    let line = b"{\"public_id\":\"a\",\"options\":{\"sign_url\":true,\"auth_token\":false}}\n";
    for lines in [1, 50_000] {
        assert_eq!(
            status("delivery_url", &["batch"], &line.repeat(lines)),
            Some(0)
        );
    }
}

#[test]
fn a_full_disk_is_a_failure() {
    for (program, arguments) in [("delivery_url", &["sign", "a"][..]), ("sync_payload", &[])] {
        let mut command = example(program);
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = command
            .args(arguments)
            .env("CLOUDINARY_URL", "cloudinary://key:abcd@demo")
            .env("PROXY_KEY", "proxy key")
            .env("THUMBNAIL_KEY", "thumbnail key")
            .stdout(full)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(error(&output).starts_with("cannot write standard output: "));
    }
}
