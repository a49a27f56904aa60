//! Error messages of the program.

use std::collections::HashSet;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::os::unix::net::UnixListener;

use crate::database::{Database, Engine};

tests! {
    both: an_error_prints_each_message_once,
    sqlite: the_file_of_the_database_may_have_any_name,
    sqlite: an_unusable_database_is_named,
    sqlite: an_export_replaces_only_regular_files,
    sqlite: a_missing_database_is_created_with_a_warning,
    sqlite: an_invalid_log_level_is_reported,
}

fn the_file_of_the_database_may_have_any_name() {
    for name in [
        "a b",
        "a?b",
        "a%20b",
        "a#b",
        "a:b",
        "a@b",
        "[a",
        "a\\b",
        "Ä",
        ":memory:",
        "-a",
        "a?mode=ro",
        "./c d",
        "folder/../e f",
    ] {
        let database = Database::embedded();
        let file = database.path(name);
        std::fs::create_dir(database.path("folder")).unwrap();
        let absolute = format!("/{}", file.display());
        for argument in [name, &absolute] {
            let argument = format!("--database={argument}");
            // `check` creates the file.
            let printed = database.stdout(&["check", &argument], "");
            assert_eq!(printed, "4 images can be read\n");
            assert!(file.exists(), "{name}");
        }
    }
}

fn an_unusable_database_is_named() {
    let database = Database::embedded();
    std::fs::write(database.path("text"), "not a database".repeat(1_000)).unwrap();
    for file in ["no/such/folder/a", ".", "text"] {
        for command in ["serve", "check", "migrate"] {
            let output = database.output(&[command, "--database", file], "");
            assert_eq!(output.status.code(), Some(1), "{output:?}");
            let stderr = String::from_utf8(output.stderr).unwrap();
            let start = format!("error: cannot open {file}: cannot connect to the database: ");
            assert!(stderr.starts_with(&start), "{stderr}");
        }
    }
}

fn an_export_replaces_only_regular_files() {
    let database = Database::embedded();
    let socket = database.path("socket");
    let _listener = UnixListener::bind(&socket).unwrap();
    std::fs::create_dir(database.path("folder")).unwrap();
    for (output, error) in [
        ("socket", "cannot write socket: not a regular file"),
        ("folder", "cannot write folder: not a regular file"),
        (
            "-",
            "cannot export to standard output: name a file, such as `./-`",
        ),
    ] {
        let output = database.output(&["export", "--output", output], "");
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.ends_with(&format!("error: {error}\n")), "{stderr}");
    }
    let kind = std::fs::symlink_metadata(&socket).unwrap().file_type();
    assert!(kind.is_socket());
    assert!(!database.path("-").exists());
    // The link remains, and its target is replaced.
    std::fs::write(database.path("target"), "old").unwrap();
    symlink("target", database.path("link")).unwrap();
    database.stdout(&["export", "--output", "link"], "");
    assert!(database.path("link").is_symlink());
    let exported = std::fs::read_to_string(database.path("target")).unwrap();
    assert_eq!(exported.lines().count(), 4);
}

fn a_missing_database_is_created_with_a_warning() {
    let database = Database::embedded();
    let warning = "warning: absent did not exist; created it with the recorded images\n";
    for expected in [true, false] {
        let output = database.output(&["check", "--database", "absent"], "");
        assert!(output.status.success(), "{output:?}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(stderr.contains(warning), expected, "{stderr}");
    }
}

fn an_invalid_log_level_is_reported() {
    for (level, expected) in [("!!bad=x=y", true), ("", false), ("debug", false)] {
        let database = Database::embedded();
        // The address cannot be bound, so that the host ends.
        let arguments = ["serve", "--listen", "8.8.8.8:1"];
        let variables = [("RUST_LOG", level)];
        let output = database.output_with(&arguments, &variables, "");
        let stderr = String::from_utf8(output.stderr).unwrap();
        let start = "warning: RUST_LOG is invalid, so the level is `info`: ";
        assert_eq!(stderr.starts_with(start), expected, "{stderr}");
    }
}

fn an_error_prints_each_message_once(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let empty = format!(
        "sqlite://{}?mode=rwc",
        folder.path().join("empty").display()
    );
    let export = ["export", "--output", "no/such/folder/all"];
    let image = r#"[{"original_url":5}]"#;
    let cases = [
        (
            &["import", "absent.json"][..],
            &[][..],
            "",
            "cannot read absent.json: ",
        ),
        (&["import", "-"], &[], "[", "failed to decode images: "),
        (&["import", "-"], &[], image, "failed to decode images[0]"),
        (&export, &[], "", "cannot write to no/such/folder: "),
        (
            &["token", "--user", "40b7f36a-1e4b-4987-931f-88910a37c451"],
            &[("TOKEN_KEY", "short")],
            "",
            "invalid TOKEN_KEY: the token key has 5 bytes",
        ),
        (&["serve"], &[("PROXY_KEY", "")], "", ""),
        (&["serve"], &[("CLOUDINARY_URL", "https://a:b@c")], "", ""),
        (&["migrate"], &[("DATABASE_URL", "images")], "", ""),
        (
            &["migrate"],
            &[("DATABASE_URL", "postgres://a@127.0.0.1:1/b")],
            "",
            "DATABASE_URL: cannot connect to the database: ",
        ),
        (
            &["import", "-"],
            &[("DATABASE_URL", &*empty)],
            "[]",
            "the database has no table `images`; run `image-host migrate`: the query failed: ",
        ),
    ];
    engine.with(|database| {
        for (arguments, variables, input, start) in cases {
            let output = database.output_with(arguments, variables, input);
            assert_eq!(output.status.code(), Some(1), "{arguments:?}");
            let stderr = String::from_utf8(output.stderr).unwrap();
            let error = stderr.strip_prefix("error: ").unwrap().trim_end();
            assert!(error.starts_with(start), "{error}");
            let mut parts = HashSet::new();
            assert!(error.split(": ").all(|part| parts.insert(part)), "{error}");
        }
    });
}
