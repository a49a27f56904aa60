//! Tests of the program `api_signature`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Output, Stdio};
use std::thread;

use serde_json::{Value, json};

use self::program::{error, example, output, stderr};

const CALLS: &str = include_str!("../../crates/url-signer/tests/data/api_calls.jsonl");

const DEMO: [(&str, &str); 1] = [("CLOUDINARY_URL", "cloudinary://key:abcd@demo")];

/// Returns the program with these variables and without the variables of another account.
fn program(vars: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut command = example("api_signature");
    for (variable, _) in env::vars_os() {
        if variable.to_string_lossy().starts_with("CLOUDINARY_") {
            command.env_remove(variable);
        }
    }
    command.envs(vars.iter().copied()).args(arguments);
    command
}

fn batch(vars: &[(&str, &str)], input: &[u8]) -> Output {
    output(&mut program(vars, &["batch"]), input)
}

fn lines(output: &Output) -> Vec<&str> {
    str::from_utf8(&output.stdout).unwrap().lines().collect()
}

/// Returns the answer to a call for the account `demo`, without warnings.
fn answer(call: &Value) -> String {
    let output = batch(&DEMO, format!("{call}\n").as_bytes());
    assert_eq!(stderr(&output), "");
    let lines = lines(&output);
    assert_eq!(lines.len(), 1);
    assert_eq!(output.status.success(), !lines[0].starts_with("error: "));
    lines[0].to_owned()
}

#[test]
fn answers_equal_the_sdks() {
    let cases: Vec<Value> = CALLS
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let input: Vec<_> = cases.iter().map(|case| case["input"].to_string()).collect();
    let output = batch(&DEMO, input.join("\n").as_bytes());
    let lines = lines(&output);
    assert_eq!(lines.len(), 2238);
    for (line, case) in lines.iter().zip(&cases) {
        assert_eq!(*line, case["answer"], "{case}");
    }
    assert!(output.status.success());
    // The SDKs ignore unknown options silently.
    let warnings = stderr(&output).lines();
    let unknown = cases
        .iter()
        .filter(|case| case["input"]["options"].get("unknown").is_some());
    assert_eq!(warnings.count(), unknown.count());
}

#[test]
fn settings_of_a_line_replace_those_of_the_account() {
    let url = "cloudinary://key:abcd@demo?signature_algorithm=sha256&signature_version=1";
    let sign = |url: &str, settings: Value| {
        let mut call = json!({ "call": "sign_parameters", "parameters": { "tags": "a&b" } });
        let settings = settings.as_object().unwrap().clone();
        call.as_object_mut().unwrap().extend(settings);
        let output = batch(&[("CLOUDINARY_URL", url)], call.to_string().as_bytes());
        lines(&output)[0].to_owned()
    };
    let sha1 = json!({ "algorithm": "sha1", "signature_version": 2 });
    let sha256 = json!({ "algorithm": "sha256", "signature_version": 1 });
    let none = json!({ "algorithm": null, "signature_version": null });
    assert_eq!(sign(url, sha1.clone()), sign(DEMO[0].1, none.clone()));
    assert_eq!(sign(url, none), sign(DEMO[0].1, sha256));
    assert_ne!(sign(url, sha1), sign(url, json!({})));
}

#[test]
fn timestamps_in_the_future_are_rejected() {
    // SHA-1 of `{}`, the timestamp and `abcd`, by `sha1sum`.
    for (timestamp, signature, expected) in [
        (
            "1700000300",
            "d0d9498d261fbfa5d365a9feb1e174186d55870a",
            "true",
        ),
        (
            "1700000301",
            "dae1738962fb57276b6581d5b7e01401a5adef05",
            "false",
        ),
        (
            "01700000000",
            "4d98d35bd7137291089d752f6a35a0b643dd2d32",
            "false",
        ),
    ] {
        let call = json!({
            "call": "verify_notification", "body": "{}", "timestamp": timestamp,
            "signature": signature, "now": 1_700_000_000,
        });
        assert_eq!(answer(&call), expected, "{timestamp}");
    }
}

#[test]
fn errors_name_what_is_wrong() {
    let verify = |changes: Value| {
        let mut call = json!({
            "call": "verify_notification", "body": "{}", "timestamp": 1, "signature": "", "now": 1,
        });
        let changes = changes.as_object().unwrap().clone();
        call.as_object_mut().unwrap().extend(changes);
        call
    };
    let response = |version: Value| json!({ "call": "verify_response", "public_id": "a", "version": version, "signature": "" });
    let sign = |parameters: Value| json!({ "call": "sign_parameters", "parameters": parameters });
    for (call, expected) in [
        (json!({}), "`call` is missing"),
        (json!({ "call": null }), "`call` is missing"),
        (json!({ "call": 1 }), "invalid `call`: expected a text"),
        (json!({ "call": "a\u{1b}b" }), r"unknown `call`: `a\u{1b}b`"),
        (
            json!({ "call": "verify_notification" }),
            "`body` is missing",
        ),
        (
            verify(json!({ "body": {} })),
            "invalid `body`: expected a text",
        ),
        (
            verify(json!({ "timestamp": null })),
            "`timestamp` is missing",
        ),
        (
            verify(json!({ "timestamp": true })),
            "invalid `timestamp`: expected a text or a number",
        ),
        (
            verify(json!({ "now": "1" })),
            "invalid `now`: expected an integer",
        ),
        (
            verify(json!({ "now": 1.5 })),
            "invalid `now`: expected an integer",
        ),
        (
            verify(json!({ "now": 1e300 })),
            "invalid `now`: expected an integer",
        ),
        (
            verify(json!({ "valid_for": -1 })),
            "invalid `valid_for`: expected a number of seconds",
        ),
        (
            verify(json!({ "signature": 1 })),
            "invalid `signature`: expected a text",
        ),
        (
            verify(json!({ "algorithm": "md5" })),
            "invalid signature algorithm: expected `sha1` or `sha256`",
        ),
        (
            verify(json!({ "signature_version": 3 })),
            "invalid `signature_version`: expected 1 or 2",
        ),
        (
            response(json!("v1")),
            "invalid `version`: expected an integer that is not negative",
        ),
        (
            response(json!(-1)),
            "invalid `version`: expected an integer that is not negative",
        ),
        (
            json!({ "call": "verify_response", "public_id": "a", "version": 1 }),
            "`signature` is missing",
        ),
        (
            json!({ "call": "verify_response", "public_id": "a", "signature": "" }),
            "`version` is missing",
        ),
        (
            json!({ "call": "sign_parameters" }),
            "`parameters` is missing",
        ),
        (sign(json!([])), "invalid `parameters`: expected an object"),
        (
            sign(json!({ "a": {} })),
            "invalid `a`: expected a text, a number, a boolean or a list of these",
        ),
        (
            sign(json!({ "a": ["b", null] })),
            "invalid `a`: expected a text, a number, a boolean or a list of these",
        ),
        (
            sign(json!({ "a=b": "c" })),
            "invalid parameter name: `=` is not allowed",
        ),
        (sign(json!({ "": "c" })), "invalid parameter name: empty"),
    ] {
        assert_eq!(answer(&call), format!("error: {expected}"), "{call}");
    }
}

#[test]
fn download_errors_name_the_option() {
    let download = |kind: &str, options: Value| json!({ "call": "download_url", "kind": kind, "options": options });
    for (call, expected) in [
        (json!({ "call": "download_url" }), "`kind` is missing"),
        (
            json!({ "call": "download_url", "kind": "archive" }),
            "`options` is missing",
        ),
        (
            download("zip", json!({ "timestamp": 1 })),
            "unknown `kind`: expected `private`, `archive`, `folder` or `backup`, not `zip`",
        ),
        (download("archive", json!({})), "`timestamp` is missing"),
        (
            download("archive", json!({ "timestamp": "now" })),
            "invalid `timestamp`: expected Unix seconds",
        ),
        (
            download("archive", json!({ "timestamp": 1, "tags": {} })),
            "invalid `tags`: expected a text, a number, a boolean or a list of these",
        ),
        (
            download("archive", json!({ "timestamp": 1, "async": [] })),
            "invalid `async`: expected a boolean",
        ),
        (
            download("archive", json!({ "timestamp": 1, "transformations": 1 })),
            "invalid `transformations`: expected a text or an object",
        ),
        (
            download("archive", json!({ "timestamp": 1, "cloud_name": "other" })),
            "`cloud_name` is not the name of the account",
        ),
        (
            download("folder", json!({ "timestamp": 1 })),
            "`folder_path` is missing",
        ),
        (
            download("private", json!({ "timestamp": 1 })),
            "`public_id` is missing",
        ),
        (
            download("backup", json!({ "timestamp": 1, "asset_id": "a" })),
            "`version_id` is missing",
        ),
    ] {
        assert_eq!(answer(&call), format!("error: {expected}"), "{call}");
    }
}

#[test]
fn bad_lines_do_not_stop_the_program() {
    let good = json!({ "call": "sign_parameters", "parameters": {} });
    let input = [
        &b""[..],
        b"x",
        b"[]",
        b"null",
        b"{",
        b"{\"call\":\"sign_parameters\",}",
        b"\xff\xfe",
        b"{\"call\":\"\xff\"}",
        b"\0",
        good.to_string().as_bytes(),
        b"{\"call\":\"\\ud800\"}",
        format!("  {good}\r").as_bytes(),
        "[".repeat(100_000).as_bytes(),
        format!("{{\"call\":{}", "[".repeat(100_000)).as_bytes(),
        good.to_string().as_bytes(),
    ]
    .join(&b"\n"[..]);
    let output = batch(&DEMO, &input);
    let lines = lines(&output);
    assert_eq!(lines.len(), 15);
    // SHA-1 of `abcd`, by `sha1sum`.
    let signature = "81fe8bfe87576c3ecb22426f8e57847382917acf";
    for (index, line) in lines.iter().enumerate() {
        if [9, 11, 14].contains(&index) {
            assert_eq!(*line, signature);
        } else {
            assert!(line.starts_with("error: "), "{line}");
            assert!(line.len() < 200, "{line}");
        }
    }
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stderr(&output), "");
}

#[test]
fn unused_keys_are_reported() {
    let call = json!({
        "call": "sign_parameters", "parameters": {}, "algoritm": "sha256", "a\nb": 1,
    });
    let output = batch(&DEMO, format!("\n{call}\n").as_bytes());
    assert_eq!(
        stderr(&output),
        "warning: line 2: `algoritm` is not used\nwarning: line 2: `a\\nb` is not used\n"
    );
}

#[test]
fn both_spellings_of_a_folder_are_accepted() {
    let url = |options: Value| {
        answer(&json!({ "call": "download_url", "kind": "folder", "options": options }))
    };
    let expected = url(json!({ "timestamp": 1, "folder_path": "a/" }));
    assert!(expected.starts_with("https://api.cloudinary.com/v1_1/demo/all/generate_archive?"));
    assert_eq!(url(json!({ "timestamp": 1, "folder": "a/" })), expected);
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let mut child = program(&DEMO, &["batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = thread::spawn(move || {
        let line = json!({ "call": "sign_parameters", "parameters": {} });
        // Fails when the program ends.
        (0..100_000).try_for_each(|_| writeln!(stdin, "{line}"))
    });
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    assert_eq!(first, "81fe8bfe87576c3ecb22426f8e57847382917acf\n");
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(stderr(&output), "");
    assert!(writer.join().unwrap().is_err());
}

#[test]
fn accounts_without_a_secret_or_a_key_are_errors() {
    let output = batch(&[], b"");
    assert_eq!(
        error(&output),
        "neither `CLOUDINARY_URL` nor `CLOUDINARY_CLOUD_NAME` is set"
    );
    assert_eq!(output.status.code(), Some(1));
    let output = batch(&[("CLOUDINARY_URL", "cloudinary://demo")], b"");
    assert_eq!(error(&output), "configuration has no API secret");

    // Verification needs no key.
    let without_key = [("CLOUDINARY_URL", "cloudinary://:abcd@demo")];
    let input = [
        json!({ "call": "sign_parameters", "parameters": {} }),
        json!({ "call": "verify_response", "public_id": "a", "version": 1, "signature": null }),
    ];
    let input = input.map(|line| line.to_string()).join("\n");
    let output = batch(&without_key, input.as_bytes());
    assert_eq!(
        lines(&output),
        [
            "error: API key is not set; use `Cloud::with_api_key` or `CLOUDINARY_URL`",
            "false",
        ]
    );
}

#[test]
fn help_describes_the_calls() {
    let help = |arguments: &[&str]| {
        let output = output(&mut program(&[], arguments), b"");
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(help(&["--help"]).contains("CLOUDINARY_URL=cloudinary://<key>:<secret>@<cloud>"));
    let batch = help(&["batch", "--help"]);
    for call in [
        "sign_parameters",
        "verify_notification",
        "verify_response",
        "download_url",
    ] {
        assert!(batch.contains(call), "{batch}");
    }
}

#[test]
fn output_contains_no_secret() {
    let secret = "s3cr3t-t0k3n";
    let url = format!("cloudinary://key:{secret}@demo?unknown=1");
    let input = [
        json!({ "call": "sign_parameters", "parameters": { "a": "b" } }),
        json!({ "call": "download_url", "kind": "archive", "options": { "timestamp": 1 } }),
        json!({ "call": "download_url", "kind": "archive", "options": {} }),
        json!({ "call": "verify_response", "public_id": "a", "version": 1, "signature": "b" }),
    ];
    let input = input.map(|line| line.to_string()).join("\n");
    let output = batch(&[("CLOUDINARY_URL", &url)], input.as_bytes());
    assert_eq!(lines(&output).len(), 4);
    assert!(!String::from_utf8_lossy(&output.stdout).contains(secret));
    assert!(!stderr(&output).contains(secret));
}
