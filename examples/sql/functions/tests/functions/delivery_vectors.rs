//! Delivery URLs equal those of the official SDKs.

use std::collections::BTreeMap;
use std::sync::Arc;

use image_sync_sql::Signers;
use image_sync_sql::datafusion::arrow::array::{ArrayRef, AsArray, StringArray};
use image_sync_sql::url_signer::cloudinary::Cloud;
use serde_json::Value;

use crate::support::{add_table, query, session_with, texts, vectors};

/// The options that are arguments. All others are settings of the account.
const ARGUMENTS: &[&str] = &["type", "resource_type", "format", "version", "sign_url"];

/// Options that the functions do not have.
const UNSUPPORTED: &[&str] = &["url_suffix", "auth_token", "responsive_width"];

/// The cases of an account.
#[derive(Default)]
struct Cases {
    public_ids: Vec<String>,
    transformations: Vec<String>,
    versions: Vec<String>,
    extensions: Vec<String>,
    types: Vec<String>,
    /// The expected URLs: `None` if a rule of the library rejects an argument.
    urls: Vec<Option<String>>,
    is_signed: Vec<bool>,
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Returns whether the library rejects what the SDKs accept: the README of `url-signer`
/// lists these rules.
fn is_rejected(case: &Value) -> bool {
    let public_id = text(&case["public_id"]).replace("%2F", "/");
    let is_fetched = case["options"]["type"] == "fetch";
    let is_version = |folder: &str| {
        let digits = folder.strip_prefix('v').unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let has_version_folder = public_id.rsplit('/').skip(1).any(is_version);
    let transformation = text(&case["transformation"]);
    let has_empty_parameter = transformation
        .split('/')
        .any(|step| !step.is_empty() && step.split(',').any(str::is_empty));
    has_empty_parameter
        || public_id.contains(char::is_control)
        || if is_fetched {
            !public_id.starts_with("http")
        } else {
            has_version_folder
        }
}

impl Cases {
    fn push(&mut self, case: &Value) {
        let options = &case["options"];
        let resource_type = text(&options["resource_type"]);
        let delivery_type = text(&options["type"]);
        let types = match (&*resource_type, &*delivery_type) {
            ("", delivery_type) => delivery_type.to_owned(),
            (resource_type, "") => format!("{resource_type}/upload"),
            (resource_type, delivery_type) => format!("{resource_type}/{delivery_type}"),
        };
        self.public_ids.push(text(&case["public_id"]));
        self.transformations.push(text(&case["transformation"]));
        self.versions.push(text(&options["version"]));
        self.extensions.push(text(&options["format"]));
        self.types.push(types);
        let url = (!is_rejected(case)).then(|| text(&case["url"]));
        self.urls.push(url);
        self.is_signed.push(options["sign_url"] == true);
    }

    async fn check(self, cloud: Cloud) {
        let session = session_with(Signers::new(cloud));
        let column = |texts: Vec<String>| -> ArrayRef { Arc::new(StringArray::from(texts)) };
        add_table(
            &session,
            "cases",
            vec![
                ("public_id", column(self.public_ids)),
                ("transformation", column(self.transformations)),
                ("version", column(self.versions)),
                ("extension", column(self.extensions)),
                ("type", column(self.types)),
                ("url", Arc::new(StringArray::from(self.urls.clone()))),
            ],
        );
        let batch = query(
            &session,
            "SELECT try_delivery_url(public_id, transformation, version, extension, type),
                    verify_delivery_url(url)
             FROM cases",
        )
        .await;
        let signed = texts(&batch, 0);
        let verified: Vec<_> = batch.column(1).as_boolean().iter().collect();
        let unsigned = query(
            &session,
            "SELECT CASE WHEN url IS NULL THEN NULL ELSE
                unsigned_delivery_url(public_id, transformation, version, extension, type) END
             FROM cases",
        )
        .await;
        let unsigned = texts(&unsigned, 0);
        for (index, url) in self.urls.iter().enumerate() {
            let is_signed = self.is_signed[index];
            if is_signed || url.is_none() {
                assert_eq!(signed[index], *url);
            } else {
                assert_eq!(unsigned[index], *url);
            }
            assert_eq!(verified[index], url.as_ref().map(|_| is_signed), "{url:?}");
        }
    }
}

#[tokio::test]
async fn urls_equal_those_of_three_sdks() {
    let mut accounts: BTreeMap<Vec<(String, String)>, Cases> = BTreeMap::new();
    let (mut checked, mut rejected) = (0, 0);
    for case in vectors("delivery.jsonl") {
        let options = case["options"].as_object().unwrap();
        if UNSUPPORTED
            .iter()
            .any(|option| options.contains_key(*option))
        {
            continue;
        }
        checked += 1;
        rejected += usize::from(is_rejected(&case));
        let account = options
            .iter()
            .filter(|(option, _)| !ARGUMENTS.contains(&option.as_str()))
            .map(|(option, value)| (format!("CLOUDINARY_{}", option.to_uppercase()), text(value)))
            .collect();
        accounts.entry(account).or_default().push(&case);
    }
    for (account, cases) in accounts {
        cases.check(Cloud::from_vars(account).unwrap()).await;
    }
    assert_eq!((checked, rejected), (1297, 88));
}
