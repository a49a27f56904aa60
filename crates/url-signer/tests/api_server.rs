//! Signatures of a server that replaces Cloudinary, compared with those of the official
//! SDKs.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests"
)]

mod api_json;

use serde_json::Value;
use url_signer::Secret;
use url_signer::cloudinary::api::{ApiParameters, ApiSignatureVersion};
use url_signer::cloudinary::{Cloud, SignatureAlgorithm};

use self::api_json::{cases, cloud, parameters};

const AGREED: &str = include_str!("data/api_agreed.jsonl");
const SIGNATURES: &str = include_str!("data/suites/api_sign_request.jsonl");
const SUITES: &str = include_str!("data/suites/api.jsonl");

/// The names that `verify_request` excludes from the signed text.
const UNSIGNED: [&str; 5] = [
    "file",
    "cloud_name",
    "resource_type",
    "api_key",
    "signature",
];

/// The calls on which the SDKs for Python and Node agree.
fn calls(call: &str) -> impl Iterator<Item = Value> {
    cases(AGREED).filter(move |case| case["call"] == call)
}

fn demo() -> Cloud {
    "cloudinary://key:abcd@demo".parse().unwrap()
}

fn with_algorithm(case: &Value) -> Cloud {
    let algorithm = case["algorithm"].as_str().unwrap();
    demo().with_signature_algorithm(algorithm.parse().unwrap())
}

#[test]
fn signed_webhooks_equal_those_of_both_sdks() {
    let mut count = 0;
    for case in calls("verify_notification").filter(|case| case["result"] == true) {
        let timestamp = case["timestamp"].as_i64().unwrap();
        let body = case["body"].as_str().unwrap();
        let signed = with_algorithm(&case).sign_webhook(timestamp, body.as_bytes());
        assert_eq!(signed.signature(), case["signature"], "{case}");
        assert_eq!(signed.timestamp(), timestamp.to_string());
        count += 1;
    }
    assert_eq!(count, 24);
}

#[test]
fn signed_webhooks_equal_those_of_the_node_suite() {
    let mut count = 0;
    for case in cases(SUITES).filter(|case| case["fn"] == "webhook_signature") {
        let args = &case["args"];
        // Cloudinary sends no fraction.
        let Some(timestamp) = args[1].as_i64() else {
            continue;
        };
        let options = case["args"].get(2).unwrap_or(&case["config"]);
        let algorithm = options["signature_algorithm"].as_str().unwrap_or("sha1");
        let cloud = cloud(options["api_secret"].as_str().unwrap(), algorithm, 2);
        let signed = cloud.sign_webhook(timestamp, args[0].as_str().unwrap().as_bytes());
        assert_eq!(signed.signature(), case["result"], "{case}");
        count += 1;
    }
    assert_eq!(count, 2);
}

#[test]
fn signed_responses_equal_those_of_both_sdks() {
    let mut count = 0;
    for case in calls("verify_response").filter(|case| case["result"] == true) {
        let public_id = case["public_id"].as_str().unwrap();
        let version = case["version"].as_u64().unwrap();
        // Responses have version 1, whatever the version of requests is.
        for request_version in [ApiSignatureVersion::V1, ApiSignatureVersion::V2] {
            let cloud = with_algorithm(&case).with_api_signature_version(request_version);
            let signature = cloud.sign_response(public_id, version);
            assert_eq!(signature, case["signature"], "{case}");
        }
        count += 1;
    }
    assert_eq!(count, 49);
}

#[test]
fn requests_of_the_suites_verify() {
    let (mut verified, mut with_unsigned) = (0, 0);
    for case in cases(SIGNATURES) {
        let text = |name: &str| case[name].as_str().unwrap();
        if Secret::new(text("secret")).is_err() {
            continue;
        }
        let version = case["signature_version"].as_i64().unwrap();
        let cloud = cloud(text("secret"), text("algorithm"), version);
        let given = parameters(&case["params"]);
        let is_valid = cloud.verify_request(&given, text("expected")).is_ok();
        // The recorded function signs all parameters. Requests exclude some of them.
        let is_unsigned = |name: &str| {
            let value = &case["params"][name];
            !value.is_null() && *value != ""
        };
        let has_unsigned = UNSIGNED.iter().any(|name| is_unsigned(name));
        assert_eq!(is_valid, !has_unsigned, "{case}");
        if has_unsigned {
            with_unsigned += 1;
            continue;
        }
        verified += 1;
        let changed = given.with("public_id", "changed").unwrap();
        assert!(cloud.verify_request(&changed, text("expected")).is_err());
        let other = self::cloud("other", text("algorithm"), version);
        let given = parameters(&case["params"]);
        assert!(other.verify_request(&given, text("expected")).is_err());
    }
    assert_eq!((verified, with_unsigned), (139, 23));
}

#[test]
fn upload_forms_of_both_sdks_verify() {
    let cloud = demo();
    let mut count = 0;
    for case in calls("upload_form") {
        let fields = case["result"].as_object().unwrap().iter();
        let fields: Vec<_> = fields
            .map(|(name, value)| (name.clone(), api_json::value(value).to_string()))
            .collect();
        let signature = case["result"]["signature"].as_str().unwrap();
        let verify = |fields: &[(String, String)]| {
            let given = ApiParameters::from_pairs(fields.iter().cloned()).unwrap();
            cloud.verify_request(&given, signature).is_ok()
        };
        assert!(verify(&fields), "{case}");
        for (index, (name, _)) in fields.iter().enumerate() {
            let is_signed = !UNSIGNED.contains(&&**name);
            let mut changed = fields.clone();
            changed[index].1.push('x');
            assert_eq!(verify(&changed), !is_signed, "{name} of {case}");
            changed.remove(index);
            assert_eq!(verify(&changed), !is_signed, "{name} of {case}");
        }
        let mut added = fields.clone();
        added.push(("eager".into(), "w_1".into()));
        assert!(!verify(&added), "{case}");
        count += 1;
    }
    assert_eq!(count, 100);
}

#[test]
fn requests_of_one_signature_version_verify() {
    // `printf 'a=b&c=dabcd' | sha1sum` and `printf 'a=b%%26c=dabcd' | sha1sum`
    let v1 = "ef1f04e0c1af08208a3dd28483107bc7f4a61209";
    let v2 = "142c83f9bb2d825f2fe89093ba4768852799e02c";
    let given = ApiParameters::new().with("a", "b&c=d").unwrap();
    let other = ApiParameters::from_pairs([("a", "b"), ("c", "d")]).unwrap();
    for (version, v1_is_valid) in [
        (ApiSignatureVersion::V1, true),
        (ApiSignatureVersion::V2, false),
    ] {
        let cloud = demo().with_api_signature_version(version);
        let is_valid = |given, signature| cloud.verify_request(given, signature).is_ok();
        assert_eq!(is_valid(&given, v1), v1_is_valid);
        assert_eq!(is_valid(&given, v2), !v1_is_valid);
        // In version 1, these parameters have the signature of the ones above.
        assert!(is_valid(&other, v1));
        assert!(!is_valid(&other, v2));
    }
}

#[test]
fn retired_keys_and_accepted_algorithms_verify() {
    let given = ApiParameters::new().with("timestamp", 1).unwrap();
    let signer = demo();
    let signature = signer.api().unwrap().sign(given.clone());
    let signature = signature.signature();
    let new = |secret| Cloud::new("demo", Secret::new(secret).unwrap()).unwrap();
    let is_valid = |cloud: &Cloud| cloud.verify_request(&given, signature).is_ok();
    assert!(!is_valid(&new("new")));
    let retired = new("new").with_retired_key(Secret::new("abcd").unwrap());
    assert!(is_valid(&retired));
    let sha256 = retired.with_signature_algorithm(SignatureAlgorithm::Sha256);
    assert!(!is_valid(&sha256));
    assert!(is_valid(
        &sha256.with_accepted_algorithm(SignatureAlgorithm::Sha1)
    ));
    for signature in ["", &signature[1..], &signature.to_uppercase()] {
        assert!(signer.verify_request(&given, signature).is_err());
    }
}

#[test]
fn debug_hides_the_signature_of_a_webhook() {
    let signed = demo().sign_webhook(1, b"{}");
    assert_eq!(
        format!("{signed:?}"),
        "WebhookSignature { timestamp: \"1\", .. }"
    );
}
