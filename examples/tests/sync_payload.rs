//! Tests of the program `sync_payload`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod program;

use std::process::{Command, Output};

use regex::Regex;
use serde_json::{Value, json};

use self::program::{error, example, output, stderr};

const RECORDED: &str = include_str!("../data/response_body.wire.json");
const SIGNED_URLS: &str = include_str!("../../crates/sync-payload/tests/data/signed_urls.jsonl");

const KEYS: [(&str, &str); 3] = [
    ("CLOUDINARY_URL", "cloudinary://key:abcd@sadaasdasd"),
    ("PROXY_KEY", "proxy key"),
    ("THUMBNAIL_KEY", "thumbnail key"),
];

/// Returns the program without keys in its environment.
fn program() -> Command {
    let mut command = example("sync_payload");
    for (variable, _) in KEYS {
        command.env_remove(variable);
    }
    command
}

/// Runs the program with keys, arguments and a payload on standard input.
fn run(arguments: &[&str], payload: &str) -> Output {
    output(program().envs(KEYS).args(arguments), payload.as_bytes())
}

fn stdout(output: &Output) -> &str {
    assert_eq!(stderr(output), "");
    assert!(output.status.success());
    str::from_utf8(&output.stdout).unwrap()
}

/// Returns the error for an invalid payload. Nothing is written to standard output.
fn rejection(payload: &str) -> String {
    let output = run(&["-"], payload);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"");
    error(&output).to_owned()
}

fn recorded() -> Vec<Value> {
    serde_json::from_str(RECORDED).unwrap()
}

/// Returns the recorded payload with a change to its second image.
fn changed(change: impl FnOnce(&mut Value)) -> String {
    let mut images = recorded();
    change(&mut images[1]);
    Value::Array(images).to_string()
}

fn masked(text: &str) -> String {
    [
        (r"/s--[A-Za-z0-9_-]{8}--/", "/s--***--/"),
        (r"\?s=[0-9a-f]{7}\\u0026", r"?s=***\u0026"),
        (r"-[0-9a-f]{11}\.jpg", "-***.jpg"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (signature, mask)| {
        Regex::new(signature)
            .unwrap()
            .replace_all(&text, mask)
            .into_owned()
    })
}

#[test]
fn demo_keys_sign_the_recorded_payload() {
    let output = program().output().unwrap();
    assert!(output.status.success());
    assert_eq!(output.stdout.len(), 11775);
    let body = str::from_utf8(&output.stdout).unwrap();
    assert_ne!(body, RECORDED);
    assert_eq!(masked(body), masked(RECORDED));
    assert_eq!(
        stderr(&output),
        "warning: CLOUDINARY_URL is not set; using its demo value\n\
         warning: PROXY_KEY is not set; using its demo value\n\
         warning: THUMBNAIL_KEY is not set; using its demo value\n"
    );
}

#[test]
fn a_file_and_standard_input_give_equal_payloads() {
    let default = run(&[], "");
    assert_eq!(masked(stdout(&default)), masked(RECORDED));
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/data/response_body.wire.json");
    assert_eq!(stdout(&run(&[file], "")), stdout(&default));
    assert_eq!(stdout(&run(&["-"], RECORDED)), stdout(&default));
    // Signing the result again changes nothing.
    assert_eq!(stdout(&run(&["-"], stdout(&default))), stdout(&default));
}

#[test]
fn each_url_equals_the_python_reference() {
    let hosts = [
        "--proxy-host",
        "proxy.example.org",
        "--app-host",
        "app.example.org:3000",
    ];
    let mut tried = 0;
    for line in SIGNED_URLS.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        if case["form"] != "sha1" || case["asset"][0] == Value::Null && case["asset"] != Value::Null
        {
            continue;
        }
        let mut image = recorded().remove(0);
        if case["asset"] == Value::Null {
            image["original_url"] = image["external_urls"]["mini"].clone();
        }
        if let Some(crop) = case["crop"].as_array() {
            for (key, pixels) in ["crop_x", "crop_y", "crop_w", "crop_h"].iter().zip(crop) {
                image[key] = pixels.clone();
            }
        }
        image["rotation"] = case["rotation"].clone();
        let prefix = case["prefix"].as_str().unwrap();
        let arguments = [&hosts[..], &["--prefix", prefix, "-"]].concat();
        let output = run(&arguments, &Value::Array(vec![image]).to_string());
        let signed: Value = serde_json::from_str(stdout(&output)).unwrap();
        for (key, url) in case["urls"].as_object().unwrap() {
            let pointer = format!("/0/{}", key.replace('.', "/"));
            assert_eq!(signed.pointer(&pointer).unwrap(), url, "{key} of {line}");
            tried += 1;
        }
    }
    assert_eq!(tried, 4 * 4 * 2 * 2 * 11);
}

#[test]
fn values_other_than_urls_are_preserved() {
    let payload = changed(|image| {
        image["infos"] =
            json!({"zoom": 1e-5, "bytes": "10668", "format": null, "a&b": "<\u{2028}>"});
        image["exifs"] = json!({"b": [1e16, 0.5], "a": {}});
        image["color"] = json!("#");
        image["size"] = json!("10668");
        image["filename"] = json!("This is an è à Amazing file");
        image.as_object_mut().unwrap().shift_remove("thumbnails");
        image.as_object_mut().unwrap().shift_remove("gps_ip");
        image["unknown"] = json!(1);
    });
    let output = run(&["-"], &payload);
    let body = stdout(&output);
    assert!(body.contains(
        r#""infos":{"zoom":1.0e-05,"bytes":"10668","format":null,"a\u0026b":"\u003c\u2028\u003e"},"exifs":{"b":[1.0e+16,0.5],"a":{}}"#
    ));
    assert!(body.contains(r##""color":"#","size":"10668""##));
    assert!(body.contains("/this-is-an-e-a-amazing-file.png?s="));
    assert!(body.contains(r#""gps_ip":null"#));
    assert!(!body.contains("unknown"));
    assert_eq!(body.matches("full_no_sharinpix").count(), 4);
}

#[test]
fn styles_differ_only_in_escapes_and_line_breaks() {
    let plain = run(&["--style", "plain"], "");
    assert_eq!(stdout(&plain).len(), 11715);
    let rails = run(&["--style", "rails"], "");
    assert_eq!(stdout(&rails).len(), 11775);
    assert_eq!(stdout(&plain), stdout(&rails).replace("\\u0026", "&"));
    let pretty = run(&["--pretty"], "");
    assert!(stdout(&pretty).lines().count() > 300);
    let value = |output: &Output| serde_json::from_str::<Value>(stdout(output)).unwrap();
    assert_eq!(value(&pretty), value(&rails));
}

#[test]
fn an_empty_list_stays_empty() {
    assert_eq!(stdout(&run(&["-"], "[]")), "[]");
    assert_eq!(stdout(&run(&["--pretty", "-"], " [ ]\n")), "[]");
}

#[test]
fn an_invalid_original_url_names_its_image() {
    for (url, text) in [
        (
            json!("https://example.org/a.jpg"),
            "invalid delivery url: missing resource type and delivery type; invalid proxy url: missing query",
        ),
        (
            json!("/assets/blank.jpg#https://res.cloudinary.com/c/image/upload/a"),
            "invalid delivery url: unexpected fragment; invalid proxy url: unexpected white space, control character, `#` or `\\`",
        ),
        (
            json!("blank"),
            "invalid delivery url: expected `https://` or `http://`; invalid proxy url: it starts with neither `https://<host>/` nor `/`",
        ),
        (
            json!("https://res.cloudinary.com/c/picture/upload/a.jpg"),
            "invalid delivery url: missing resource type and delivery type; invalid proxy url: missing query",
        ),
        (
            json!("https://res.cloudinary.com/c/image/upload/v1/a%00%2F..%2Fb"),
            "the delivery url has no valid asset: invalid public id: unexpected dot segment (`.` or `..`)",
        ),
        (
            json!("https://p.example.org/a.png?s=1234567&url=localhost/elsewhere"),
            "invalid delivery url: missing resource type and delivery type; invalid thumbnail path: not of the form `/images/…/thumbnails/…`",
        ),
        (
            json!(
                "/a.png?s=1234567&url=localhost/images/14364f29-c30d-4bbb-992c-19e6031244f7/thumbnails/mini-1234567.jpg"
            ),
            "invalid delivery url: expected `https://` or `http://`; invalid proxy url: missing host",
        ),
        (Value::Null, "null or missing"),
    ] {
        let rejected = rejection(&changed(|image| image["original_url"] = url));
        assert_eq!(rejected, format!("images[1].original_url: {text}"));
    }
}

#[test]
fn an_invalid_payload_names_image_and_field() {
    for (payload, text) in [
        (
            String::new(),
            "failed to decode images: EOF while parsing a value at line 1 column 0",
        ),
        (
            "{}".to_owned(),
            "failed to decode images: invalid type: map, expected a sequence at line 1 column 0",
        ),
        (
            RECORDED.split_at(4000).0.to_owned(),
            "failed to decode images[1].external_urls.fill100: EOF while parsing a string at line 1 column 4000",
        ),
        (
            changed(|image| image["gps"] = json!([91, 0])),
            "failed to decode images[1].gps[0]: latitude 91 is not within -90 to 90 degrees at line 1 column",
        ),
        (
            changed(|image| image["width"] = json!("48")),
            "failed to decode images[1].width: invalid type: string \"48\", expected u32 at line 1 column",
        ),
    ] {
        let rejected = rejection(&payload);
        assert!(rejected.starts_with(text), "{rejected}");
    }
}

#[test]
fn invalid_keys_are_rejected_and_not_shown() {
    for (variable, value, text) in [
        (
            "CLOUDINARY_URL",
            "",
            "neither `CLOUDINARY_URL` nor `CLOUDINARY_CLOUD_NAME` is set",
        ),
        (
            "CLOUDINARY_URL",
            "https://key:hush@demo",
            "cloudinary url does not start with `cloudinary://`",
        ),
        (
            "CLOUDINARY_URL",
            "cloudinary://key@demo",
            "configuration has no API secret",
        ),
        (
            "CLOUDINARY_URL",
            "cloudinary://key:hush@de:mo",
            "unexpected ':' in the cloud name",
        ),
        ("PROXY_KEY", "", "environment variable `PROXY_KEY` is empty"),
        (
            "PROXY_KEY",
            " ",
            "environment variable `PROXY_KEY` is blank",
        ),
        (
            "THUMBNAIL_KEY",
            "",
            "environment variable `THUMBNAIL_KEY` is empty",
        ),
    ] {
        let output = program().envs(KEYS).env(variable, value).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(output.stdout, b"");
        assert_eq!(error(&output), text);
        assert!(!error(&output).contains("hush"));
    }
}

#[test]
fn invalid_arguments_and_files_are_rejected() {
    for (arguments, code, text) in [
        (
            vec!["--style", "xml"],
            2,
            "invalid value 'xml' for '--style <STYLE>'",
        ),
        (
            vec!["--proxy-host", "https://x.org"],
            2,
            "invalid authority `https://x.org`: unexpected scheme",
        ),
        (
            vec!["--app-host", "x.org/y"],
            2,
            "invalid authority `x.org/y`: unexpected path",
        ),
        (
            vec!["--prefix", "a b"],
            2,
            "unexpected ' ' at byte 1 of the prefix",
        ),
        (
            vec!["no-such-file.json"],
            1,
            "error: cannot read no-such-file.json: ",
        ),
    ] {
        let output = run(&arguments, "");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert_eq!(output.stdout, b"");
        assert!(stderr(&output).contains(text), "{}", stderr(&output));
    }
}

#[test]
fn help_lists_the_keys_and_their_demo_values() {
    let output = program().arg("--help").output().unwrap();
    let help = stdout(&output);
    for word in [
        "CLOUDINARY_URL",
        "PROXY_KEY",
        "THUMBNAIL_KEY",
        "demo-proxy-key",
        "--style",
        "--pretty",
    ] {
        assert!(help.contains(word), "{word}");
    }
}
