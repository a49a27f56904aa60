//! Download URLs from the test suites of the official SDKs.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod api_json;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use url_signer::Secret;
use url_signer::cloudinary::Cloud;
use url_signer::cloudinary::api::{ApiSigner, ArchiveFormat, ArchiveResourceType, DownloadUrl};
use url_signer::url::Url;

use self::api_json::cases;
use self::api_json::downloads::{self, Options};

const CALLS: &str = include_str!("data/suites/api.jsonl");

#[test]
fn download_urls_equal_those_of_the_sdks() {
    let mut counts = BTreeMap::new();
    for case in cases(CALLS).filter(|case| case["kind"] == "download_url") {
        let url = download_url(&case);
        let expected = case["result"].as_str().unwrap();
        let sdk = case["sdk"].as_str().unwrap();
        if sdk == "python" {
            assert_eq!(url.to_string(), expected);
        }
        assert_eq!(
            without_order(&url.to_string()),
            without_order(expected),
            "{case}"
        );
        assert_eq!(Url::from(url.clone()).as_str(), url.to_string());
        *counts.entry(sdk.to_owned()).or_insert(0) += 1;
    }
    let expected = [("java", 1), ("php", 13), ("python", 19), ("ruby", 27)];
    assert_eq!(
        counts,
        expected.map(|(sdk, count)| (sdk.to_owned(), count)).into()
    );
}

#[test]
fn types_of_archives_have_names() {
    for name in ["zip", "tgz"] {
        assert_eq!(name.parse::<ArchiveFormat>().unwrap().to_string(), name);
    }
    for name in ["image", "video", "raw", "auto", "all"] {
        let parsed: ArchiveResourceType = name.parse().unwrap();
        assert_eq!(parsed.to_string(), name);
    }
    for name in ["", "rar", "ZIP"] {
        assert_eq!(
            name.parse::<ArchiveFormat>().unwrap_err().to_string(),
            "invalid archive format: expected `zip` or `tgz`"
        );
    }
    for name in ["", "images", "../x"] {
        assert_eq!(
            name.parse::<ArchiveResourceType>().unwrap_err().to_string(),
            "invalid resource type of an archive: \
             expected `image`, `video`, `raw`, `auto` or `all`"
        );
    }
}

#[test]
fn constructor_sets_timestamp_and_mode() {
    let cloud: Cloud = "cloudinary://key:abcd@demo".parse().unwrap();
    let archive = cloud.api().unwrap().download_archive(1);
    for name in ["timestamp", "mode"] {
        let error = archive.clone().parameter(name, "x").unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid parameter name: `timestamp` and `mode` are set by the constructor"
        );
    }
    assert!(archive.clone().parameter("a=b", "x").is_err());
}

#[test]
fn other_parameters_follow_the_known_ones() {
    let cloud: Cloud = "cloudinary://key:abcd@demo".parse().unwrap();
    let archive = cloud.api().unwrap().download_archive(1).tags(["a"]);
    let archive = archive.parameter("zzz", 1).unwrap();
    let archive = archive.parameter("aaa", true).unwrap();
    let url = archive.allow_missing().sign().to_string();
    let names = "allow_missing=1&mode=download&tags%5B%5D=a&timestamp=1&zzz=1&aaa=true&signature=";
    assert!(url.contains(names), "{url}");
}

#[cfg(feature = "serde")]
#[test]
fn download_url_serializes_as_text() {
    let cloud: Cloud = "cloudinary://key:abcd@demo".parse().unwrap();
    let url = cloud.api().unwrap().download_backup("a b", "v", 1);
    assert_eq!(serde_json::to_value(&url).unwrap(), url.to_string());
    assert!(url.to_string().contains("asset_id=a+b&"), "{url}");
}

/// The URL without the query, and the sorted pairs of the query.
fn without_order(url: &str) -> (String, Vec<(String, String)>) {
    let mut url = Url::parse(url).unwrap();
    let mut pairs: Vec<_> = url.query_pairs().into_owned().collect();
    pairs.sort();
    url.set_query(None);
    (url.into(), pairs)
}

fn download_url(case: &Value) -> DownloadUrl {
    let sdk = case["sdk"].as_str().unwrap();
    let now = match &case["now"] {
        Value::String(text) => text.parse().unwrap(),
        number => number.as_i64().unwrap(),
    };
    // Java's arguments end with the configuration; that of PHP is not recorded.
    let php = json!({"api_key": "key", "api_secret": "secret"});
    let config = match sdk {
        "java" => case["in"].as_array().unwrap().last().unwrap(),
        "php" => &php,
        _ => &case["config"],
    };
    let (args, kwargs) = (&case["args"], &case["kwargs"]);
    let mut options = match sdk {
        "php" => Options::new([&args["options"]]),
        "java" => Options::new([&case["in"][2]]),
        "python" => Options::new([kwargs, &kwargs["params"]]),
        // The last argument.
        _ => Options::new(args.as_array().unwrap().last()),
    };
    options.take("params");
    options.take("timestamp");
    let name = options.take_text("cloud_name").unwrap_or("test123".into());
    let cloud = Cloud::new(&name, secret(config)).unwrap();
    let cloud = cloud
        .with_api_key(config["api_key"].as_str().unwrap())
        .unwrap();
    let api = cloud.api().unwrap();

    let text = |json: &Value| json.as_str().unwrap().to_owned();
    match (sdk, case["fn"].as_str().unwrap_or("private_download")) {
        (_, "download_backedup_asset") => {
            api.download_backup(&text(&args[0]), &text(&args[1]), now)
        }
        (_, "downloadBackedupAsset") => {
            api.download_backup(&text(&args["assetId"]), &text(&args["versionId"]), now)
        }
        ("java", "private_download") => {
            let [id, format] = [0, 1].map(|index| text(&case["in"][index]));
            downloads::private(api, &id, &format, now, options)
        }
        (_, "privateDownloadUrl") => {
            let [id, format] = ["publicId", "format"].map(|name| text(&args[name]));
            downloads::private(api, &id, &format, now, options)
        }
        (_, "download_archive_url" | "downloadArchiveUrl") => downloads::archive(api, now, options),
        (_, "download_zip_url") => {
            let zip = json!({"target_format": "zip"});
            let given = Options::new([&args[0], kwargs, &zip]);
            downloads::archive(api, now, without_cloud_name(given))
        }
        ("python", "download_folder") => {
            let path = options.take_text("folder_path").unwrap();
            downloads::folder(api, &path, now, options)
        }
        ("ruby", "download_folder") => {
            downloads::folder(api, &text(&args[0]), now, Options::new(args.get(1)))
        }
        (_, "downloadFolder") => downloads::folder(api, &text(&args["folderPath"]), now, options),
        ("ruby", "download_generated_sprite") => {
            downloads::combined(api, "sprite", now, images(&args[0]))
        }
        ("ruby", "download_multi") => downloads::combined(api, "multi", now, images(&args[0])),
        ("ruby", "cloudinary_api_download_url") => {
            let mut options = Options::new([&args[2], &args[1]]);
            options.take("timestamp");
            api_download(api, &text(&args[0]), now, options)
        }
        (_, "cloudinary_api_download_url") => {
            let action = options.take_text("action").unwrap();
            api_download(api, &action, now, options)
        }
        (_, name) => panic!("{name}"),
    }
}

fn api_download(api: ApiSigner<'_>, action: &str, now: i64, options: Options) -> DownloadUrl {
    match action {
        "generate_archive" => downloads::archive(api, now, options),
        _ => downloads::combined(api, action, now, options),
    }
}

fn without_cloud_name(mut options: Options) -> Options {
    options.take("cloud_name");
    options
}

/// A tag, or options with URLs.
fn images(json: &Value) -> Options {
    match json {
        Value::String(tag) => Options::new([&json!({ "tag": tag })]),
        _ => Options::new([json]),
    }
}

fn secret(config: &Value) -> Secret {
    let secret = config["api_secret"].as_str().unwrap();
    secret.parse().unwrap()
}
