//! The feature `serde`: a configuration deserializes without helper code, and its
//! errors never show a value.

#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, reason = "tests")]

use serde::Deserialize;
use serde_json::{Value, json};
use url_signer::cloudinary::{Asset, Cloud, SignatureAlgorithm, Transformation};
use url_signer::{
    Authority, KeyRing, ProxyFileName, ProxySigner, Secret, SignatureLength, ThumbnailName,
    ThumbnailSigner,
};
use uuid::Uuid;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    cloudinary: Cloud,
    proxy_host: Authority,
    app_host: Authority,
    proxy_keys: KeyRing,
    thumbnail_keys: KeyRing,
    signature_length: SignatureLength,
    algorithm: SignatureAlgorithm,
}

fn config() -> Value {
    json!({
        "cloudinary": "cloudinary://key:hush-cloud@demo",
        "proxy_host": "proxy.example.org",
        "app_host": "app.example.org:3000",
        "proxy_keys": "hush-proxy",
        "thumbnail_keys": ["hush-new", "hush-old"],
        "signature_length": 32,
        "algorithm": "sha256",
    })
}

#[test]
fn a_configuration_deserializes() {
    let config: Config = serde_json::from_value(config()).unwrap();
    let secret = |text: &str| Secret::new(text).unwrap();

    let by_hand = Cloud::new("demo", secret("hush-cloud")).unwrap();
    let asset = Asset::new("a").unwrap();
    let url = by_hand.sign(&asset, Transformation::NONE).to_string();
    assert!(config.cloudinary.verify(&url).is_ok());
    assert_eq!(config.algorithm, SignatureAlgorithm::Sha256);

    let old = ThumbnailSigner::new(secret("hush-old")).sign(Uuid::nil(), ThumbnailName::Mini);
    let new = ThumbnailSigner::new(secret("hush-new")).sign(Uuid::nil(), ThumbnailName::Mini);
    let thumbnails = ThumbnailSigner::new(config.thumbnail_keys);
    assert!(thumbnails.verify(&old.to_string()).is_ok());
    let signed = thumbnails.sign(Uuid::nil(), ThumbnailName::Mini);
    assert_eq!(signed.to_string(), new.to_string());

    let proxy = ProxySigner::new(config.proxy_host, config.app_host, config.proxy_keys)
        .with_signature_length(config.signature_length);
    let url = proxy.sign(ProxyFileName::new("a", "b"), new).to_string();
    assert!(url.starts_with("https://proxy.example.org/a.b?s="));
    assert_eq!(proxy.verify(&url).unwrap().path(), new.to_string());
}

#[test]
fn errors_show_no_value() {
    let expected_key = "a secret as text, or a list of the signing key and retired keys";
    for (field, value, error) in [
        (
            "cloudinary",
            json!("cloudinary://key:hush@de mo"),
            "unexpected ' ' in the cloud name".to_owned(),
        ),
        (
            "cloudinary",
            json!("cloudinary://key:hush@demo?cname=a/b"),
            "invalid option `cname`: invalid authority `a/b`: unexpected path".to_owned(),
        ),
        (
            "cloudinary",
            json!("hush"),
            "cloudinary url does not start with `cloudinary://`".to_owned(),
        ),
        (
            "cloudinary",
            json!(4242),
            "invalid type, expected `cloudinary://…`, or a list of it and retired API secrets"
                .to_owned(),
        ),
        ("cloudinary", json!([]), "list is empty".to_owned()),
        (
            "cloudinary",
            json!(["hush"]),
            "cloudinary url does not start with `cloudinary://`".to_owned(),
        ),
        (
            "cloudinary",
            json!(["cloudinary://key:hush@demo", 4242]),
            "invalid type, expected a secret as text".to_owned(),
        ),
        (
            "proxy_host",
            json!("https://user:hush@app.example.org"),
            "invalid authority `..@app.example.org`: unexpected scheme".to_owned(),
        ),
        ("proxy_keys", json!(""), "secret is empty".to_owned()),
        ("proxy_keys", json!([]), "list of keys is empty".to_owned()),
        (
            "proxy_keys",
            json!([["hush"]]),
            "invalid type, expected a secret as text".to_owned(),
        ),
        (
            "proxy_keys",
            json!(4242),
            format!("invalid type, expected {expected_key}"),
        ),
        (
            "proxy_keys",
            json!(-4242),
            format!("invalid type, expected {expected_key}"),
        ),
        (
            "proxy_keys",
            json!(4242.5),
            format!("invalid type, expected {expected_key}"),
        ),
        (
            "proxy_keys",
            json!(true),
            format!("invalid type, expected {expected_key}"),
        ),
        (
            "proxy_host",
            json!("Example.org"),
            "invalid authority `Example.org`: not normalized; use `example.org`".to_owned(),
        ),
        (
            "signature_length",
            json!(6),
            "signature length 6 is outside 7 to 64 hexadecimal digits".to_owned(),
        ),
        (
            "signature_length",
            json!("hush"),
            "invalid type, expected a number of hexadecimal digits".to_owned(),
        ),
        (
            "app_host",
            json!("cloudinary://key:hush@demo"),
            "invalid authority `cloudinary:..`: unexpected scheme".to_owned(),
        ),
        (
            "algorithm",
            json!("md5"),
            "invalid signature algorithm: expected `sha1` or `sha256`".to_owned(),
        ),
    ] {
        let mut config = config();
        config[field] = value;
        let text = serde_json::from_value::<Config>(config)
            .unwrap_err()
            .to_string();
        assert_eq!(text, error);
        assert!(!text.contains("hush") && !text.contains("4242"), "{text}");
    }
}

#[test]
fn a_cloud_with_retired_secrets_deserializes() {
    let list = json!(["cloudinary://key:hush-new@demo", "hush-old", "hush-older"]);
    let cloud: Cloud = serde_json::from_value(list).unwrap();
    let asset = Asset::new("a").unwrap();
    for (secret, verifies) in [
        ("hush-new", true),
        ("hush-old", true),
        ("hush-older", true),
        ("hush-other", false),
    ] {
        let other = Cloud::new("demo", Secret::new(secret).unwrap()).unwrap();
        let url = other.sign(&asset, Transformation::NONE).to_string();
        assert_eq!(cloud.verify(&url).is_ok(), verifies, "{secret}");
        let signed = cloud.sign(&asset, Transformation::NONE).to_string();
        assert_eq!(signed == url, secret == "hush-new");
    }
}
