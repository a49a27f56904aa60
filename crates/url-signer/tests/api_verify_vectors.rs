//! Webhooks, notifications, responses and search URLs verify as in the test suites of the
//! official SDKs.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unreachable,
    reason = "tests"
)]

use serde_json::Value;
use url_signer::Secret;
use url_signer::cloudinary::api::WebhookError;
use url_signer::cloudinary::{Cloud, SignatureAlgorithm};

fn cases() -> impl Iterator<Item = Value> {
    include_str!("data/suites/api.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
}

/// The arguments of a call, by name.
struct Call<'a> {
    case: &'a Value,
    names: &'a [&'a str],
}

impl Call<'_> {
    /// Returns an argument. PHP names them, all other SDKs number them.
    fn argument(&self, name: &str) -> Value {
        let case = self.case;
        let index = self.names.iter().position(|each| *each == name).unwrap();
        let camel_case = match name {
            "public_id" => "publicId",
            "valid_for" => "validFor",
            _ => name,
        };
        [
            case["args"].get(index),
            case["args"].get(camel_case),
            case["kwargs"].get(name),
        ]
        .into_iter()
        .flatten()
        .find(|value| !value.is_null())
        .cloned()
        .unwrap_or_default()
    }

    /// Returns an argument as the text that is signed.
    fn text(&self, name: &str) -> Option<String> {
        match self.argument(name) {
            Value::Null => None,
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            other => panic!("{other}"),
        }
    }

    /// Returns the account, or `None` without a secret.
    fn cloud(&self) -> Option<Cloud> {
        let case = self.case;
        let config = match &case["cfg"] {
            Value::Null => &case["config"],
            cfg => &cfg["cloud"],
        };
        let options = case["args"].get(5);
        let secret = [options, Some(config)]
            .into_iter()
            .flatten()
            .find_map(|options| options["api_secret"].as_str())?;
        let algorithm = self.text("algorithm");
        let algorithm = algorithm
            .as_deref()
            .or(config["signature_algorithm"].as_str());
        let algorithm: SignatureAlgorithm =
            algorithm.map_or_else(SignatureAlgorithm::default, |name| name.parse().unwrap());
        let cloud = Cloud::new("test123", Secret::new(secret).unwrap()).unwrap();
        Some(cloud.with_signature_algorithm(algorithm))
    }

    fn now(&self) -> i64 {
        match &self.case["now"] {
            // The suite sets the clock to this time.
            _ if self.case["sdk"] == "php" => 1_549_533_574,
            Value::String(now) => now.parse().unwrap(),
            now => now.as_i64().unwrap(),
        }
    }
}

/// Calls `verify` for each case of these functions. Returns how many cases the SDK
/// accepts, rejects and raises an error for.
fn count(
    functions: &[&str],
    names: &[&str],
    verify: impl Fn(&Call<'_>) -> Option<bool>,
) -> [usize; 3] {
    let mut counts = [0; 3];
    for case in cases().filter(|case| functions.iter().any(|name| case["fn"] == *name)) {
        let call = Call { case: &case, names };
        let expected = case.get("result").and_then(Value::as_bool);
        assert_eq!(verify(&call), expected, "{case}");
        counts[match expected {
            Some(true) => 0,
            Some(false) => 1,
            None => 2,
        }] += 1;
    }
    counts
}

const WEBHOOK: [&str; 5] = ["body", "timestamp", "signature", "valid_for", "algorithm"];

/// Returns `None` for arguments that no program can pass: a missing secret, or a body that
/// is not a text.
fn verify_webhook(call: &Call<'_>) -> Option<bool> {
    let cloud = call.cloud()?;
    if call.case["sdk"] != "node" {
        call.argument("body").as_str()?;
    }
    if call.case["sdk"] == "php" {
        call.text("timestamp")?;
        call.text("signature")?;
    }
    let [body, timestamp, signature] =
        ["body", "timestamp", "signature"].map(|name| call.text(name).unwrap_or_default());
    let now = call.now();
    let body = body.as_bytes();
    let verified = match call.text("valid_for") {
        Some(seconds) => {
            let seconds = seconds.parse().unwrap();
            cloud.verify_webhook_within(seconds, &timestamp, &signature, body, now)
        }
        None => cloud.verify_webhook(&timestamp, &signature, body, now),
    };
    // The suite uses a timestamp in milliseconds, which is in the future. The SDK accepts it.
    if timestamp == "7952342400000" {
        let timestamp = 7_952_342_400_000;
        assert_eq!(verified, Err(WebhookError::InFuture { timestamp }));
        return Some(true);
    }
    Some(verified == Ok(body))
}

#[test]
fn webhooks_verify_as_in_the_suites() {
    let functions = [
        "verify_notification_signature",
        "verifyNotificationSignature",
    ];
    let counts = count(&functions, &WEBHOOK, verify_webhook);
    assert_eq!(counts, [16, 23, 8]);
}

#[test]
fn webhook_signatures_of_node_verify() {
    let mut count = 0;
    for case in cases().filter(|case| case["fn"] == "webhook_signature") {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            number => number.to_string(),
        };
        // JavaScript adds absent values to texts. No webhook has such a timestamp.
        let [body, timestamp] = match &case["args"].as_array().unwrap()[..2] {
            [Value::Null, Value::Null] => [String::new(), "NaN".to_owned()],
            [body, Value::Null] => [text(body), "undefined".to_owned()],
            [body, timestamp] => [text(body), text(timestamp)],
            _ => unreachable!(),
        };
        let options = case["args"].get(2).unwrap_or(&case["config"]);
        let algorithm = options["signature_algorithm"].as_str().unwrap_or("sha1");
        let secret = Secret::new(options["api_secret"].as_str().unwrap()).unwrap();
        let cloud = Cloud::new("test123", secret)
            .unwrap()
            .with_signature_algorithm(algorithm.parse().unwrap());
        let verified = cloud.verify_webhook(
            &timestamp,
            case["result"].as_str().unwrap(),
            body.as_bytes(),
            timestamp.split('.').next().unwrap().parse().unwrap_or(0),
        );
        let expected = match case["args"][1] {
            Value::Null => Err(WebhookError::Timestamp),
            _ => Ok(body.as_bytes()),
        };
        assert_eq!(verified, expected, "{case}");
        count += 1;
    }
    assert_eq!(count, 8);
}

#[test]
fn polled_notifications_verify_as_in_the_suite() {
    let counts = count(&["verify_notification"], &WEBHOOK, |call| {
        let message = &call.case["args"][0];
        let [payload, signature, timestamp] =
            ["signed_payload", "signature", "timestamp"].map(|key| message.get(key)?.as_str());
        let [payload, signature, timestamp] = [payload?, signature?, timestamp?];
        let cloud = call.cloud()?;
        let now = call.now();
        let verified = match call.case["kwargs"]["valid_for"].as_u64() {
            Some(seconds) => {
                cloud.verify_notification_within(seconds, timestamp, signature, payload, now)
            }
            None => cloud.verify_notification(timestamp, signature, payload, now),
        };
        if let Ok(body) = &verified {
            let body: Value = serde_json::from_slice(body).unwrap();
            assert_eq!(body, message["payload"]);
        }
        Some(verified.is_ok())
    });
    assert_eq!(counts, [3, 3, 3]);
}

#[test]
fn responses_verify_as_in_the_suites() {
    let functions = [
        "verify_api_response_signature",
        "verifyApiResponseSignature",
    ];
    let names = ["public_id", "version", "signature", "algorithm"];
    let counts = count(&functions, &names, |call| {
        let cloud = call.cloud()?;
        let public_id = call.text("public_id").unwrap();
        // A response without a version has no signature either.
        let version = call.text("version").unwrap_or("0".to_owned());
        let signature = call.text("signature").unwrap_or_default();
        let verified = cloud.verify_response(&public_id, version.parse().unwrap(), &signature);
        Some(verified.is_ok())
    });
    assert_eq!(counts, [14, 13, 2]);
}

#[test]
fn images_validate_as_in_the_suite() {
    let counts = count(&["validate"], &["image", "algorithm"], |call| {
        let image = &call.case["args"][0];
        let version = image["version"].as_str().unwrap_or("0");
        let verified = call.cloud()?.verify_response(
            image["public_id"].as_str()?,
            version.parse().unwrap(),
            image["signature"].as_str().unwrap_or_default(),
        );
        Some(verified.is_ok())
    });
    assert_eq!(counts, [1, 2, 0]);
}
