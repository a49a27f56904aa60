//! URLs, transformations and tokens of the official SDKs, from their options.
#![cfg(feature = "sdk")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unreachable,
    reason = "tests"
)]

use std::error::Error;

use serde_json::{Map, Value, json};
use url_signer::cloudinary::sdk::{Sdk, SdkError, SdkUrl, SdkWarning};

fn lines(jsonl: &str) -> impl Iterator<Item = Value> {
    jsonl
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
}

fn url(case: &Value) -> Result<SdkUrl, SdkError> {
    let options: &Map<String, Value> = case["options"].as_object().unwrap();
    let public_id = case["public_id"].as_str().unwrap();
    let transformation = case["transformation"].as_str().unwrap_or_default();
    Sdk::new().url_with_raw_transformation(public_id, transformation, options)
}

#[test]
fn urls_equal_the_sdks() {
    let mut count = 0;
    for case in lines(include_str!("data/delivery.jsonl"))
        .chain(lines(include_str!("data/delivery_suffix_any_type.jsonl")))
        .chain(lines(include_str!("data/delivery_percent_signed.jsonl")))
        .chain(lines(include_str!("data/delivery_more.jsonl")))
        .chain(lines(include_str!("data/delivery_python.jsonl")))
    {
        let expected = case.get("url").unwrap_or(&case["url_signed_escaped"]);
        assert_eq!(url(&case).unwrap().as_str(), expected, "{case}");
        count += 1;
    }
    assert_eq!(count, 1471 + 76 + 202 + 2676 + 205);
}

#[test]
fn the_format_of_fetched_assets_is_a_parameter() {
    let sdk = Sdk::new();
    let source = "https://example.org/a";
    for (more, transformation) in [
        (json!({}), "f_png"),
        (json!({ "crop": "fit", "width": 9 }), "c_fit,f_png,w_9"),
        (json!({ "raw_transformation": "a_1/b_2" }), "f_png,a_1/b_2"),
        (json!({ "fetch_format": "jpg" }), "f_jpg"),
    ] {
        let mut options = more.as_object().unwrap().clone();
        options.insert("cloud_name".to_owned(), "demo".into());
        options.insert("type".to_owned(), "fetch".into());
        options.insert("format".to_owned(), "png".into());
        let expected =
            format!("https://res.cloudinary.com/demo/image/fetch/{transformation}/{source}");
        let url = sdk.url(source, &options).unwrap();
        assert_eq!(url.as_str(), expected);
        let through = transformation.parse().unwrap();
        let url = sdk
            .url_with_transformation(source, &through, &options)
            .unwrap();
        assert_eq!(url.as_str(), expected);
        // A transformation without a format gets it.
        let raw = more["raw_transformation"].as_str().unwrap_or_default();
        let url = sdk.url_with_transformation(source, &raw.parse().unwrap(), &options);
        let with_raw = sdk.url(source, &{
            let mut options = options.clone();
            options.retain(|option, _| !matches!(&**option, "crop" | "width" | "fetch_format"));
            options
        });
        assert_eq!(url.unwrap(), with_raw.unwrap());
    }
}

#[test]
fn inputs_that_the_sdks_reject_are_rejected() {
    let texts = [
        "raw/private does not support a URL suffix",
        "raw/private does not support a URL suffix",
        "image/facebook does not support a URL suffix",
        "image/facebook does not support a URL suffix",
        "unexpected '/' in URL suffix `a/b`",
        "unexpected '.' in URL suffix `a.b`",
        "image/private does not support the root path",
        "raw/upload does not support the root path",
        "invalid option `signature_algorithm`: expected `sha1` or `sha256`",
        "token has no expiration; set `expiration`, or `duration` with a start",
        "token has neither `acl` nor `url`",
        "token has no key",
    ];
    let cases: Vec<_> = lines(include_str!("data/errors.jsonl")).collect();
    assert_eq!(cases.len(), texts.len());
    for (case, text) in cases.iter().zip(texts) {
        let input = &case["input"];
        let error = if case["category"] == "token" {
            Sdk::new()
                .token(input["input"].as_object().unwrap())
                .unwrap_err()
        } else {
            url(input).unwrap_err()
        };
        assert!(error.to_string().starts_with(text), "{error}");
    }
}

#[test]
fn transformations_equal_the_sdk() {
    let (mut count, mut encoded) = (0, 0);
    for case in lines(include_str!("data/transformations.jsonl")) {
        let options = case["options"].as_object().unwrap();
        let expected = case["transformation"].as_str().unwrap();
        encoded += expected.matches(FETCHED_BY_PYTHON).count();
        let expected = expected.replace(FETCHED_BY_PYTHON, FETCHED_BY_NODE);
        let transformation =
            Sdk::transformation(options).map_err(|error| format!("{error}: {case}"));
        assert_eq!(transformation.unwrap().as_str(), expected, "{case}");
        count += 1;
    }
    assert_eq!((count, encoded), (1466, 15));
}

/// A layer of `https://example.com/é.jpg`. The SDK for Python, which created the cases,
/// does not percent-encode the URL. The SDK for Node does.
const FETCHED_BY_PYTHON: &str = "fetch:aHR0cHM6Ly9leGFtcGxlLmNvbS_DqS5qcGc=";
const FETCHED_BY_NODE: &str = "fetch:aHR0cHM6Ly9leGFtcGxlLmNvbS8lQzMlQTkuanBn";

#[test]
fn errors_suggest_how_to_write_folders() {
    for (option, text, error) in [
        (
            "overlay",
            "sub/icon",
            "unexpected '/' at byte 3; write `sub:icon`, or `{public_id: \"sub/icon\"}`",
        ),
        (
            "underlay",
            "a b%2Fc",
            "unexpected '/' at byte 3; write `a%20b:c`, or `{public_id: \"a b%2Fc\"}`",
        ),
        (
            "overlay",
            "video:sub/clip",
            "unexpected '/' at byte 9; write `video:sub:clip`",
        ),
        (
            "overlay",
            "text:Arial_20:a/b",
            "unexpected '/' at byte 15; write `%252F`, or `{text: …}`",
        ),
        (
            "overlay",
            "https://example.org/a.png",
            "unexpected '/' at byte 6; write `{url: \"https://example.org/a.png\"}`",
        ),
        (
            "default_image",
            "sub/icon.png",
            "unexpected '/' at byte 3; write `sub:icon.png`",
        ),
        (
            "default_image",
            "https://example.org/a.png",
            "expected a public id, not a URL",
        ),
    ] {
        let options = json!({ option: text });
        let rejected = Sdk::transformation(options.as_object().unwrap()).unwrap_err();
        let error = format!("invalid option `{option}`: {error}");
        assert_eq!(rejected.to_string(), error);
    }
    // The suggestions have the same result.
    for (options, expected) in [
        (json!({ "overlay": "sub:icon" }), "l_sub:icon"),
        (
            json!({ "overlay": { "public_id": "sub/icon" } }),
            "l_sub:icon",
        ),
        (json!({ "default_image": "sub:icon.png" }), "d_sub:icon.png"),
        (
            json!({ "overlay": { "url": "https://www.example.com/ä ö.jpg" } }),
            "l_fetch:aHR0cHM6Ly93d3cuZXhhbXBsZS5jb20vJUMzJUE0JTIwJUMzJUI2LmpwZw==",
        ),
        (
            json!({ "overlay": "fetch:https://www.example.com/ä ö.jpg" }),
            "l_fetch:aHR0cHM6Ly93d3cuZXhhbXBsZS5jb20vJUMzJUE0JTIwJUMzJUI2LmpwZw==",
        ),
    ] {
        let transformation = Sdk::transformation(options.as_object().unwrap());
        assert_eq!(transformation.unwrap().as_str(), expected);
    }
}

#[test]
fn broken_urls_and_useless_tokens_are_rejected() {
    let rejected = |public_id: &str, options: Value| {
        let mut options = options.as_object().unwrap().clone();
        options.insert("cloud_name".to_owned(), "demo".into());
        options.insert("api_secret".to_owned(), "abcd".into());
        let error = Sdk::new().with_now(1).url(public_id, &options).unwrap_err();
        match error.source() {
            Some(source) => {
                assert!(!error.to_string().contains(&source.to_string()));
                format!("{error}: {source}")
            }
            None => error.to_string(),
        }
    };
    for (public_id, options, text) in [
        (
            "http://a\nhttps://b",
            json!({}),
            "unexpected white space or control character in the URL",
        ),
        (
            "a",
            json!({ "sign_url": true, "auth_token": { "key": "00", "duration": 1, "ip": "1~exp=99" } }),
            "invalid token IP address `1~exp=99`",
        ),
        (
            "a",
            json!({ "offset": "1-2" }),
            "invalid option `offset`: expected a range of seconds or percentages, such as `2.5..4`, or a list of both ends",
        ),
        (
            "a",
            json!({ "width": "1,h_2" }),
            "invalid option `width`: unexpected ',' at byte 1 of the expression",
        ),
        (
            "a",
            json!({ "overlay": { "public_id": "fetch/aHR0cA" } }),
            "invalid option `overlay`: invalid public id of a layer `fetch/aHR0cA`: its first folder is parsed as a layer type",
        ),
    ] {
        assert_eq!(rejected(public_id, options), text);
    }
}

#[test]
fn null_options_are_ignored() {
    let options = json!({
        "cloud_name": "demo", "width": null, "raw_transformation": null, "border": null,
        "transformation": null, "version": null, "format": null, "auth_token": null,
    });
    let url = Sdk::new().url("a", options.as_object().unwrap()).unwrap();
    assert_eq!(
        url.as_str(),
        "https://res.cloudinary.com/demo/image/upload/a"
    );
    assert_eq!(url.warnings(), []);
}

#[test]
fn empty_parameters_are_reported_by_position() {
    let sdk: Sdk = "cloudinary://key:abcd@demo".parse().unwrap();
    for (raw, position) in [
        ("l_banana,/fl_layer_apply", Some(9)),
        ("c_fill,,w_100", Some(7)),
        ("w_1/,h_2", Some(4)),
        ("w_1%2C%2ch_2", Some(6)),
        ("w_1,h_2/a_3", None),
    ] {
        let expected = position.map(|position| SdkWarning::EmptyParameter { position });
        let options = json!({ "sign_url": true, "raw_transformation": raw });
        let options = options.as_object().unwrap();
        let url = sdk.url("a", options).unwrap();
        let through = sdk.url_with_raw_transformation("a", raw, options).unwrap();
        assert_eq!(url, through);
        assert!(url.as_str().ends_with(&format!("--/{raw}/a")), "{url}");
        assert_eq!(url.warnings().first(), expected.as_ref());

        let transformation = Sdk::transformation(options);
        assert_eq!(transformation.is_err(), position.is_some(), "{raw}");
    }
    // The position counts from the start of the whole transformation.
    let options = json!({ "transformation": [{ "angle": 90 }, { "raw_transformation": "w_1," }] });
    let url = sdk.url("a", options.as_object().unwrap()).unwrap();
    assert_eq!(url.warnings(), [SdkWarning::EmptyParameter { position: 9 }]);
    let error = Sdk::transformation(options.as_object().unwrap()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "empty parameter at byte 9 of the transformation; remove a `,`"
    );
}

#[test]
fn folders_like_versions_are_reported_by_position() {
    let sdk: Sdk = "cloudinary://key:abcd@demo".parse().unwrap();
    for (public_id, more, path, found) in [
        ("v1/foo", json!({}), "image/upload/v1/foo", Some(("v1", 0))),
        (
            "a/v2/b",
            json!({}),
            "image/upload/v1/a/v2/b",
            Some(("v2", 2)),
        ),
        (
            "%763%2Fb",
            json!({ "version": 5 }),
            "image/upload/v5/v3/b",
            Some(("v3", 0)),
        ),
        (
            "v4",
            json!({ "url_suffix": "s" }),
            "images/v4/s",
            Some(("v4", 0)),
        ),
        (
            "v4",
            json!({ "url_suffix": "s", "version": 5 }),
            "images/v5/v4/s",
            None,
        ),
        (
            "a/v4",
            json!({ "url_suffix": "s" }),
            "images/v1/a/v4/s",
            None,
        ),
        ("v4", json!({}), "image/upload/v4", None),
        (
            "https://e.org/v1/a",
            json!({ "type": "fetch" }),
            "image/fetch/https://e.org/v1/a",
            None,
        ),
    ] {
        let url = sdk.url(public_id, more.as_object().unwrap()).unwrap();
        let expected = format!("https://res.cloudinary.com/demo/{path}");
        assert_eq!(url.as_str(), expected);
        let found = found.map(|(folder, position)| SdkWarning::VersionFolder {
            folder: folder.to_owned(),
            position,
        });
        assert_eq!(url.warnings(), found.as_slice());
    }
}

#[test]
fn a_token_that_replaces_the_signature_is_reported() {
    let sdk: Sdk = "cloudinary://key:abcd@demo?auth_token[key]=00&auth_token[expiration]=9"
        .parse()
        .unwrap();
    let replaced = [SdkWarning::SignatureReplacedByToken];
    for (options, is_signed, warnings) in [
        (json!({ "sign_url": true }), false, &replaced[..]),
        (
            json!({ "sign_url": true, "auth_token": { "acl": "/*" } }),
            false,
            &replaced[..],
        ),
        (
            json!({ "sign_url": true, "auth_token": { "set_url_signature": false } }),
            false,
            &replaced[..],
        ),
        (
            json!({ "sign_url": true, "auth_token": { "set_url_signature": true } }),
            true,
            &[],
        ),
        (json!({ "sign_url": true, "auth_token": false }), true, &[]),
        (json!({}), false, &[SdkWarning::TokenWithoutSignUrl]),
    ] {
        let url = sdk.url("a", options.as_object().unwrap()).unwrap();
        assert_eq!(url.as_str().contains("/s--"), is_signed, "{options}");
        assert_eq!(url.warnings(), warnings, "{options}");
    }
}

#[test]
fn implausible_secrets_of_a_call_are_reported() {
    let sdk: Sdk = "cloudinary://key:'hush'@demo".parse().unwrap();
    assert_eq!(sdk.warnings().len(), 1);
    let url = sdk.url("a", &Map::new()).unwrap();
    assert_eq!(url.warnings(), []);
    let options = json!({ "api_secret": "<hush>", "sign_url": true });
    let url = sdk.url("a", options.as_object().unwrap()).unwrap();
    let [warning] = url.warnings() else {
        unreachable!("{:?}", url.warnings());
    };
    assert_eq!(
        warning.to_string(),
        "`api_secret` is probably not the intended secret: it is a placeholder"
    );
}
