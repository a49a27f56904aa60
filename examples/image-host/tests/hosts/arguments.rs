//! The command line.

use crate::database::Database;

tests! {
    sqlite: options_are_valid_before_and_after_commands,
    sqlite: options_that_a_command_does_not_use_are_rejected,
    sqlite: the_help_of_a_command_lists_its_options,
}

fn options_are_valid_before_and_after_commands() {
    let option = ["--database", "a.sqlite"];
    for command in [
        &["migrate"][..],
        &["check"],
        &["import", "payload.json"],
        &["export", "--output", "all"],
    ] {
        for arguments in [[&option, command].concat(), [command, &option].concat()] {
            let database = Database::embedded();
            std::fs::write(database.path("payload.json"), "[]").unwrap();
            database.stdout(&arguments, "");
            assert!(database.path("a.sqlite").exists(), "{arguments:?}");
            assert!(!database.path("image-host.sqlite").exists());
        }
    }
    let prefix = ["--prefix", "https://example.org/#"];
    let export = ["export", "--output", "all"];
    for arguments in [
        [&prefix[..], &export].concat(),
        [&export[..], &prefix].concat(),
    ] {
        let database = Database::embedded();
        database.stdout(&arguments, "");
        let exported = std::fs::read_to_string(database.path("all")).unwrap();
        assert!(exported.contains("\"https://example.org/#https://"));
    }
    for arguments in [
        &["--listen", "8.8.8.8:1"][..],
        &["serve", "--listen", "8.8.8.8:1"],
        &["--listen", "8.8.8.8:1", "serve"],
        &["--listen", "127.0.0.1:0", "serve", "--listen", "8.8.8.8:1"],
    ] {
        let output = Database::embedded().output(arguments, "");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(
            stderr.contains("error: cannot listen on 8.8.8.8:1"),
            "{stderr}"
        );
    }
}

fn options_that_a_command_does_not_use_are_rejected() {
    let database = Database::embedded();
    for (arguments, message) in [
        (
            &["--listen", "127.0.0.1:0", "migrate"][..],
            "the command `migrate` has no option `--listen <LISTEN>`",
        ),
        (
            &["check", "--json-log"],
            "the command `check` has no option `--json-log`",
        ),
        (
            &["--database", "a", "token", "--user", crate::host::USER],
            "the command `token` has no option `--database <FILE>`",
        ),
    ] {
        let output = database.output(arguments, "");
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(
            stderr.starts_with(&format!("error: {message}\n")),
            "{stderr}"
        );
    }
}

fn the_help_of_a_command_lists_its_options() {
    let database = Database::embedded();
    for (command, used, unused) in [
        ("migrate", "--database", "--listen"),
        ("export", "--prefix", "--json-log"),
        ("token", "--user", "--database"),
        ("serve", "--client-connections", "--shard"),
    ] {
        let help = database.stdout(&[command, "--help"], "");
        assert!(help.contains(used), "{help}");
        assert!(!help.contains(unused), "{help}");
    }
}
