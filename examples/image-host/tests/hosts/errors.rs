//! Error messages of the program.

use std::collections::HashSet;

use crate::host::on_both;

#[test]
fn an_error_prints_each_message_once() {
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
    on_both(|database| {
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
