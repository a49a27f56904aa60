//! Webhooks that report uploads.

pub(crate) mod rejections;
pub(crate) mod versions;

use std::time::{SystemTime, UNIX_EPOCH};

use image_model::{Image, Urls};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use url_signer::cloudinary::Cloud;
use url_signer::{ProxySigner, Secret};

use crate::database::Engine;
use crate::host::{Host, IDS, Response};

tests! {
    both: an_upload_becomes_an_image_with_signed_urls,
    both: infos_has_only_the_recorded_keys_in_order,
    both: raw_files_have_a_placeholder_and_videos_have_images,
    both: other_notifications_change_nothing,
}

/// The body of a webhook, with the keys of an upload that Cloudinary documents.
const NOTIFICATION: &str = include_str!("../data/upload_notification.json");

/// The id of the image: the first bits of the SHA-256 digest of
/// `image/authenticated/eneivicys42bq5f2jpn2`, as a UUID of version 8. Calculated in
/// Python.
const ID: &str = "16a1eefb-319c-880b-ba1d-c9947ec12769";

const SECRET: &str = "abcd";

fn notification() -> Value {
    serde_json::from_str(NOTIFICATION).unwrap()
}

fn unix_seconds() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    now.as_secs()
}

/// Signs a webhook as Cloudinary does: SHA-1 of body, timestamp and API secret.
fn signature(body: &str, timestamp: &str, secret: &str) -> String {
    sha1(&format!("{body}{timestamp}{secret}"))
}

/// Returns the lower-case hexadecimal digest of a text.
pub(crate) fn sha1(text: &str) -> String {
    let digest = Sha1::digest(text);
    let digest: Vec<_> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    digest.concat()
}

/// Returns the path of the webhook from an upload form, with the token.
fn webhook(host: &Host) -> String {
    let response = host.upload_form("", &host.token);
    let form: Value = serde_json::from_slice(&response.body).unwrap();
    let url = form["params"]["notification_url"].as_str().unwrap();
    url.strip_prefix(&host.url).unwrap().to_owned()
}

/// Sends a body with a valid signature.
fn deliver(host: &Host, path: &str, body: &str) -> Response {
    let timestamp = unix_seconds().to_string();
    let headers = [
        ("x-cld-timestamp", &*timestamp),
        ("x-cld-signature", &signature(body, &timestamp, SECRET)),
        ("content-type", "application/json"),
    ];
    host.post(path, &headers, body.as_bytes())
}

fn images(host: &Host) -> Vec<Image> {
    image_model::from_slice(&host.images("").body).unwrap()
}

/// Checks that all eleven URLs of an image verify.
fn assert_urls_verify(image: &Image) {
    let cloud = Cloud::new("sadaasdasd", Secret::new(SECRET).unwrap()).unwrap();
    let proxy = ProxySigner::new(
        "sharinpix-proxy-dev.herokuapp.com".parse().unwrap(),
        "localhost".parse().unwrap(),
        Secret::new("proxy key").unwrap(),
    );
    let Urls {
        original_url,
        external_urls,
        thumbnails,
    } = image.urls();
    let delivery_urls = [
        original_url,
        external_urls.fill100,
        external_urls.fit2000,
        thumbnails.original,
        thumbnails.full_no_sharinpix,
        thumbnails.full,
        thumbnails.large,
        thumbnails.mini,
    ];
    for url in delivery_urls {
        let url = url.trim_start_matches("/assets/blank.jpg#");
        assert!(cloud.verify(url).is_ok(), "{url}");
        assert!(
            url.ends_with("/v1570979139/eneivicys42bq5f2jpn2.jpg"),
            "{url}"
        );
    }
    for url in [external_urls.mini, external_urls.large, external_urls.full] {
        let target = url.strip_prefix("https://sharinpix-proxy-dev.herokuapp.com");
        assert!(proxy.verify(target.unwrap()).is_ok(), "{url}");
        assert!(target.unwrap().starts_with("/sample.png?s="), "{url}");
    }
}

fn an_upload_becomes_an_image_with_signed_urls(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let path = webhook(&host);
        let response = deliver(&host, &path, NOTIFICATION);
        assert_eq!((response.status, response.text()), (201, ""));
        for (name, value) in [
            ("cache-control", "no-cache, no-store"),
            ("x-frame-options", "DENY"),
            ("content-length", "0"),
        ] {
            assert_eq!(response.header(name), value);
        }

        let listed = host.images(&format!("?ids[]={ID}&ids[]={}", IDS[0]));
        let listed: Vec<Image> = image_model::from_slice(&listed.body).unwrap();
        let ids: Vec<_> = listed.iter().map(|image| image.id.to_string()).collect();
        // New images are last.
        assert_eq!(ids, [IDS[0], ID]);
        let image = &listed[1];
        assert_eq!(&images(&host)[4], image);
        assert_urls_verify(image);

        let value = serde_json::to_value(image).unwrap();
        for (key, expected) in [
            ("public_id", json!(ID)),
            ("album_id", json!("00100000123BB175")),
            ("filename", json!("sample")),
            ("format", json!("png")),
            ("width", json!(1_000)),
            ("height", json!(672)),
            ("original_width", json!(1_000)),
            ("original_height", json!(672)),
            ("size", json!(350_749)),
            ("color", json!("#152E02")),
            ("page", json!(1)),
            ("processed", json!(true)),
            ("gps", Value::Null),
            ("metadatas", json!({})),
            ("exifs", notification()["image_metadata"].clone()),
        ] {
            assert_eq!(value[key], expected, "{key}");
        }
        let thumbnail = image
            .external_urls
            .mini
            .split_once("url=localhost")
            .unwrap();
        assert_eq!(host.get(thumbnail.1, &[]).status, 302);
        database.stdout(&["check"], "");
        let log = host.stop();
        assert!(log.contains(&format!("created image {ID}")), "{log}");
        assert!(!log.contains("token="), "{log}");
    });
}

fn infos_has_only_the_recorded_keys_in_order(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let mut body = notification();
        body["location"] = json!({
            "url": "https://maps.example", "longitude": 2.348_967, "accuracy": "36",
            "latitude": 48.5
        });
        assert_eq!(
            deliver(&host, &webhook(&host), &body.to_string()).status,
            201
        );
        let image = images(&host).pop().unwrap();
        let infos = serde_json::to_string(&image.infos).unwrap();
        let expected = r#"{"bytes":350749,"created_at":"2026-11-26T13:40:12Z",
            "etag":"5297bd123ad4ddad723483c176e35f6e","format":"png","height":672,
            "resource_type":"image","tags":["00100000123BB175"],"type":"authenticated",
            "width":1000,"original_filename":"sample",
            "location":{"accuracy":"36","latitude":48.5,"longitude":2.348967}}"#;
        assert_eq!(infos, expected.replace("\n            ", ""));
        for secret in ["signature", "api_key", "url", "http", "eager", "s--"] {
            assert!(!infos.contains(secret), "{infos}");
        }
        let gps = image.gps.unwrap();
        assert_eq!((gps.latitude(), gps.longitude()), (48.5, 2.348_967));
        assert_eq!(image.gps_html, image.gps);
    });
}

fn raw_files_have_a_placeholder_and_videos_have_images(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let path = webhook(&host);
        for resource_type in ["raw", "video"] {
            // Minimal keys, and numbers as a web form sends them.
            let body = json!({
                "notification_type": "upload", "public_id": "folder/a b é",
                "version": "1570979139", "resource_type": resource_type,
                "type": "authenticated", "bytes": "10668",
            });
            for _ in 0..2 {
                assert_eq!(deliver(&host, &path, &body.to_string()).status, 201);
            }
            let all = images(&host);
            let image = all.last().unwrap();
            let expected = match resource_type {
                "raw" => "/raw_placeholder.jpg",
                _ => "/v1570979139/folder/a%20b%20%C3%A9.jpg",
            };
            assert!(
                image.thumbnails.mini.ends_with(expected),
                "{}",
                image.thumbnails.mini
            );
            let size = serde_json::to_value(image.size).unwrap();
            assert_eq!(size, 10_668);
        }
        assert_eq!(images(&host).len(), 6);
        database.stdout(&["check"], "");
    });
}

fn other_notifications_change_nothing(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let path = webhook(&host);
        for notification_type in ["eager", "delete", "error", "UPLOAD", "a\nb"] {
            let mut body = notification();
            body["notification_type"] = notification_type.into();
            let response = deliver(&host, &path, &body.to_string());
            assert_eq!((response.status, response.text()), (200, ""));
        }
        assert_eq!(images(&host).len(), 4);
        let log = host.stop();
        assert_eq!(log.matches("ignored notification type").count(), 5, "{log}");
        assert_eq!(log.matches("/api/v1/cloudinary").count(), 5, "{log}");
    });
}
