//! Delivery URLs of the shape that the payload needs, as the official SDKs
//! print them: signed, on https, of the types `upload`, `private` and
//! `authenticated`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests"
)]

use serde_json::Value;
use url::Url;
use url_signer::cloudinary::{Asset, Cloud, DeliveryUrl, SignatureForm, Transformation};
use url_signer::{Host, Secret};

/// A case: what is signed, how, and the URL that comes of it.
struct Case {
    cloud: Cloud,
    asset: Asset,
    transformation: Transformation,
    url: String,
}

/// The cases of a file that are of this shape; `url` names the key of theirs.
fn cases(jsonl: &str, url: &str) -> Vec<Case> {
    jsonl
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter_map(|case| of_this_shape(&case, case[url].as_str()?))
        .collect()
}

fn of_this_shape(case: &Value, url: &str) -> Option<Case> {
    let options = case["options"].as_object().unwrap();
    let flag = |name: &str| options.get(name).is_some_and(|value| value == true);
    let text = |name: &str| options.get(name).and_then(Value::as_str);
    let foreign = [
        "auth_token",
        "cdn_subdomain",
        "cname",
        "force_version",
        "responsive_width",
        "secure_cdn_subdomain",
        "shorten",
        "url_suffix",
        "use_root_path",
    ];
    if !flag("secure")
        || !flag("sign_url")
        || foreign.iter().any(|name| options.contains_key(*name))
    {
        return None;
    }
    let mut cloud = Cloud::new(
        text("cloud_name").unwrap(),
        Secret::new(text("api_secret").unwrap()).unwrap(),
    )
    .unwrap()
    .with_signature_form(
        match (text("signature_algorithm"), flag("long_url_signature")) {
            (_, true) => SignatureForm::Sha256Long,
            (Some("sha256"), false) => SignatureForm::Sha256,
            (algorithm, false) => {
                assert!(matches!(algorithm, None | Some("sha1")), "{algorithm:?}");
                SignatureForm::Sha1
            }
        },
    );
    if flag("private_cdn") {
        cloud = cloud.with_private_cdn().unwrap();
    }
    if let Some(host) = text("secure_distribution") {
        cloud = cloud.with_secure_distribution(Host::new(host).unwrap());
    }

    // A raw control character in a public id is refused here; the same one
    // escaped is not, and the SDKs make the same URL of both.
    let public_id = case["public_id"].as_str().unwrap().replace('\t', "%09");
    if public_id.starts_with("http") {
        return None;
    }
    let mut asset = Asset::new(&public_id)
        .unwrap()
        .with_resource_type(text("resource_type").unwrap_or("image").parse().unwrap())
        .with_delivery_type(text("type").unwrap_or("upload").parse().ok()?);
    if let Some(format) = text("format") {
        asset = asset.with_extension(format).unwrap();
    }
    match options.get("version") {
        Some(Value::Number(version)) => asset = asset.with_version(version.as_u64().unwrap()),
        Some(Value::String(version)) => asset = asset.with_version(version.parse().unwrap()),
        _ => {}
    }
    Some(Case {
        cloud,
        asset,
        transformation: case["transformation"].as_str().unwrap().parse().unwrap(),
        url: url.to_owned(),
    })
}

fn all_cases() -> Vec<Case> {
    let mut all = cases(include_str!("data/delivery.jsonl"), "url");
    assert_eq!(all.len(), 221, "cases of delivery.jsonl");
    let escaped = cases(
        include_str!("data/delivery_percent_signed.jsonl"),
        "url_signed_escaped",
    );
    assert_eq!(escaped.len(), 148, "cases of delivery_percent_signed.jsonl");
    all.extend(escaped);
    all
}

#[test]
fn each_is_printed_as_the_official_sdks_print_it() {
    for case in all_cases() {
        let Case {
            cloud,
            asset,
            transformation,
            url,
        } = &case;
        assert_eq!(cloud.sign(transformation, asset).to_string(), *url);
    }
}

#[test]
fn a_compiled_transformation_gives_the_same_url_also_with_another_cloud() {
    let other_forms = [
        SignatureForm::Sha1,
        SignatureForm::Sha256,
        SignatureForm::Sha256Long,
    ];
    for case in all_cases() {
        let Case {
            cloud,
            asset,
            transformation,
            url,
        } = &case;
        for form in other_forms {
            let other = cloud.clone().with_signature_form(form);
            let compiled = other.compile(transformation.clone());
            assert_eq!(cloud.sign_compiled(&compiled, asset).to_string(), *url);
        }
    }
}

#[test]
fn each_is_printed_the_same_by_the_url_library() {
    for case in all_cases() {
        let url = Url::from(case.cloud.sign(&case.transformation, &case.asset));
        assert_eq!(url.as_str(), case.url);
    }
}

#[test]
fn each_is_taken_apart_and_printed_again() {
    for case in all_cases() {
        let parsed = DeliveryUrl::parse(&case.url).unwrap();
        assert_eq!(parsed.to_string(), case.url);
        assert_eq!(
            parsed.transformation(),
            case.transformation.as_str(),
            "{parsed}"
        );
        assert_eq!(parsed.resource_type(), case.asset.resource_type());
        assert_eq!(parsed.delivery_type(), case.asset.delivery_type());
        // A folder `v1234` can't be told from a version.
        if case.asset.source().starts_with("v1234/") && case.asset.version().is_none() {
            assert_eq!(parsed.version(), Some("1234"));
            continue;
        }
        let asset = parsed.asset().unwrap();
        assert_eq!(asset.source(), case.asset.source());
        assert_eq!(
            case.cloud.sign(&case.transformation, &asset).to_string(),
            case.url
        );
    }
}

#[test]
fn each_verifies_and_also_with_a_retired_key() {
    for case in all_cases() {
        let verified = case.cloud.verify(&case.url).unwrap();
        assert!(verified.delivers(&case.transformation, &case.asset));

        let rotated = Cloud::new(case.cloud.name(), Secret::new("new").unwrap()).unwrap();
        let rotated = rotated.with_signature_form(case.cloud.signature_form());
        let rotated = if case.url.contains("/demo/") {
            rotated
        } else {
            rotated.with_private_cdn().unwrap()
        };
        let rotated = rotated.with_secure_distribution(case.cloud.host().clone());
        assert!(rotated.verify(&case.url).is_err());
        let rotated = ["older", "oldest", "abcd"]
            .into_iter()
            .fold(rotated, |cloud, key| {
                assert!(cloud.verify(&case.url).is_err());
                cloud.with_retired_key(Secret::new(key).unwrap())
            });
        assert!(rotated.verify(&case.url).is_ok());
    }
}

#[test]
fn none_verifies_once_a_signed_character_is_changed() {
    for case in all_cases().iter().step_by(7) {
        let signed = case.url.find("/s--").unwrap() + 1;
        for (at, _) in case.url.char_indices().filter(|(at, _)| *at >= signed) {
            let mut bytes = case.url.clone().into_bytes();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            let changed = String::from_utf8(bytes).unwrap();
            let in_version = case
                .asset
                .version()
                .or(case.url.contains("/v1/").then_some(1))
                .and_then(|version| {
                    let segment = format!("/v{version}/");
                    let start = case.url.rfind(&segment)?;
                    Some(start + 1..start + segment.len())
                })
                .is_some_and(|version| version.contains(&at));
            assert!(
                in_version || case.cloud.verify(&changed).is_err(),
                "{changed}"
            );
        }
    }
}
