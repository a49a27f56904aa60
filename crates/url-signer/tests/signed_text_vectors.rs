//! URLs that the SDKs for PHP, Go, Ruby and .NET sign in their own forms.

#![cfg(feature = "sdk")]
#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::{Map, Value};
use url_signer::Secret;
use url_signer::cloudinary::sdk::Sdk;
use url_signer::cloudinary::{Cloud, PathEncoding, SignatureAlgorithm};

fn lines(jsonl: &str) -> impl Iterator<Item = Value> {
    jsonl
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
}

/// The URL of the SDK layer, for the options of a case.
fn sdk_url(case: &Value, form: PathEncoding) -> String {
    let mut options: Map<String, Value> = case["options"].as_object().unwrap().clone();
    let public_id = case["public_id"].as_str().unwrap();
    let sdk = Sdk::new().with_path_encoding(form);
    let url = match case["transformation"].as_str() {
        Some(transformation) => {
            if options.get("type").is_some_and(|name| name == "fetch") {
                options.remove("format");
            }
            sdk.url_with_raw_transformation(public_id, transformation, &options)
        }
        None => sdk.url(public_id, &options),
    };
    url.unwrap().to_string()
}

fn cloud(options: &Value) -> Cloud {
    let secret = Secret::new(options["api_secret"].as_str().unwrap()).unwrap();
    let mut cloud = Cloud::new(options["cloud_name"].as_str().unwrap(), secret)
        .unwrap()
        .with_accepted_algorithm(SignatureAlgorithm::Sha256);
    if let Some(host) = options["secure_distribution"].as_str() {
        cloud = cloud
            .with_secure_distribution(host.parse().unwrap())
            .unwrap();
    }
    if let Some(host) = options["cname"].as_str() {
        cloud = cloud.with_cname(host.parse().unwrap()).unwrap();
    }
    if options["private_cdn"] == true {
        cloud = cloud.with_private_cdn().unwrap();
    }
    cloud
}

#[test]
fn recorded_urls_of_ruby_and_dot_net_are_equal() {
    let (mut equal, mut ambiguous) = (0, 0);
    for case in lines(include_str!("data/signed_text_suites.jsonl")) {
        let expected = case["expected"].as_str().unwrap();
        let cloud = cloud(&case["options"]);
        let form = match case["sdk"].as_str().unwrap() {
            "ruby" => PathEncoding::Decoded,
            "dotnet" => PathEncoding::DotNet,
            other => panic!("{other}"),
        };
        // The signed text `testFolder/ TestImage.jpg` is that of another public id.
        if expected.contains("%2520Test") {
            ambiguous += 1;
            assert!(cloud.verify(expected).is_err(), "{expected}");
            continue;
        }
        equal += 1;
        assert_eq!(sdk_url(&case, form), expected);
        let verified = cloud.verify(expected).unwrap();
        assert_ne!(verified.path_encoding(), PathEncoding::DotNet);
    }
    assert_eq!((equal, ambiguous), (19, 6));
}

#[test]
fn a_percent_encoded_public_id_is_signed_as_given() {
    let (mut raw, mut as_given) = (0, 0);
    for case in lines(include_str!("data/delivery_raw_signed.jsonl")) {
        let Some(expected) = case["url_signed_raw"].as_str() else {
            continue;
        };
        raw += 1;
        as_given += usize::from(case["public_id"].as_str().unwrap().contains('%'));
        assert_eq!(sdk_url(&case, PathEncoding::Raw), expected);
        assert!(
            cloud(&case["options"]).verify(expected).is_ok(),
            "{expected}"
        );
    }
    assert_eq!((raw, as_given), (176, 24));
}

#[test]
fn the_sdks_sign_four_texts() {
    let case = serde_json::json!({
        "public_id": "a b",
        "options": {
            "cloud_name": "demo",
            "api_secret": "abcd",
            "sign_url": true,
            "overlay": { "font_family": "Arial", "font_size": 18, "text": "Hello, world" },
        },
    });
    for (form, signature) in [
        (PathEncoding::Encoded, "VIufmhQl"),
        (PathEncoding::Decoded, "vq3Hp2hL"),
        (PathEncoding::Raw, "JMPBIRHg"),
        (PathEncoding::DotNet, "VIufmhQl"),
    ] {
        let expected = format!(
            "https://res.cloudinary.com/demo/image/upload/s--{signature}--/l_text:Arial_18:Hello%252C%20world/a%20b"
        );
        assert_eq!(sdk_url(&case, form), expected);
        let verified = cloud(&case["options"]);
        let verified = verified.verify(&expected).unwrap();
        assert_eq!(
            verified.path_encoding() == PathEncoding::Encoded,
            signature == "VIufmhQl"
        );
    }
}
