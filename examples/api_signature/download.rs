//! `download_url`: the functions `private_download_url`, `download_archive_url`,
//! `download_folder` and `download_backedup_asset` of the SDKs.

use anyhow::{Context, Result, anyhow, bail, ensure};
use serde_json::{Map, Value};
use url_signer::cloudinary::Cloud;
use url_signer::cloudinary::api::ApiSigner;
use url_signer::cloudinary::sdk::Sdk;

use crate::batch::with_version;
use crate::fields::Fields;
use crate::number;
use crate::sign::value;

/// The parameters of an archive, in addition to `transformations`.
const ARCHIVE: &[&str] = &[
    "batch_id",
    "expires_at",
    "notification_url",
    "target_asset_folder",
    "target_format",
    "target_public_id",
    "type",
];

/// The parameters of an archive that are lists. A text is a list of one item.
const LISTS: &[&str] = &[
    "fully_qualified_public_ids",
    "prefixes",
    "public_ids",
    "tags",
    "target_tags",
];

/// The parameters of an archive that the SDKs send as 1 or 0.
const FLAGS: &[&str] = &[
    "allow_missing",
    "async",
    "flatten_folders",
    "flatten_transformations",
    "keep_derived",
    "phash",
    "skip_transformation_name",
    "use_original_filename",
];

/// Returns the URL, and adds unused options to a list.
pub(crate) fn url(cloud: &Cloud, fields: &Fields<'_>, unused: &mut Vec<String>) -> Result<String> {
    let kind = fields.text("kind")?;
    let options = Fields::new(fields.object("options")?);
    let cloud = with_options(cloud, &options)?;
    let api = cloud.api()?;
    let url = match kind {
        "private" => private(api, &options),
        "archive" => archive(api, &options, None),
        "folder" => {
            let path = options
                .optional_text("folder_path")?
                .or(options.optional_text("folder")?);
            let path = path.context("`folder_path` is missing")?;
            archive(api, &options, Some(path))
        }
        "backup" => {
            let ids = [options.text("asset_id")?, options.text("version_id")?];
            let [asset_id, version_id] = ids;
            let url = api.download_backup(asset_id, version_id, seconds(&options, "timestamp")?);
            Ok(url.to_string())
        }
        _ => bail!(
            "unknown `kind`: expected `private`, `archive`, `folder` or `backup`, not `{}`",
            kind.escape_debug()
        ),
    };
    unused.extend(options.unused());
    url
}

/// Applies the options that replace settings of the account.
fn with_options(cloud: &Cloud, options: &Fields<'_>) -> Result<Cloud> {
    let mut cloud = with_version(cloud.clone(), options)?;
    if let Some(algorithm) = options.optional_text("signature_algorithm")? {
        cloud = cloud.with_signature_algorithm(algorithm.parse()?);
    }
    if let Some(key) = options.optional_text("api_key")? {
        cloud = cloud.with_api_key(key)?;
    }
    if let Some(prefix) = options.optional_text("upload_prefix")? {
        cloud = cloud.with_upload_prefix(prefix)?;
    }
    let name = options.optional_text("cloud_name")?;
    ensure!(
        name.is_none_or(|name| name == cloud.name()),
        "`cloud_name` is not the name of the account"
    );
    Ok(cloud)
}

fn private(api: ApiSigner<'_>, options: &Fields<'_>) -> Result<String> {
    let public_id = options.text("public_id")?;
    let mut download = api.download_private(public_id, seconds(options, "timestamp")?);
    if let Some(format) = options.optional_text("format")? {
        download = download.format(format);
    }
    if let Some(resource_type) = options.optional_text("resource_type")? {
        download = download.resource_type(resource_type.parse()?);
    }
    if let Some(delivery_type) = options.optional_text("type")? {
        download = download.delivery_type(delivery_type.parse()?);
    }
    if let Some(attachment) = options.optional("attachment")
        && let Some(attachment) = value("attachment", attachment)?
    {
        download = download.attachment(attachment);
    }
    if options.optional("expires_at").is_some() {
        download = download.expires_at(seconds(options, "expires_at")?);
    }
    Ok(download.sign().to_string())
}

fn archive(api: ApiSigner<'_>, options: &Fields<'_>, folder: Option<&str>) -> Result<String> {
    let now = seconds(options, "timestamp")?;
    let mut download = match folder {
        Some(path) => api.download_folder(path, now),
        None => api.download_archive(now),
    };
    if let Some(resource_type) = options.optional_text("resource_type")? {
        let resource_type: url_signer::cloudinary::api::ArchiveResourceType =
            resource_type.parse()?;
        download = download.resource_type(resource_type);
    }
    // The SDKs replace the mode.
    options.optional("mode");
    for name in ARCHIVE {
        if let Some(json) = options.optional(name)
            && let Some(value) = value(name, json)?
        {
            download = download.parameter(name, value)?;
        }
    }
    for name in LISTS {
        // The SDKs replace the prefixes of a folder.
        let is_replaced = *name == "prefixes" && folder.is_some();
        let json = options.optional(name).filter(|_| !is_replaced);
        if let Some(json) = json {
            let list = match json {
                Value::Array(_) => json.clone(),
                _ => Value::Array(vec![json.clone()]),
            };
            if let Some(value) = value(name, &list)? {
                download = download.parameter(name, value)?;
            }
        }
    }
    for name in FLAGS {
        if let Some(json) = options.optional(name) {
            download = download.parameter(name, flag(name, json)?)?;
        }
    }
    if let Some(json) = options.optional("transformations") {
        let transformations = match json {
            Value::Array(items) => items.iter().map(transformation).collect(),
            _ => transformation(json).map(|text| vec![text]),
        };
        let transformations = transformations.context("invalid `transformations`")?;
        download = download.parameter("transformations", transformations.join("|"))?;
    }
    Ok(download.sign().to_string())
}

/// Returns a time, which may be a text.
fn seconds(options: &Fields<'_>, name: &'static str) -> Result<i64> {
    options
        .text_or_number(name)?
        .parse()
        .ok()
        .with_context(|| format!("invalid `{name}`: expected Unix seconds"))
}

/// Returns a boolean as the SDKs send it.
fn flag(name: &str, json: &Value) -> Result<String> {
    match json {
        Value::Bool(true) => Ok("1".to_owned()),
        Value::Bool(false) => Ok("0".to_owned()),
        Value::Number(number) => Ok(number::text(number)),
        Value::String(text) => Ok(text.clone()),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            Err(anyhow!("invalid `{name}`: expected a boolean"))
        }
    }
}

/// Formats a transformation: a text, or the options of the SDKs with an optional format.
fn transformation(json: &Value) -> Result<String> {
    match json {
        Value::String(text) => Ok(text.clone()),
        Value::Object(options) => {
            let mut options: Map<String, Value> = options.clone();
            let format = options.remove("format");
            let text = Sdk::transformation(&options)?.to_string();
            match format {
                None | Some(Value::Null) => Ok(text),
                Some(Value::String(format)) => Ok(format!("{text}/{format}")),
                Some(_) => Err(anyhow!("invalid `format`: expected a text")),
            }
        }
        _ => Err(anyhow!("expected a text or an object")),
    }
}
