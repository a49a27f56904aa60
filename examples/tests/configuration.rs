//! Tests of the program `configuration`.

#![allow(clippy::unwrap_used, dead_code, reason = "tests")]

mod program;

use std::fs;
use std::process::Output;

use self::program::{example, output, stderr};

const CONFIGURATION: &str = include_str!("../configuration.toml");

/// Runs the program with this configuration file.
fn run(configuration: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("host.toml");
    fs::write(&file, configuration).unwrap();
    output(example("configuration").arg(file), b"")
}

#[test]
fn a_configuration_is_loaded_from_toml() {
    let default = output(&mut example("configuration"), b"");
    assert!(default.status.success(), "{}", stderr(&default));
    assert_eq!(run(CONFIGURATION).stdout, default.stdout);
    let printed = str::from_utf8(&default.stdout).unwrap();
    assert!(printed.contains("cloud: demo\nproxy host: proxy.example.org\n"));
    assert!(!printed.contains("placeholder"));
}

#[test]
fn an_error_names_the_line_and_shows_no_key() {
    for (from, to, error) in [
        ("cloudinary://", "https://", "line 6: "),
        ("app_host", "no_host", "unknown field `no_host`"),
        (
            "app_host = \"app.example.org\"",
            "",
            "missing field `app_host`",
        ),
        (
            "\"proxy.example.org\"",
            "\"https://placeholder\"",
            "line 12: ",
        ),
        (
            "\"placeholder-thumbnail-key\"",
            "\"placeholder",
            "line 17: ",
        ),
        (
            "\"placeholder-thumbnail-key\"",
            "placeholder-thumbnail-key",
            "line 17: ",
        ),
        ("\"placeholder-thumbnail-key\"", "12345", "line 17: "),
        ("[\"placeholder-new", "[7, \"placeholder-new", "line 16: "),
    ] {
        assert!(CONFIGURATION.contains(from), "{from}");
        let output = run(&CONFIGURATION.replacen(from, to, 1));
        assert_eq!(output.status.code(), Some(1));
        let printed = stderr(&output);
        assert!(printed.contains(error), "{printed}");
        for key in ["placeholder-", "12345"] {
            assert!(!printed.contains(key), "{printed}");
        }
    }
}
