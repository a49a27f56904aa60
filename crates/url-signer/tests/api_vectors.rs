//! Random calls of the API on which the SDKs for Python and Node agree.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod api_json;

use serde_json::Value;
use url_signer::cloudinary::api::{ApiSigner, DownloadUrl, SignedParameters};
use url_signer::cloudinary::{Cloud, Transformation};

use self::api_json::downloads::{self, Options};
use self::api_json::{cases, cloud, parameters, value};

const AGREED: &str = include_str!("data/api_agreed.jsonl");
const NODE: &str = include_str!("data/api_node.jsonl");

fn calls(call: &str) -> impl Iterator<Item = Value> {
    cases(AGREED).filter(move |case| case["call"] == call)
}

fn demo() -> Cloud {
    "cloudinary://key:abcd@demo".parse().unwrap()
}

fn signature(case: &Value) -> String {
    let version = case["signature_version"].as_i64().unwrap();
    let cloud = cloud("abcd", case["algorithm"].as_str().unwrap(), version);
    let api = cloud.api().unwrap();
    let signed = api.sign_all(parameters(&case["parameters"]));
    signed.signature().to_owned()
}

#[test]
fn signatures_equal_those_of_both_sdks() {
    let mut count = 0;
    for case in calls("sign_parameters") {
        assert_eq!(signature(&case), case["result"].as_str().unwrap(), "{case}");
        count += 1;
    }
    assert_eq!(count, 163);
}

// The SDK for Python does not sign `false` and `0`, but sends them, and signs the name of
// a list with one empty text.
#[test]
fn signatures_equal_node_where_the_sdks_differ() {
    let mut count = 0;
    for case in cases(NODE) {
        assert_eq!(signature(&case), case["node"].as_str().unwrap(), "{case}");
        count += 1;
    }
    assert_eq!(count, 87);
}

#[test]
fn upload_forms_equal_those_of_both_sdks() {
    let mut count = 0;
    for case in calls("upload_form") {
        let result = case["result"].as_object().unwrap().iter();
        let mut expected: Vec<_> = result
            .map(|(name, value)| (name.clone(), api_json::value(value).to_string()))
            .collect();
        expected.sort();
        assert_eq!(pairs(&upload_form(&case["options"])), expected, "{case}");
        count += 1;
    }
    assert_eq!(count, 100);
}

fn pairs(signed: &SignedParameters) -> Vec<(String, String)> {
    let pairs = signed.pairs();
    let mut pairs: Vec<_> = pairs
        .map(|(name, value)| (name.into(), value.into()))
        .collect();
    pairs.sort();
    pairs
}

fn upload_form(options: &Value) -> SignedParameters {
    let cloud = demo();
    let now = options["timestamp"].as_i64().unwrap();
    let mut form = cloud.api().unwrap().upload_form(now);
    for (name, json) in options.as_object().unwrap() {
        let text = json.as_str().unwrap_or_default();
        form = match &**name {
            "timestamp" => form,
            "public_id" => form.public_id(text),
            "folder" => form.folder(text),
            "type" => form.delivery_type(text.parse().unwrap()),
            "upload_preset" => form.upload_preset(text),
            "notification_url" => form.notification_url(text),
            "tags" => form.tags(texts(json)).unwrap(),
            "allowed_formats" => form.allowed_formats(texts(json)).unwrap(),
            "colors" => form.colors(),
            "faces" => form.faces(),
            "image_metadata" => form.image_metadata(),
            "phash" => form.phash(),
            "eager" => json.as_array().unwrap().iter().fold(form, |form, item| {
                let text = format!("c_{},w_{}", item["crop"].as_str().unwrap(), item["width"]);
                let eager = Transformation::verbatim(&text).unwrap();
                match item["format"].as_str() {
                    Some(format) => form.eager_as(&eager, format).unwrap(),
                    None => form.eager(&eager),
                }
            }),
            "context" => {
                let mut map = json.as_object().unwrap().iter();
                map.try_fold(form, |form, (key, json)| form.context(key, value(json)))
                    .unwrap()
            }
            "metadata" => {
                let mut map = json.as_object().unwrap().iter();
                map.try_fold(form, |form, (key, json)| form.metadata(key, value(json)))
                    .unwrap()
            }
            _ => panic!("{name}"),
        };
    }
    form.sign().parameters().clone()
}

fn texts(json: &Value) -> impl Iterator<Item = &str> {
    let items = json.as_array().unwrap().iter();
    items.map(|item| item.as_str().unwrap())
}

#[test]
fn download_urls_equal_those_of_python() {
    let mut count = 0;
    let cloud = demo();
    for case in calls("download_url") {
        let url = download_url(cloud.api().unwrap(), &case);
        assert_eq!(url.to_string(), case["result"].as_str().unwrap(), "{case}");
        count += 1;
    }
    assert_eq!(count, 250);
}

fn download_url(api: ApiSigner<'_>, case: &Value) -> DownloadUrl {
    let mut options = Options::new([&case["options"]]);
    let now = options.take("timestamp").unwrap().as_i64().unwrap();
    let mut text = |name: &str| options.take_text(name).unwrap();
    match case["kind"].as_str().unwrap() {
        "private" => {
            let (public_id, format) = (text("public_id"), text("format"));
            downloads::private(api, &public_id, &format, now, options)
        }
        "archive" => downloads::archive(api, now, options),
        "folder" => {
            let path = text("folder_path");
            downloads::folder(api, &path, now, options)
        }
        "backup" => {
            let (asset_id, version_id) = (text("asset_id"), text("version_id"));
            api.download_backup(&asset_id, &version_id, now)
        }
        action => downloads::combined(api, action, now, options),
    }
}
