//! Arguments and options for which `delivery_url` would create a token that authorizes no
//! request.

#![allow(clippy::unwrap_used, reason = "tests")]

mod program;

use std::process::Output;

use self::program::{example, output, stderr};

fn run(options: &str, arguments: &[&str]) -> Output {
    let url = format!("cloudinary://key:abcd@demo?auth_token[key]=00112233FF99{options}");
    let mut command = example("delivery_url");
    output(command.env("CLOUDINARY_URL", url).args(arguments), &[])
}

fn token(more: &[&str]) -> Output {
    let start = ["--now", "5", "token", "sign", "--expires", "9"];
    run("", &[&start[..], more].concat())
}

/// Returns the token, without checking standard error.
fn printed(output: &Output) -> &str {
    assert!(output.status.success(), "{}", stderr(output));
    str::from_utf8(&output.stdout).unwrap().trim_end()
}

#[test]
fn acl_patterns_that_match_no_path_are_rejected() {
    for (acl, message) in [
        ("", "empty pattern"),
        ("/a!", "empty pattern"),
        ("image/*", "expected a pattern that begins with `/` or `*`"),
        ("/a!b", "expected a pattern that begins with `/` or `*`"),
        (
            "https://res.cloudinary.com/demo/image/*",
            "expected a pattern, not a URL; use `/demo/image/*`",
        ),
        (
            "/demo/a b*",
            "unexpected ' ' at byte 7; percent-encode it as `%20`",
        ),
        (
            "/demo/*!/demo/é*",
            "unexpected 'é' at byte 6; percent-encode it as `%C3%A9`",
        ),
        ("/demo/*\n", "unexpected '\\n' at byte 7"),
        (
            "/demo/100%*",
            "unexpected '%' at byte 9; percent-encode it as `%25`",
        ),
        (
            "/demo/*?a=b",
            "unexpected '?' at byte 7; a token authorizes a path without its query",
        ),
        ("/demo/*#a", "unexpected '#' at byte 7"),
        ("/demo/../*", "unexpected dot segment"),
        ("/demo/%2E%2e/*", "unexpected dot segment"),
    ] {
        let output = token(&["--acl", "/valid/*", "--acl", acl]);
        assert_eq!(output.status.code(), Some(2), "{acl}");
        assert!(output.stdout.is_empty());
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
    }
}

#[test]
fn other_acl_patterns_authorize_their_paths() {
    for (acl, path) in [
        ("*", "/demo/image/upload/a"),
        ("/*/t_foobar", "/image/t_foobar"),
        ("*/private/*", "/demo/image/private/a"),
        ("/a/*!/b%20c/*", "/b%20c/d"),
        ("/a(1),b;c@d/'*", "/a(1),b;c@d/'e"),
    ] {
        let signed = token(&["--acl", acl]);
        assert_eq!(stderr(&signed), "");
        let verify = [
            "--now",
            "8",
            "token",
            "verify",
            printed(&signed),
            "--path",
            path,
        ];
        assert_eq!(printed(&run("", &verify)), "verified");
    }
}

#[test]
fn addresses_without_clients_are_rejected() {
    for (ip, message) in [
        ("0.0.0.0", "no client has this address"),
        ("::", "no client has this address"),
        ("255.255.255.255", "no client has this address"),
        ("224.0.0.1", "no client has this address"),
        ("ff02::1", "no client has this address"),
        ("::ffff:203.0.113.7", "write it as `203.0.113.7`"),
        (
            "203.0.113.0/24",
            "invalid IP address; a token allows no networks",
        ),
        ("203.0.113.07", "invalid IP address"),
        ("", "invalid IP address"),
    ] {
        let output = token(&["--acl", "/*", "--ip", ip]);
        assert_eq!(output.status.code(), Some(2), "{ip}");
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
    }
    let output = token(&["--acl", "/*", "--ip", "2001:DB8:0::1"]);
    assert!(printed(&output).starts_with("__cld_token__=ip=2001:db8::1~exp=9~"));
}

#[test]
fn a_token_that_is_never_valid_is_reported() {
    for more in [["--start", "9"], ["--start", "10"]] {
        let output = token(&[&["--acl", "/*"], &more[..]].concat());
        assert_eq!(output.status.code(), Some(1), "{more:?}");
    }
    for arguments in [
        &["token", "sign", "--acl", "/*", "--expires", "9"][..],
        &[
            "token",
            "sign",
            "--acl",
            "/*",
            "--start",
            "4",
            "--duration",
            "5",
        ],
        &["sign", "a", "--token"],
    ] {
        for (now, warning) in [("9", "warning: the token expired at 9\n"), ("8", "")] {
            let arguments = [&["--now", now], arguments].concat();
            let output = run("&auth_token[expiration]=9", &arguments);
            printed(&output);
            assert_eq!(stderr(&output), warning);
        }
    }
}

#[test]
fn a_lower_case_encoding_is_reported() {
    for scope in [["--acl", "/a/*!/%c3%A9*"], ["--url", "/a/b%2fc"]] {
        let output = token(&scope);
        printed(&output);
        let warning = stderr(&output);
        assert!(warning.starts_with("warning: `%"), "{warning}");
        assert!(
            warning.contains("authorizes no URL that contains `%"),
            "{warning}"
        );
    }
    assert_eq!(stderr(&token(&["--url", "/a/%C3%A9"])), "");
}

#[test]
fn a_configured_acl_must_allow_the_signed_url() {
    let sign = ["--now", "5", "sign", "a", "--token"];
    for more in [&[][..], &["--unsigned"]] {
        let output = run(
            "&auth_token[expiration]=9&auth_token[acl]=/demo/video/*",
            &[&sign[..], more].concat(),
        );
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        let error = stderr(&output);
        let start = "error: `auth_token[acl]` of the configuration, `/demo/video/*`, does not allow `/demo/image/upload/";
        assert!(error.starts_with(start), "{error}");
    }
    let output = run(
        "&auth_token[expiration]=9&auth_token[acl]=/demo/image/*",
        &sign,
    );
    assert!(printed(&output).contains("~acl=%2fdemo%2fimage%2f*~hmac="));
}

#[test]
fn ignored_options_are_reported() {
    let output = run(
        "&auth_token[duration]=9&auth_token[url]=/a&auth_token[set_url_signature]=true",
        &["sign", "a", "--token"],
    );
    printed(&output);
    let warnings = stderr(&output);
    for option in ["url", "set_url_signature"] {
        let warning = format!("warning: option `auth_token[{option}]` is ignored: ");
        assert!(warnings.contains(&warning), "{warnings}");
    }
}

#[test]
fn an_unknown_key_of_a_batch_line_causes_a_warning() {
    let mut command = example("delivery_url");
    command.env("CLOUDINARY_URL", "cloudinary://key:abcd@demo");
    let line = br#"{"public_id":"a","version":3}"#;
    let output = output(command.arg("batch"), line);
    assert!(output.status.success());
    let url = str::from_utf8(&output.stdout).unwrap();
    assert_eq!(url, "https://res.cloudinary.com/demo/image/upload/a\n");
    let warnings = str::from_utf8(&output.stderr).unwrap();
    let warning = "warning: line 1: unknown key `version` is ignored\n";
    assert!(warnings.ends_with(warning), "{warnings}");
}
