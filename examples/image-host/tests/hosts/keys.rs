//! Keys that are missing, public or weak, and other invalid settings.

use crate::database::Database;
use crate::host::USER;

tests! {
    sqlite: each_demo_key_in_use_is_warned_about_once,
    sqlite: public_keys_need_a_loopback_address,
    sqlite: blank_keys_and_trailing_newlines_are_rejected,
    sqlite: invalid_settings_are_named,
}

const KEYS: [&str; 4] = ["CLOUDINARY_URL", "PROXY_KEY", "THUMBNAIL_KEY", "TOKEN_KEY"];

const DEMO: [&str; 4] = [
    "cloudinary://demo:demo-secret@sadaasdasd",
    "demo-proxy-key",
    "demo-thumbnail-key",
    "demo-token-key, known to everybody",
];

fn each_demo_key_in_use_is_warned_about_once() {
    let database = Database::embedded();
    for (key, demo) in KEYS.iter().zip(DEMO) {
        for (value, warning) in [
            (None, "is not set; using its demo value"),
            (Some(demo), "has its public demo value"),
        ] {
            let mut command = database.command(&["export", "--output", "all"]);
            if *key == "TOKEN_KEY" {
                command = database.command(&["token", "--user", USER]);
            }
            command.env_remove(key);
            command.envs(value.map(|value| (key, value)));
            let output = command.output().unwrap();
            assert!(output.status.success(), "{output:?}");
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert_eq!(stderr, format!("warning: {key} {warning}\n"));
        }
    }
}

fn public_keys_need_a_loopback_address() {
    let database = Database::embedded();
    for (key, demo) in KEYS.iter().zip(DEMO) {
        for address in ["0.0.0.0:0", "[::]:0", "[::ffff:0.0.0.0]:0"] {
            let output = database.output_with(&["serve", "--listen", address], &[(key, demo)], "");
            assert_eq!(output.status.code(), Some(1), "{output:?}");
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert_eq!(
                stderr,
                format!("error: {key} has its public demo value, which needs a loopback address\n")
            );
        }
    }
}

fn blank_keys_and_trailing_newlines_are_rejected() {
    let database = Database::embedded();
    let long = format!("{}\n", "k".repeat(40));
    let blank = " ".repeat(40);
    for key in ["PROXY_KEY", "THUMBNAIL_KEY", "TOKEN_KEY"] {
        for (value, error) in [
            (&long, "ends with a newline; remove the newline"),
            (&blank, "is blank"),
        ] {
            let output = database.output_with(&["serve"], &[(key, value)], "");
            assert_eq!(output.status.code(), Some(1), "{output:?}");
            let stderr = String::from_utf8(output.stderr).unwrap();
            let expected = format!("error: environment variable `{key}` {error}\n");
            assert_eq!(stderr, expected);
        }
    }
    let export = ["export", "--output", "all"];
    for key in ["PROXY_KEY", "THUMBNAIL_KEY"] {
        let quoted = format!("\"{}\"", "k".repeat(40));
        let output = database.output_with(&export, &[(key, &quoted)], "");
        assert!(output.status.success(), "{output:?}");
        assert_eq!(
            String::from_utf8(output.stderr).unwrap(),
            format!(
                "warning: {key} is probably not the intended key: it starts or ends with a quotation mark\n"
            )
        );
    }
    let output = database.output_with(&export, &[("PROXY_KEY", "short")], "");
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "warning: PROXY_KEY is short; use at least 32 random bytes\n"
    );
}

fn invalid_settings_are_named() {
    let database = Database::embedded();
    for (url, start) in [
        ("", "DATABASE_URL is empty"),
        ("images", "DATABASE_URL: invalid URL: "),
        ("pass-word@db:5432/a", "DATABASE_URL: invalid URL: "),
        (
            "host=db password=pass-word:1",
            "DATABASE_URL: invalid URL: ",
        ),
        ("mysql://a/b", "DATABASE_URL: unexpected scheme `mysql`"),
        (
            "sqlite://a?key=pass-word",
            "DATABASE_URL: invalid URL: unexpected query; ",
        ),
        (
            "postgres://127.0.0.1/a?sslmode=x",
            "DATABASE_URL: invalid URL: ",
        ),
        (
            "postgres://user:pass-word@127.0.0.1:1/a",
            "DATABASE_URL: cannot connect to the database: ",
        ),
    ] {
        let migrate = ["migrate", "--pool-wait-ms", "100"];
        let output = database.output_with(&migrate, &[("DATABASE_URL", url)], "");
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.starts_with(&format!("error: {start}")), "{stderr}");
        assert!(!stderr.contains("pass-word"), "{stderr}");
    }
    let output = database.output(&["migrate", "--connections", "0"], "");
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("--connections"), "{stderr}");
}
