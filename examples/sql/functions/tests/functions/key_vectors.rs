//! Thumbnail paths, proxy URLs, tokens and API signatures equal those of other programs.

use image_sync_sql::Signers;
use image_sync_sql::url_signer::cloudinary::Cloud;
use image_sync_sql::url_signer::url::form_urlencoded;
use image_sync_sql::url_signer::{Authority, ProxySigner, ThumbnailSigner};
use serde_json::Value;

use crate::support::{secret, session_with, text, vectors};

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[tokio::test]
async fn thumbnails_equal_those_of_python() {
    let mut checked = 0;
    for case in vectors("hmac.jsonl") {
        // The lengths of the functions' signatures.
        if (&case["path_width"], &case["proxy_width"]) != (&Value::from(11), &Value::from(7)) {
            continue;
        }
        let part = |key: &str| case[key].as_str().unwrap().to_owned();
        let host = |key: &str| Authority::new(&part(key)).unwrap();
        let proxy = ProxySigner::new(
            host("proxy_host"),
            host("app_host"),
            secret(&part("proxy_key")),
        );
        let signers = Signers::none()
            .with_thumbnails(ThumbnailSigner::new(secret(&part("thumbnail_key"))))
            .with_proxy(proxy);
        let session = session_with(signers);
        let arguments = format!("{}, {}", quoted(&part("id")), quoted(&part("name")));
        let path = text(&session, &format!("SELECT thumbnail_path({arguments})")).await;
        assert_eq!(path, Some(part("path")));
        let sql = format!("SELECT proxy_url({arguments}, 'Super Image', 'png')");
        assert_eq!(text(&session, &sql).await, Some(part("url")));
        checked += 1;
    }
    assert_eq!(checked, 84);
}

#[tokio::test]
async fn tokens_equal_those_of_the_sdks() {
    let mut checked = 0;
    for case in vectors("auth_token.jsonl") {
        let input = case["input"].as_object().unwrap();
        let allowed = ["key", "acl", "expiration", "token_name"];
        let is_supported = input.contains_key("acl")
            && input.get("expiration").is_some_and(Value::is_i64)
            && input["acl"].is_string()
            && input.keys().all(|key| allowed.contains(&key.as_str()));
        if !is_supported {
            continue;
        }
        let mut options = form_urlencoded::Serializer::new(String::new());
        for key in ["key", "acl", "token_name"] {
            if let Some(value) = input.get(key) {
                options.append_pair(&format!("auth_token[{key}]"), value.as_str().unwrap());
            }
        }
        let cloud = format!("cloudinary://key:abcd@demo?{}", options.finish());
        let cloud: Cloud = cloud.parse().unwrap();
        let session = session_with(Signers::new(cloud));
        let sql = format!(
            "SELECT delivery_url_with_token('sample', {})",
            input["expiration"]
        );
        let url = text(&session, &sql).await.unwrap();
        let (url, token) = url.split_once('?').unwrap();
        assert_eq!(token, case["token"].as_str().unwrap());
        let signed = text(&session, "SELECT delivery_url('sample')").await;
        assert_eq!(signed.unwrap(), url);
        checked += 1;
    }
    assert_eq!(checked, 19);
}

#[tokio::test]
async fn api_signatures_equal_those_of_two_sdks() {
    let mut checked = 0;
    for case in vectors("api_agreed.jsonl") {
        let Some(parameters) = case["parameters"].as_object() else {
            continue;
        };
        // The vectors sign these parameters too, which no request does.
        let is_signed = ["file", "cloud_name", "resource_type", "api_key"]
            .iter()
            .all(|name| !parameters.contains_key(*name));
        let is_text = parameters.values().all(Value::is_string);
        if case["call"] != "sign_parameters" || !is_text || !is_signed || parameters.is_empty() {
            continue;
        }
        let part = |key: &str| case[key].to_string().replace('"', "");
        let cloud = format!(
            "cloudinary://key:abcd@demo?signature_algorithm={}&signature_version={}",
            part("algorithm"),
            part("signature_version"),
        );
        let session = session_with(Signers::new(cloud.parse().unwrap()));
        let pairs: Vec<_> = parameters
            .iter()
            .map(|(name, value)| format!("{}: {}", quoted(name), quoted(value.as_str().unwrap())))
            .collect();
        let sql = format!("SELECT api_signature(MAP {{{}}})", pairs.join(", "));
        let signature = text(&session, &sql).await;
        assert_eq!(signature.as_deref(), case["result"].as_str(), "{sql}");
        checked += 1;
    }
    assert_eq!(checked, 22);
}

#[tokio::test]
async fn api_signatures_leave_out_unsigned_parameters() {
    let session = session_with(Signers::new("cloudinary://key:abcd@demo".parse().unwrap()));
    let plain = text(&session, "SELECT api_signature(MAP {'public_id': 'a'})").await;
    for parameter in [
        "file",
        "cloud_name",
        "resource_type",
        "api_key",
        "signature",
    ] {
        let sql = format!("SELECT api_signature(MAP {{'{parameter}': 'x', 'public_id': 'a'}})");
        assert_eq!(text(&session, &sql).await, plain, "{parameter}");
    }
    for value in ["''", "NULL"] {
        let sql = format!("SELECT api_signature(MAP {{'tags': {value}, 'public_id': 'a'}})");
        assert_eq!(text(&session, &sql).await, plain, "{value}");
    }
    let other = text(&session, "SELECT api_signature(MAP {'public_id': 'b'})").await;
    assert_ne!(other, plain);
}
