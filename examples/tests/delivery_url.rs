//! Tests of the program `delivery_url`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod program;

use std::collections::HashSet;
use std::env;
use std::fs;
use std::process::Output;

use serde_json::{Value, json};

use self::program::{error, example, output, stderr};

macro_rules! vectors {
    ($file:literal) => {
        include_str!(concat!("../../crates/url-signer/tests/data/", $file))
    };
}

const DELIVERY: &str = vectors!("delivery.jsonl");
const SUFFIXED: &str = vectors!("delivery_suffix_any_type.jsonl");
const PERCENT_SIGNED: &str = vectors!("delivery_percent_signed.jsonl");
const ERRORS: &str = vectors!("errors.jsonl");
const TOKENS: &str = vectors!("auth_token.jsonl");

const DEMO: [(&str, &str); 1] = [("CLOUDINARY_URL", "cloudinary://key:abcd@demo")];

/// Runs the program with these variables and without the variables of another
/// account.
fn run(vars: &[(&str, &str)], arguments: &[&str], input: &[u8]) -> Output {
    let mut command = example("delivery_url");
    for (variable, _) in env::vars_os() {
        if variable.to_string_lossy().starts_with("CLOUDINARY_") {
            command.env_remove(variable);
        }
    }
    output(command.envs(vars.iter().copied()).args(arguments), input)
}

fn stdout(output: &Output) -> &str {
    str::from_utf8(&output.stdout).unwrap()
}

/// Returns the exit status and standard output for the account `demo`.
fn demo(arguments: &[&str]) -> (i32, String) {
    let output = run(&DEMO, arguments, &[]);
    assert_eq!(stderr(&output), "");
    (output.status.code().unwrap(), stdout(&output).to_owned())
}

fn cases(jsonl: &str) -> impl Iterator<Item = Value> {
    jsonl
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
}

/// Returns the input for `batch`, without the expected URLs.
fn batch_of(cases: &[Value]) -> Vec<u8> {
    let lines = cases.iter().map(|case| {
        let line = json!({
            "public_id": case["public_id"],
            "options": case["options"],
            "transformation": case["transformation"],
        });
        format!("{line}\n")
    });
    lines.collect::<String>().into_bytes()
}

#[test]
fn batch_prints_the_urls_of_the_sdks() {
    let all: Vec<_> = cases(DELIVERY)
        .chain(cases(SUFFIXED))
        .chain(cases(PERCENT_SIGNED))
        .collect();
    let output = run(&[], &["batch"], &batch_of(&all));
    let lines: Vec<_> = stdout(&output).lines().collect();
    assert_eq!(lines.len(), all.len());
    for (line, case) in lines.iter().zip(&all) {
        let url = case.get("url").unwrap_or(&case["url_signed_escaped"]);
        assert_eq!(line, url);
    }
    assert!(output.status.success());
    // Cases that the SDKs accept and Cloudinary rejects or misreads: two have the type
    // `fetch` and an invalid URL. A token replaces the signature.
    let count =
        |is_rejected: fn(&Value) -> bool| all.iter().filter(|case| is_rejected(case)).count();
    let rejected = [count(has_empty_parameter), count(has_version_folder)];
    assert_eq!(rejected, [13, 97]);
    let tokens = count(|case| {
        case["options"]["sign_url"] == true && case["options"]["auth_token"].is_object()
    });
    assert_eq!(tokens, 70);
    let warnings = stderr(&output).lines().count();
    assert_eq!(warnings, 2 + tokens + rejected.iter().sum::<usize>());
}

/// Returns whether the transformation of a case has an empty parameter.
fn has_empty_parameter(case: &Value) -> bool {
    let transformation = case["transformation"].as_str().unwrap();
    transformation
        .split('/')
        .any(|step| !step.is_empty() && step.split(',').any(str::is_empty))
}

/// Returns whether a folder of a case is `v` and digits. A suffix without a version makes the
/// public id a folder.
fn has_version_folder(case: &Value) -> bool {
    let public_id = case["public_id"].as_str().unwrap().replace("%2F", "/");
    let is_version = |folder: &str| {
        let digits = folder.strip_prefix('v').unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let options = &case["options"];
    let is_folder = options["url_suffix"].is_string() && options.get("version").is_none();
    options["type"] != "fetch"
        && public_id.rsplit('/').enumerate().any(|(index, folder)| {
            is_version(folder) && (index > 0 || is_folder && folder == public_id)
        })
}

#[test]
fn a_folder_like_a_version_is_reported() {
    let output = run(&DEMO, &["sign", "a/v1/foo"], &[]);
    assert!(!output.status.success());
    assert_eq!(
        error(&output),
        "folder `v1` at byte 2 of the public id is reserved for versions; set the version separately"
    );
    let output = run(&DEMO, &["sign", "v1", "--suffix=name"], &[]);
    assert_eq!(
        error(&output),
        "public id `v1` before a URL suffix is parsed as a version; set the version of the asset"
    );
    let output = run(&DEMO, &["batch"], br#"{"public_id":"v1/foo"}"#);
    assert!(output.status.success());
    assert_eq!(
        stdout(&output),
        "https://res.cloudinary.com/demo/image/upload/v1/foo\n"
    );
    assert_eq!(
        stderr(&output),
        "warning: line 1: folder `v1` at byte 0 of the public id is reserved for versions; \
         Cloudinary may deliver another asset\n"
    );
}

#[test]
fn an_empty_parameter_is_reported_by_position() {
    let transformation = "l_banana,/fl_layer_apply";
    let output = run(&DEMO, &["sign", "a", "-t", transformation], &[]);
    assert!(!output.status.success());
    let message = "empty parameter at byte 9 of the transformation";
    assert!(stderr(&output).contains(message), "{}", stderr(&output));

    let by_text = json!({ "public_id": "a", "transformation": transformation });
    let by_option =
        json!({ "public_id": "a", "options": { "raw_transformation": transformation } });
    let output = run(
        &DEMO,
        &["batch"],
        format!("{by_text}\n{by_option}\n").as_bytes(),
    );
    assert!(output.status.success());
    let url = format!("https://res.cloudinary.com/demo/image/upload/{transformation}/a\n");
    assert_eq!(stdout(&output), url.repeat(2));
    assert_eq!(
        stderr(&output),
        format!(
            "warning: line 1: {message}; Cloudinary rejects the URL\n\
             warning: line 2: {message}; Cloudinary rejects the URL\n"
        )
    );
}

#[test]
fn batch_continues_after_an_error() {
    let mut input = Vec::new();
    let mut expected = Vec::new();
    let mut line = |line: &[u8], printed: &str| {
        input.extend_from_slice(line);
        input.push(b'\n');
        expected.push(printed.to_owned());
    };
    let unsigned = br#"{"public_id":"a","options":{"cloud_name":"demo"}}"#;
    let url = "https://res.cloudinary.com/demo/image/upload/a";
    line(unsigned, url);
    line(b"", "error: the line is not a JSON object");
    line(b"{", "error: EOF while parsing an object at column 1");
    line(b"\xff", "error: the line is not a JSON object");
    line(br#"["a"]"#, "error: the line is not a JSON object");
    line(b"{}", "error: missing field `public_id` at column 2");
    line(
        br#"{"public_id":"a","options":null}"#,
        "error: cloud name is empty",
    );
    line(
        br#"{"public_id":"http://a\nhttps://b","options":{"cloud_name":"demo"}}"#,
        "error: unexpected white space or control character in the URL",
    );
    for (public_id, options, error) in [
        ("", json!({}), "error: public id is empty"),
        (
            "/a",
            json!({}),
            "error: invalid public id: unexpected `/` at the start",
        ),
        (
            "a\n/../b",
            json!({}),
            "error: invalid public id: unexpected dot segment (`.` or `..`)",
        ),
        (
            "a",
            json!({ "sign_url": true }),
            "error: configuration has no API secret",
        ),
        (
            "a",
            json!({ "type": "a/b" }),
            "error: invalid option `type`: expected a type of lower-case letters, digits and `_`",
        ),
        (
            "a",
            json!({ "resource_type": "audio" }),
            "error: invalid option `resource_type`: expected `image`, `video` or `raw`",
        ),
        (
            "a",
            json!({ "version": "1/2" }),
            "error: invalid option `version`: expected a version number",
        ),
        (
            "a",
            json!({ "secure": "yes" }),
            "error: invalid option `secure`: expected `true` or `false`",
        ),
        (
            "a",
            json!({ "format": "j/g" }),
            "error: invalid extension `j/g`: expected letters, digits, `_` and `-`, and `.` after the first character",
        ),
        (
            "a",
            json!({ "effect": "a,b" }),
            "error: invalid option `effect`: unexpected ',' at byte 1 of the expression",
        ),
    ] {
        let mut options = options;
        options["cloud_name"] = "demo".into();
        let json = json!({ "public_id": public_id, "options": options }).to_string();
        line(json.as_bytes(), error);
    }
    for case in cases(ERRORS).filter(|case| case["category"] != "token") {
        let options = json!({
            "public_id": case["input"]["public_id"],
            "options": case["input"]["options"],
        });
        line(options.to_string().as_bytes(), "error: ");
    }
    // The last line has no line end.
    input.extend_from_slice(unsigned);
    expected.push(url.to_owned());

    let output = run(&[], &["batch"], &input);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(stderr(&output), "");
    let lines: Vec<_> = stdout(&output).lines().collect();
    assert_eq!(lines.len(), expected.len());
    for (line, expected) in lines.iter().zip(&expected) {
        if expected == "error: " {
            assert!(line.starts_with("error: "), "{line}");
        } else {
            assert_eq!(line, expected);
        }
    }
}

#[test]
fn batch_uses_the_configuration_and_prints_warnings() {
    let lines = br#"{"public_id":"a","options":{"sign_url":true}}
{"public_id":"b","options":{"crop":"fit","width":300,"colour":"red","auth_token":{"key":"00","duration":1}}}
"#;
    let output = run(&DEMO, &["batch"], lines);
    let expected = "https://res.cloudinary.com/demo/image/upload/s--";
    let printed: Vec<_> = stdout(&output).lines().collect();
    assert!(printed[0].starts_with(expected), "{printed:?}");
    assert_eq!(
        printed[1],
        "https://res.cloudinary.com/demo/image/upload/c_fit,w_300/b"
    );
    assert_eq!(
        stderr(&output),
        "warning: line 2: unknown option `colour` is ignored\n\
         warning: line 2: `auth_token` is ignored without `sign_url`\n"
    );
    assert!(output.status.success());
}

type Variables = Vec<(String, String)>;

/// Returns the variables and arguments that are equivalent to a case.
fn as_arguments(case: &Value) -> Option<(Variables, Vec<String>)> {
    let mut vars = vec![];
    let mut arguments = vec!["sign".to_owned()];
    let mut signed = false;
    for (option, value) in case["options"].as_object().unwrap() {
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let mut flag = |flag: &str| arguments.push(flag.to_owned());
        match &**option {
            "type" => flag(&format!("--type={text}")),
            "resource_type" => flag(&format!("--resource-type={text}")),
            "version" => flag(&format!("--version-number={text}")),
            "format" => flag(&format!("--extension={text}")),
            "url_suffix" => flag(&format!("--suffix={text}")),
            "use_root_path" => flag("--root-path"),
            "shorten" => flag("--short"),
            "force_version" if text == "false" => flag("--no-automatic-version"),
            "sign_url" => signed = true,
            "auth_token" | "responsive_width" => return None,
            _ => vars.push((format!("CLOUDINARY_{}", option.to_uppercase()), text)),
        }
    }
    if !signed {
        arguments.push("--unsigned".to_owned());
    }
    let transformation = case["transformation"].as_str().unwrap();
    arguments.push(format!("--transformation={transformation}"));
    arguments.push("--".to_owned());
    arguments.push(case["public_id"].as_str().unwrap().replace('\t', "%09"));
    Some((vars, arguments))
}

#[test]
fn sign_prints_the_urls_of_the_sdks() {
    let mut count = 0;
    for case in cases(DELIVERY)
        .step_by(13)
        .chain(cases(SUFFIXED).step_by(7))
    {
        let Some((vars, arguments)) = as_arguments(&case) else {
            continue;
        };
        let vars: Vec<_> = vars
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        let arguments: Vec<_> = arguments.iter().map(|argument| &**argument).collect();
        let output = run(&vars, &arguments, &[]);
        if has_empty_parameter(&case) || has_version_folder(&case) {
            assert!(
                !output.status.success() && stdout(&output).is_empty(),
                "{case}"
            );
            continue;
        }
        assert_eq!(stderr(&output), "", "{case}");
        assert_eq!(stdout(&output).trim_end(), case["url"], "{case}");
        count += 1;
    }
    assert!(count > 100, "{count}");
}

#[test]
fn paths_are_signed_in_the_form_of_each_sdk() {
    let text = "l_text:Arial_18:Hello%252C%20world";
    let line =
        json!({ "public_id": "a b", "transformation": text, "options": { "sign_url": true } });
    for (form, signature) in [
        ("encoded", "VIufmhQl"),
        ("decoded", "vq3Hp2hL"),
        ("raw", "JMPBIRHg"),
        ("dotnet", "VIufmhQl"),
    ] {
        let url =
            format!("https://res.cloudinary.com/demo/image/upload/s--{signature}--/{text}/a%20b\n");
        let option = format!("--path-encoding={form}");
        let signed = demo(&["sign", "a b", "--transformation", text, &option]);
        assert_eq!(signed, (0, url.clone()));
        let batch = run(&DEMO, &["batch", &option], line.to_string().as_bytes());
        assert_eq!(stdout(&batch), url);
        let (code, printed) = demo(&["verify", url.trim_end()]);
        assert_eq!(code, 0, "{printed}");
    }
    let (_, decoded) = demo(&["sign", "a b", "--transformation", text, "--decoded"]);
    assert!(decoded.contains("s--vq3Hp2hL--"), "{decoded}");
    for arguments in [
        &["sign", "a b", "--decoded", "--path-encoding=raw"][..],
        &["sign", "a b", "--path-encoding=php"],
    ] {
        assert!(!run(&DEMO, arguments, &[]).status.success());
    }
}

#[test]
fn the_exit_status_of_verify_is_the_result() {
    let mut count = 0;
    for case in cases(PERCENT_SIGNED).step_by(5) {
        // The account uses SHA-1 and the shared hosts.
        let options = &case["options"];
        if options["signature_algorithm"] == "sha256" || options["cname"].is_string() {
            continue;
        }
        for url in ["url_signed_escaped", "url_signed_decoded"] {
            let url = case[url].as_str().unwrap();
            let (code, printed) = demo(&["verify", url]);
            assert_eq!(code, 0, "{url}: {printed}");
            assert!(printed.starts_with("verified: "));
            let (code, printed) = demo(&["verify", &url.replacen("--/", "--/w_9/", 1)]);
            assert_eq!((code, printed.starts_with("not verified: ")), (1, true));
        }
        count += 1;
    }
    assert!(count > 20, "{count}");
}

#[test]
fn explain_finds_the_change_to_a_url() {
    let signed = |options: &Value, transformation: &str, public_id: &str| {
        let found = cases(DELIVERY).chain(cases(PERCENT_SIGNED)).find(|case| {
            let has = |(option, value): (&String, &Value)| case["options"][option] == *value;
            case["options"]["sign_url"] == true
                && !case["options"]["long_url_signature"].is_boolean()
                && options.as_object().unwrap().iter().all(has)
                && case["transformation"]
                    .as_str()
                    .unwrap()
                    .starts_with(transformation)
                && case["public_id"].as_str().unwrap().starts_with(public_id)
        });
        let case = found.unwrap_or_else(|| panic!("{options} {transformation} {public_id}"));
        let url = case.get("url").unwrap_or(&case["url_signed_escaped"]);
        url.as_str().unwrap().to_owned()
    };
    let sha1 = json!({ "signature_algorithm": "sha1", "secure": true });
    let escaped = signed(&sha1, "", "a b");
    let stepped = signed(&sha1, "c_", "folder");
    let (first, second) = {
        let path = stepped.split("--/").nth(1).unwrap();
        let mut parameters = path.split('/').next().unwrap().split(',');
        (parameters.next().unwrap(), parameters.next().unwrap())
    };
    for (url, likely) in [
        (escaped.replace("%20", "%2520"), "percent-encoded twice"),
        (escaped.replace("%20", "+"), "a space was written as `+`"),
        (
            stepped.replacen(
                &format!("{first},{second}"),
                &format!("{second},{first}"),
                1,
            ),
            "the parameters were reordered",
        ),
        (
            signed(&json!({ "signature_algorithm": "sha256" }), "", "sample"),
            "wrong digest: the URL was signed with SHA-256 and 8 characters",
        ),
        (
            stepped.replacen("--/", "--/e_sepia/", 1),
            "the step `e_sepia` was added after signing",
        ),
        (
            stepped.replacen("/demo/", "/other/", 1),
            "wrong host or account",
        ),
        (
            stepped.replacen("res.cloudinary.com", "evil.example", 1),
            "wrong host or account",
        ),
        (format!("{stepped}.webp"), "the extension `webp` was added"),
        (
            stepped.replacen("folder/", "folder%2F", 1),
            "a slash was percent-encoded",
        ),
        (
            stepped.replacen("s--", "s--x", 1),
            "is not a valid signature",
        ),
        (
            stepped.replacen("/demo/", "/demo/w_1/", 1),
            "is in the wrong place",
        ),
        (
            stepped.replacen("res.cloudinary.com", "evil.example", 1) + ".webp",
            "the extension `webp` was added after signing, and wrong host or account",
        ),
        (
            stepped.replacen(&format!("{first},"), &format!("{first},q_77,"), 1),
            "the parameter `q_77` was added after signing",
        ),
        (
            stepped.replacen(&format!("{first},"), &format!("{first}%2C"), 1),
            "the transformation was percent-encoded",
        ),
        (
            stepped.replacen("folder/", "folder//", 1),
            "a slash was doubled",
        ),
        (
            stepped.replacen(first, "c_unheard", 1),
            "signed with another secret",
        ),
    ] {
        let (code, printed) = demo(&["explain", &url]);
        assert_eq!(code, 0);
        assert!(printed.contains(likely), "{url}\n{printed}");
        assert!(
            printed.contains("verdict          not verified"),
            "{printed}"
        );
        let (code, _) = demo(&["verify", &url]);
        assert_eq!(code, 1, "{url}");
    }
    for url in [&escaped, &stepped] {
        let (_, printed) = demo(&["explain", url]);
        assert!(printed.contains("verdict          verified"), "{printed}");
        assert!(printed.contains("SHA-1 and 8 characters"), "{printed}");
    }
}

#[test]
fn explain_omits_the_signature_and_the_token() {
    let token = format!("__cld_token__=exp=5~hmac={}", "0123".repeat(16));
    for path in ["s--bm9rWEpn--/folder/test", "w_1/s--bm9rWEpn--/folder/test"] {
        let url = format!("https://res.cloudinary.com/demo/image/upload/{path}?{token}");
        let (code, printed) = demo(&["explain", &url]);
        assert_eq!(code, 0);
        assert!(!printed.contains("bm9rWEpn"), "{printed}");
        assert!(!printed.contains("0123"), "{printed}");
    }
}

#[test]
fn explain_prints_notes_on_an_unsigned_url() {
    for (path, note) in [
        ("a%2520b", "percent-encoded twice: `%2520` decodes to `%20`"),
        (
            "l_fetch:https://example.com/a.png/c_scale,h_400,w_400/flowers",
            "the public id contains `c_scale,h_400,w_400`",
        ),
    ] {
        let (_, printed) = demo(&[
            "explain",
            &format!("https://res.cloudinary.com/demo/image/upload/{path}"),
        ]);
        let mut notes = printed.lines().filter(|line| line.starts_with("note"));
        assert!(notes.any(|row| row.contains(note)), "{printed}");
    }
}

#[test]
fn explain_prints_the_parts_and_the_matching_key() {
    let folder = tempfile::tempdir().unwrap();
    let configuration = folder.path().join("account");
    fs::write(
        &configuration,
        "# the account\ncloudinary://key:new-secret@demo\n",
    )
    .unwrap();
    let retired = folder.path().join("retired");
    fs::write(&retired, "older-secret\nabcd\n").unwrap();
    let url = cases(DELIVERY)
        .find(|case| {
            case["options"]["signature_algorithm"] == "sha1"
                && case["options"]["version"] == 1234
                && case["options"]["secure"] == true
                && case["transformation"] != ""
        })
        .unwrap();
    let url = url["url"].as_str().unwrap();
    let output = run(
        &[],
        &[
            "--configuration",
            configuration.to_str().unwrap(),
            "--retired-secrets",
            retired.to_str().unwrap(),
            "explain",
            url,
        ],
        &[],
    );
    let printed = stdout(&output);
    for row in [
        "account          demo",
        "version          1234",
        "key              the signing secret                       does not match",
        "key              retired secret 1                         does not match",
        "key              retired secret 2                         matches: SHA-1 and 8 characters, of the encoded path",
        "verdict          verified",
    ] {
        assert!(printed.contains(row), "{row}\n{printed}");
    }
    assert!(!printed.contains("secret@") && !printed.contains("abcd"));
}

#[test]
fn token_sign_prints_the_tokens_of_the_sdks() {
    let folder = tempfile::tempdir().unwrap();
    let key_file = folder.path().join("key");
    for case in cases(TOKENS).step_by(11) {
        let input = &case["input"];
        // An empty address is invalid.
        if input["ip"] == "" {
            continue;
        }
        fs::write(&key_file, format!("{}\n", input["key"].as_str().unwrap())).unwrap();
        let mut arguments = vec!["token".to_owned(), "sign".to_owned()];
        arguments.push(format!("--key-file={}", key_file.display()));
        let mut set = |flag: &str, value: &Value| match value {
            Value::Null => {}
            Value::String(text) => arguments.push(format!("--{flag}={text}")),
            other => arguments.push(format!("--{flag}={other}")),
        };
        match &input["acl"] {
            Value::Array(patterns) => patterns.iter().for_each(|acl| set("acl", acl)),
            Value::Null => set("url", &input["url"]),
            acl => set("acl", acl),
        }
        set("name", &input["token_name"]);
        set("ip", &input["ip"]);
        set("start", &input["start_time"]);
        match &input["expiration"] {
            Value::Null => set("duration", &input["duration"]),
            expiration => set("expires", expiration),
        }
        let arguments: Vec<_> = arguments.iter().map(|argument| &**argument).collect();
        let output = run(&[], &arguments, &[]);
        // No request matches a token for a whole URL, or for a path with a query.
        let url = input["url"].as_str().unwrap_or_default();
        let is_rejected = if input["acl"].is_null() {
            url.starts_with("http") || url.contains('?')
        } else {
            has_unusable_pattern(&input["acl"])
        };
        if is_rejected {
            assert_eq!(output.status.code(), Some(2), "{case}");
            continue;
        }
        assert_eq!(stdout(&output).trim_end(), case["token"], "{case}");
    }
    let vars = [(
        "CLOUDINARY_URL",
        "cloudinary://key:abcd@demo?auth_token[key]=00112233FF99",
    )];
    let case = cases(TOKENS)
        .find(|case| {
            case["input"]["acl"] == "/image/*"
                && case["input"]["key"] == "00112233FF99"
                && case["input"]["ip"].is_null()
                && case["input"]["token_name"].is_null()
        })
        .unwrap();
    let token = case["token"].as_str().unwrap();
    let exp = token
        .split("exp=")
        .nth(1)
        .unwrap()
        .split('~')
        .next()
        .unwrap();
    let last = (exp.parse::<i64>().unwrap() - 1).to_string();
    for (now, path, expected) in [
        (&*last, "/image/a", "verified\n".to_owned()),
        (
            exp,
            "/image/a",
            format!("not verified: token expired at {exp}\n"),
        ),
        (
            &*last,
            "/video/a",
            "not verified: acl of the token does not allow the path\n".to_owned(),
        ),
    ] {
        let arguments = ["--now", now, "token", "verify", token, "--path", path];
        let output = run(&vars, &arguments, &[]);
        assert_eq!(stdout(&output), expected);
        assert_eq!(output.status.success(), expected == "verified\n");
    }
}

/// Returns whether an acl has a pattern that is not a path with stars.
fn has_unusable_pattern(acl: &Value) -> bool {
    let patterns = match acl {
        Value::Array(patterns) => patterns.iter().filter_map(Value::as_str).collect(),
        acl => acl.as_str().into_iter().collect::<Vec<_>>(),
    };
    let mut patterns = patterns.iter().flat_map(|pattern| pattern.split('!'));
    patterns.any(|pattern| !pattern.starts_with('/') || pattern.contains([' ', '?', '#', '"', '{']))
}

#[test]
fn token_sign_rejects_what_no_request_matches() {
    let vars = [(
        "CLOUDINARY_URL",
        "cloudinary://key:abcd@demo?auth_token[key]=00112233FF99",
    )];
    let sign = |url: &str| {
        let arguments = ["token", "sign", "--expires", "9", "--url", url];
        run(&vars, &arguments, &[])
    };
    for (url, message) in [
        (
            "/demo/a b.jpg",
            "unexpected ' ' at byte 7; percent-encode it as `%20`",
        ),
        (
            "/demo/é.jpg",
            "unexpected 'é' at byte 6; percent-encode it as `%C3%A9`",
        ),
        (
            "/demo/a\n",
            "unexpected '\\n' at byte 7; percent-encode it as `%0A`",
        ),
        (
            "/demo/100%",
            "unexpected '%' at byte 9; percent-encode it as `%25`",
        ),
        (
            "/demo/a?b",
            "unexpected '?' at byte 7; a token authorizes a path without its query",
        ),
        (
            "/demo/a#b",
            "unexpected '#' at byte 7; percent-encode it as `%23`",
        ),
        ("/demo/../a", "unexpected dot segment"),
        ("/demo/%2e%2E/a", "unexpected dot segment"),
        ("demo/a", "expected a path that begins with `/`"),
        ("", "expected a path that begins with `/`"),
        (
            "https://res.cloudinary.com/demo/image/upload/a.jpg",
            "expected a path, not a URL; use `/demo/image/upload/a.jpg`",
        ),
        ("https://res.cloudinary.com", "expected a path, not a URL"),
    ] {
        let output = sign(url);
        assert_eq!(output.status.code(), Some(2), "{url}");
        assert_eq!(stdout(&output), "", "{url}");
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
    }
    for path in [
        "/demo/a%20b.jpg",
        "/demo/image/fetch/https://example.org/a.jpg",
        "/demo/image/upload/l_text:Arial_20:a%252Cb,w_1/x(1)!*~",
    ] {
        let output = sign(path);
        let token = stdout(&output).trim_end();
        let url = format!("https://res.cloudinary.com{path}?{token}");
        let output = run(&vars, &["--now", "8", "verify", &url], &[]);
        assert!(output.status.success(), "{output:?}");
    }
}

#[test]
fn a_url_with_a_token_verifies_until_it_expires() {
    let vars = [(
        "CLOUDINARY_URL",
        "cloudinary://key:abcd@demo?auth_token[key]=00112233FF99&auth_token[duration]=300",
    )];
    for more in [&[][..], &["--unsigned"]] {
        let sign = ["--now", "1000", "sign", "folder/a", "--token"];
        let output = run(&vars, &[&sign[..], more].concat(), &[]);
        let url = stdout(&output).trim_end().to_owned();
        assert_eq!(url.contains("/s--"), more.is_empty());
        assert!(url.contains("?__cld_token__=exp=1300~hmac="));
        for (now, code) in [("1299", 0), ("1300", 1)] {
            let output = run(&vars, &["--now", now, "verify", &url], &[]);
            assert_eq!(output.status.code(), Some(code), "{output:?}");
        }
        let changed = url.replace("/folder/", "/holder/");
        let output = run(&vars, &["--now", "1299", "verify", &changed], &[]);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
    }
}

#[test]
fn secrets_are_neither_arguments_nor_printed() {
    for command in [
        &[][..],
        &["sign"],
        &["verify"],
        &["explain"],
        &["token", "sign"],
    ] {
        let output = run(&[], &[command, &["--help"]].concat(), &[]);
        let help = stdout(&output);
        assert!(!help.contains("--secret "), "{help}");
        assert!(!help.contains("--key "), "{help}");
    }
    for url in [
        "cloudinary://key:hush@",
        "cloudinary://key:hush@de mo",
        "cloudinary://hush",
        "cloudinary://key:hush@demo?auth_token[key]=hush",
        "cloudinary://key:hu@sh@demo",
    ] {
        for command in [
            &["sign", "a"][..],
            &["verify", "https://x/y"],
            &[
                "explain",
                "https://res.cloudinary.com/demo/image/upload/s--abcdefgh--/a",
            ],
            &["batch"],
        ] {
            let output = run(&[("CLOUDINARY_URL", url)], command, &[]);
            assert_eq!(output.status.code(), Some(1), "{url} {command:?}");
            let printed = [stdout(&output), stderr(&output)].concat();
            assert!(printed.starts_with("error: "), "{printed}");
            assert!(
                !printed.contains("hush") && !printed.contains("hu@sh"),
                "{printed}"
            );
        }
    }
}

#[test]
fn an_invalid_token_is_reported_despite_a_signature() {
    let vars = [(
        "CLOUDINARY_URL",
        "cloudinary://key:abcd@demo?auth_token[key]=00112233FF99&auth_token[duration]=300",
    )];
    let printed = |arguments: &[&str]| {
        let output = run(&vars, &[&["--now", "1000"], arguments].concat(), &[]);
        assert_eq!(stderr(&output), "");
        stdout(&output).to_owned()
    };
    let signed = printed(&["sign", "a"]).trim_end().to_owned();
    let both = printed(&["sign", "a", "--token"]).trim_end().to_owned();
    let alone = printed(&["sign", "a", "--token", "--unsigned"])
        .trim_end()
        .to_owned();
    let token = both.split_once('?').unwrap().1;
    for (url, reason) in [
        (
            format!("{signed}?_a=B&__cld_token__=exp=1~hmac=00"),
            "access token: invalid token",
        ),
        (
            format!("{both}&{token}"),
            "access token: the URL has more than one token",
        ),
        (
            both.replace("exp=1300", "exp=1301"),
            "access token: invalid signature",
        ),
        (
            alone.replace("res.cloudinary.com", "evil.example"),
            "the URL does not belong to the account `demo`",
        ),
    ] {
        assert!(
            printed(&["verify", &url]).starts_with(&format!("not verified: {reason}")),
            "{url}"
        );
        let explained = printed(&["explain", &url]);
        assert!(explained.contains(reason), "{explained}");
        assert!(
            explained.ends_with("verdict          not verified\n"),
            "{explained}"
        );
    }
    for url in [&signed, &both, &alone] {
        assert!(printed(&["verify", url]).starts_with("verified"), "{url}");
        let explained = printed(&["explain", url]);
        assert!(
            explained.ends_with("verdict          verified\n"),
            "{explained}"
        );
    }
    // Without the key, a warning says that the token was not verified.
    let output = run(&DEMO, &["verify", &both], &[]);
    assert!(output.status.success());
    assert!(stderr(&output).contains("the access token was not verified"));
    assert_eq!(demo(&["verify", &alone]).0, 1);
}

#[test]
fn hostile_urls_are_fast_and_safe_to_print() {
    let steps = ["a_1,b_2,c_3,e_4,f_5,g_6"; 200].join("/");
    let url = format!("https://res.cloudinary.com/demo/image/upload/s--abcdefgh--/{steps}/x");
    assert_eq!(demo(&["verify", &url]).0, 1);
    let url = "https://res.cloudinary.com/demo/image/upload/a%0Averdict%1B[2J";
    let (_, printed) = demo(&["explain", url]);
    assert!(printed.contains("a\\nverdict\\u{1b}[2J"), "{printed}");
    assert!(!printed.contains('\u{1b}'));
}

#[test]
fn invalid_configuration_files_are_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("account");
    for (text, error) in [
        ("hush", "line 1 has no `=`"),
        (
            "A=b\n",
            "neither `CLOUDINARY_URL` nor `CLOUDINARY_CLOUD_NAME` is set",
        ),
        (
            "CLOUDINARY_CLOUD_NAME=demo",
            "configuration has no API secret",
        ),
    ] {
        fs::write(&file, text).unwrap();
        let arguments = ["--configuration", file.to_str().unwrap(), "sign", "a"];
        let output = run(&[], &arguments, &[]);
        assert_eq!(output.status.code(), Some(1));
        let printed = stderr(&output);
        assert_eq!(printed, format!("error: {}: {error}\n", file.display()));
    }
    fs::write(
        &file,
        "export CLOUDINARY_CLOUD_NAME = \"demo\"\n\n# of tests\nCLOUDINARY_API_SECRET='abcd'\n",
    )
    .unwrap();
    let arguments = ["--configuration", file.to_str().unwrap(), "sign", "sample"];
    let output = run(&[], &arguments, &[]);
    assert_eq!(stdout(&output), demo(&["sign", "sample"]).1);
}

#[test]
fn an_error_prints_each_message_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let file = folder.path().join(name);
        fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let no_secret = file("no-secret", "CLOUDINARY_CLOUD_NAME=demo");
    let bad_host = file("bad-host", "cloudinary://key:abcd@demo/a b");
    let bad_key = file("bad-key", "xyz");
    let token = [
        "token",
        "sign",
        "--url",
        "/a",
        "--expires",
        "9",
        "--key-file",
    ];
    for (arguments, start) in [
        (
            &["--configuration", "absent", "sign", "a"][..],
            "cannot read absent: ",
        ),
        (
            &["--retired-secrets", "absent", "sign", "a"],
            "cannot read absent: ",
        ),
        (&["--configuration", &no_secret, "sign", "a"], &*no_secret),
        (&["--configuration", &bad_host, "sign", "a"], &bad_host),
        (&["--configuration", &bad_host, "batch"], &bad_host),
        (&[&token[..], &[&*bad_key]].concat(), &bad_key),
        (&["sign", ""], ""),
        (&["sign", "a", "--suffix", "b.c"], ""),
        (
            &["sign", "a", "--token"],
            "the configuration has no `auth_token[key]`",
        ),
    ] {
        let output = run(&DEMO, arguments, &[]);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let error = error(&output);
        assert!(error.starts_with(start), "{error}");
    }
    let lines = [
        json!({ "public_id": "a", "options": { "cname": "a b" } }),
        json!({ "public_id": "a", "options": { "width": { "a": 1 } } }),
        json!({ "public_id": "a", "options": { "sign_url": true, "auth_token": { "key": "x" } } }),
    ];
    for line in lines {
        let output = run(&DEMO, &["batch"], line.to_string().as_bytes());
        let line = stdout(&output).trim_end();
        let parts: Vec<_> = line.split(": ").collect();
        let distinct: HashSet<_> = parts.iter().collect();
        assert_eq!(parts.len(), distinct.len(), "{line}");
    }
}

#[test]
fn implausible_secrets_are_reported_but_not_printed() {
    let folder = tempfile::tempdir().unwrap();
    let retired = folder.path().join("retired");
    fs::write(&retired, "hush \nplain\n<hush>\n").unwrap();
    let vars = [
        ("CLOUDINARY_CLOUD_NAME", "demo"),
        ("CLOUDINARY_API_SECRET", "'hush-hush'"),
    ];
    let retired = format!("--retired-secrets={}", retired.display());
    let output = run(&vars, &[&retired, "sign", "a"], &[]);
    assert!(output.status.success());
    assert_eq!(
        stderr(&output),
        "warning: `api_secret` is probably not the intended secret: it starts or ends with a quotation mark\n\
         warning: retired secret 1 is probably not the intended secret: it starts or ends with white space\n\
         warning: retired secret 3 is probably not the intended secret: it is a placeholder\n"
    );
    let output = run(&vars, &["batch"], br#"{"public_id":"a"}"#);
    assert!(stderr(&output).contains("quotation mark") && !stderr(&output).contains("hush"));
}
