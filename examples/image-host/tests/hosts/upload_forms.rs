//! Signed upload forms.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::concurrency::payload;
use crate::database::Engine;
use crate::exchange::assert_recorded_headers;
use crate::host::{STRANGER, USER};
use crate::webhook::sha1;

tests! {
    both: a_form_has_the_recorded_shape,
    both: forms_need_a_token_and_an_album_of_the_user,
    both: the_album_is_required_if_there_are_several,
    both: missing_settings_are_warned_about_and_are_501,
    both: an_invalid_public_url_is_rejected,
}

/// The album of the recorded images.
const ALBUM: &str = "00100000123BB175";

/// Signs parameters as the documentation of the API describes it.
fn signature(params: &Value, secret: &str) -> String {
    let params = params.as_object().unwrap().iter();
    let mut pairs: Vec<_> = params
        .filter(|(key, _)| !matches!(key.as_str(), "signature" | "api_key"))
        .map(|(key, value)| match value {
            Value::String(text) => format!("{key}={text}"),
            value => format!("{key}={value}"),
        })
        .collect();
    pairs.sort();
    sha1(&format!("{}{secret}", pairs.join("&")))
}

fn a_form_has_the_recorded_shape(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let before = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let response = host.upload_form("", &host.token);
        assert_eq!(response.status, 200);
        assert_recorded_headers(&host, &response);
        let form: Value = serde_json::from_slice(&response.body).unwrap();
        let params = &form["params"];
        let timestamp = params["timestamp"].as_u64().unwrap();
        assert!(timestamp.abs_diff(before.as_secs()) < 60);
        let notification_url = params["notification_url"].as_str().unwrap();
        let webhook = format!("{}/api/v1/cloudinary?token=", host.url);
        assert!(notification_url.starts_with(&webhook), "{notification_url}");
        assert_eq!(
            form,
            json!({
                "url": "https://api.cloudinary.com/v1_1/sadaasdasd/auto/upload",
                "expires_at": timestamp + 3_600,
                "params": {
                    "colors": 1,
                    "faces": 1,
                    "image_metadata": 1,
                    "notification_url": notification_url,
                    "phash": 1,
                    "tags": ALBUM,
                    "timestamp": timestamp,
                    "type": "authenticated",
                    "signature": signature(params, "abcd"),
                    "api_key": "key",
                },
            })
        );
        assert!(!response.text().contains("abcd"), "the API secret");
    });
}

fn forms_need_a_token_and_an_album_of_the_user(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&["--public-url", "https://images.example/base/"]);
        let authorized = host.upload_form(&format!("?album_id={ALBUM}"), &host.token);
        assert_eq!(authorized.status, 200);
        let form: Value = serde_json::from_slice(&authorized.body).unwrap();
        let url = form["params"]["notification_url"].as_str().unwrap();
        let webhook = "https://images.example/base/api/v1/cloudinary?token=";
        let upload_token = url.strip_prefix(webhook).unwrap();

        // An upload token does not authorize requests of a user.
        for token in ["", "a.b.c", upload_token] {
            let response = host.upload_form("", token);
            assert_eq!((response.status, response.text()), (401, ""));
            assert_eq!(host.images_with("", token).status, 401);
        }
        assert_eq!(host.get("/api/v1/native_upload", &[]).status, 401);
        assert_eq!(host.post("/api/v1/native_upload", &[], b"").status, 405);

        for (query, status) in [
            ("?album_id=other", 403),
            ("?album_id=", 403),
            ("?album_id=a%00b", 403),
            ("?album_id=a&album_id=b", 400),
            ("?album=00100000123BB175", 400),
            ("?ids[]=1", 400),
        ] {
            let response = host.upload_form(query, &host.token);
            assert_eq!(response.status, status, "{query}");
            assert!(!response.text().is_empty(), "{query}");
            assert_eq!(response.header("cache-control"), "no-cache, no-store");
        }
        // The album exists, but another user may not see it.
        let stranger = database.stdout(&["token", "--user", STRANGER], "");
        for query in ["", "?album_id=00100000123BB175"] {
            let response = host.upload_form(query, stranger.trim_end());
            assert_eq!(response.status, 403, "{query}");
        }
    });
}

fn the_album_is_required_if_there_are_several(engine: Engine) {
    engine.with(|database| {
        let images = payload(0, 2).replace("album-1", "with, comma");
        database.stdout(&["import", "-", "--user", USER], &images);
        let host = database.host(&[]);
        for (query, status, text) in [
            (
                "",
                400,
                "`album_id` is required: the user may see several albums",
            ),
            (
                "?album_id=with,+comma",
                400,
                "`album_id` contains `,`, which a tag of the provider cannot contain",
            ),
        ] {
            let response = host.upload_form(query, &host.token);
            assert_eq!((response.status, response.text()), (status, text));
        }
        let response = host.upload_form("?album_id=album-0", &host.token);
        let form: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(form["params"]["tags"], "album-0");
    });
}

fn missing_settings_are_warned_about_and_are_501(engine: Engine) {
    engine.with(|database| {
        let url = "cloudinary://:abcd@sadaasdasd";
        let host = database.host_with(&[], &[("CLOUDINARY_URL", url)]);
        let response = host.upload_form("", &host.token);
        let text = "uploads are not configured: CLOUDINARY_URL has no API key";
        assert_eq!((response.status, response.text()), (501, text));
        assert_eq!(response.header("cache-control"), "no-cache, no-store");
        assert_eq!(host.upload_form("", "").status, 401);
        assert_eq!(host.images("").status, 200);
        let log = host.stop();
        assert!(log.starts_with("warning: the API key is not set in CLOUDINARY_URL;"));

        let host = database.host(&["--listen", "0.0.0.0:0"]);
        let response = host.upload_form("", &host.token);
        let text = "uploads are not configured: `--public-url` is not set";
        assert_eq!((response.status, response.text()), (501, text));
        assert!(host.stop().starts_with("warning: --public-url is not set;"));
    });
}

fn an_invalid_public_url_is_rejected(engine: Engine) {
    engine.with(|database| {
        for url in [
            "images.example",
            "ftp://images.example",
            "https://a.example?b",
        ] {
            let output = database.output(&["serve", "--public-url", url], "");
            assert_eq!(output.status.code(), Some(2));
            let error = String::from_utf8(output.stderr).unwrap();
            assert!(error.contains("--public-url <URL>"), "{error}");
        }
    });
}
