//! Properties of API signatures, against a plain implementation of the rules.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod api_json;

use std::collections::BTreeMap;

use proptest::prelude::*;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use url_signer::Secret;
use url_signer::cloudinary::api::{ApiParameters, ApiSignatureVersion, ParameterValue};
use url_signer::cloudinary::{Cloud, SignatureAlgorithm};
use url_signer::url::form_urlencoded;

use self::api_json::hex;

const UNSIGNED: [&str; 5] = [
    "file",
    "cloud_name",
    "resource_type",
    "api_key",
    "signature",
];

/// A value, in the types of the test.
#[derive(Clone, Debug)]
enum Value {
    Text(String),
    Integer(i64),
    Boolean(bool),
    List(Vec<String>),
}

impl Value {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Integer(integer) => integer.to_string(),
            Self::Boolean(boolean) => boolean.to_string(),
            Self::List(items) => items.join(","),
        }
    }
}

impl From<Value> for ParameterValue {
    fn from(value: Value) -> Self {
        match value {
            Value::Text(text) => text.into(),
            Value::Integer(integer) => integer.into(),
            Value::Boolean(boolean) => boolean.into(),
            Value::List(items) => items.into(),
        }
    }
}

type Parameters = BTreeMap<String, Value>;

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ab&=,%26|]{0,8}", any::<String>()]
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => text().prop_map(Value::Text),
        1 => any::<i64>().prop_map(Value::Integer),
        1 => any::<bool>().prop_map(Value::Boolean),
        1 => prop::collection::vec(text(), 0..4).prop_map(Value::List),
    ]
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-z_]{1,3}",
        1 => "[a-zA-Z0-9_&%\\[\\]-]{1,6}",
        1 => prop::sample::select(UNSIGNED.as_slice()).prop_map(str::to_owned),
    ]
}

fn parameters() -> impl Strategy<Value = Parameters> {
    prop::collection::btree_map(name(), value(), 0..6)
}

fn cloud(algorithm: SignatureAlgorithm, version: ApiSignatureVersion) -> Cloud {
    Cloud::new("demo", Secret::new("s3cr3t").unwrap())
        .unwrap()
        .with_api_key("key")
        .unwrap()
        .with_signature_algorithm(algorithm)
        .with_api_signature_version(version)
}

fn signature(parameters: &Parameters, cloud: &Cloud) -> String {
    let parameters = ApiParameters::from_pairs(parameters.clone()).unwrap();
    let signed = cloud.api().unwrap().sign(parameters);
    signed.signature().to_owned()
}

/// The signed pairs.
fn signed_pairs(parameters: &Parameters, version: ApiSignatureVersion) -> Vec<String> {
    let encode = |text: &str| match version {
        ApiSignatureVersion::V1 => text.to_owned(),
        _ => text.split('&').collect::<Vec<_>>().join("%26"),
    };
    let mut pairs = Vec::new();
    for (name, value) in parameters {
        let text = value.text();
        if !text.is_empty() && !UNSIGNED.contains(&&**name) {
            pairs.push(format!("{}={}", encode(name), encode(&text)));
        }
    }
    pairs.sort();
    pairs
}

fn plain_signature(
    parameters: &Parameters,
    algorithm: SignatureAlgorithm,
    version: ApiSignatureVersion,
) -> String {
    let text = signed_pairs(parameters, version).join("&") + "s3cr3t";
    let digest = match algorithm {
        SignatureAlgorithm::Sha1 => Sha1::digest(text).to_vec(),
        _ => Sha256::digest(text).to_vec(),
    };
    hex(&digest)
}

const ALGORITHMS: [SignatureAlgorithm; 2] = [SignatureAlgorithm::Sha1, SignatureAlgorithm::Sha256];
const VERSIONS: [ApiSignatureVersion; 2] = [ApiSignatureVersion::V1, ApiSignatureVersion::V2];

proptest! {
    #[test]
    fn signature_follows_the_plain_rules(parameters in parameters()) {
        for algorithm in ALGORITHMS {
            for version in VERSIONS {
                let signature = signature(&parameters, &cloud(algorithm, version));
                prop_assert_eq!(signature, plain_signature(&parameters, algorithm, version));
            }
        }
    }

    #[test]
    fn order_does_not_change_the_signature(parameters in parameters()) {
        let cloud = cloud(SignatureAlgorithm::Sha1, ApiSignatureVersion::V2);
        let reversed = ApiParameters::from_pairs(parameters.clone().into_iter().rev()).unwrap();
        let reversed = cloud.api().unwrap().sign(reversed);
        prop_assert_eq!(reversed.signature(), signature(&parameters, &cloud));
    }

    #[test]
    fn each_change_changes_the_signature(
        before in parameters(),
        name in name(),
        value in prop::option::of(value()),
        from in any::<prop::sample::Index>(),
    ) {
        let cloud = cloud(SignatureAlgorithm::Sha1, ApiSignatureVersion::V2);
        // Sets or removes a parameter, which is often one of the given ones.
        let name = match before.keys().nth(from.index(before.len() + 1)) {
            Some(known) => known.clone(),
            None => name,
        };
        let mut after = before.clone();
        match value {
            Some(value) => after.insert(name, value),
            None => after.remove(&name),
        };
        // `&` and `%26` have the same signature, and so have lists and their text.
        let pairs = |parameters| signed_pairs(parameters, ApiSignatureVersion::V2);
        let is_same = pairs(&before) == pairs(&after);
        prop_assert_eq!(signature(&before, &cloud) == signature(&after, &cloud), is_same);
    }

    #[test]
    fn version_2_prevents_smuggling(
        (name, other) in ("[a-m]{1,3}", "[n-z]{1,3}"),
        (first, second) in ("[a-z=%]{1,4}", "[a-z=%]{1,4}"),
    ) {
        let joined = Value::Text(format!("{first}&{other}={second}"));
        let one = Parameters::from([(name.clone(), joined)]);
        let two = Parameters::from([
            (name.clone(), Value::Text(first)),
            (other, Value::Text(second.clone())),
        ]);
        let [v1, v2] = VERSIONS.map(|version| cloud(SignatureAlgorithm::Sha1, version));
        prop_assert_eq!(signature(&one, &v1), signature(&two, &v1));
        prop_assert_ne!(signature(&one, &v2), signature(&two, &v2));
        // The other way around: text cannot move from a value to its name.
        let name = format!("{name}={second}");
        prop_assert!(ApiParameters::new().with(name, "x").is_err());
    }

    #[test]
    fn query_contains_the_pairs(parameters in parameters()) {
        let cloud = cloud(SignatureAlgorithm::Sha1, ApiSignatureVersion::V2);
        let parameters = ApiParameters::from_pairs(parameters).unwrap();
        let signed = cloud.api().unwrap().sign(parameters);
        let query = signed.to_string();
        prop_assert!(query.bytes().all(|byte| byte.is_ascii_graphic()));
        let decoded: Vec<(String, String)> =
            form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let pairs = signed.pairs().map(|(name, value)| (name.into(), value.into()));
        prop_assert_eq!(decoded, pairs.collect::<Vec<(String, String)>>());
    }

    #[test]
    fn debug_shows_no_value(value in "[A-Z]{12}") {
        let cloud = cloud(SignatureAlgorithm::Sha1, ApiSignatureVersion::V2);
        let parameters = ApiParameters::new().with("name", &value).unwrap();
        let api = cloud.api().unwrap();
        let signed = api.sign(parameters.clone());
        let form = api.upload_form(1).public_id(&value).sign();
        let download = api.download_private(&value, 1).sign();
        let debug = format!("{parameters:?} {signed:?} {form:?} {download:?} {api:?}");
        for secret in [
            "s3cr3t",
            &value,
            signed.signature(),
            form.parameters().signature(),
            download.parameters().signature(),
        ] {
            prop_assert!(!debug.contains(secret));
        }
    }
}
