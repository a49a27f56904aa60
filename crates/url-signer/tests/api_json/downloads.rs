//! Download URLs from the options of the SDKs, with the typed methods.

use serde_json::{Map, Value};
use url_signer::cloudinary::api::{
    ApiSigner, ArchiveDownload, ArchiveResourceType, DownloadUrl, Images,
};
use url_signer::cloudinary::{ResourceType, Transformation};

use super::value;

/// The options of the SDKs, without those that are not set.
pub(crate) struct Options(Map<String, Value>);

impl Options {
    pub(crate) fn new<'a>(objects: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut options = Map::new();
        for object in objects {
            let Some(object) = object.as_object() else {
                continue;
            };
            let set = object.iter().filter(|(_, value)| !value.is_null());
            options.extend(set.map(|(name, value)| (name.clone(), value.clone())));
        }
        Self(options)
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    pub(crate) fn take_text(&mut self, name: &str) -> Option<String> {
        let text = self.take(name)?;
        Some(text.as_str().unwrap().to_owned())
    }

    fn resource_type(&mut self) -> ResourceType {
        let name = self.take_text("resource_type");
        name.map_or(ResourceType::Image, |name| name.parse().unwrap())
    }

    /// Fails if an option is left.
    fn finish(self) {
        assert!(self.0.is_empty(), "{:?}", self.0.keys());
    }
}

pub(crate) fn private(
    api: ApiSigner<'_>,
    public_id: &str,
    format: &str,
    now: i64,
    mut options: Options,
) -> DownloadUrl {
    let mut download = api
        .download_private(public_id, now)
        .format(format)
        .resource_type(options.resource_type());
    if let Some(name) = options.take_text("type") {
        download = download.delivery_type(name.parse().unwrap());
    }
    if let Some(attachment) = options.take("attachment") {
        download = download.attachment(value(&attachment));
    }
    if let Some(time) = options.take("expires_at") {
        download = download.expires_at(time.as_i64().unwrap());
    }
    options.finish();
    download.sign()
}

pub(crate) fn archive(api: ApiSigner<'_>, now: i64, options: Options) -> DownloadUrl {
    with_options(api.download_archive(now), options)
}

pub(crate) fn folder(api: ApiSigner<'_>, path: &str, now: i64, options: Options) -> DownloadUrl {
    with_options(api.download_folder(path, now), options)
}

fn with_options(mut download: ArchiveDownload<'_>, mut options: Options) -> DownloadUrl {
    if let Some(name) = options.take_text("resource_type") {
        let resource_type: ArchiveResourceType = name.parse().unwrap();
        download = download.resource_type(resource_type);
    }
    // The SDKs replace the mode of a download.
    options.take("mode");
    for transformation in transformations(options.take("transformations")) {
        download = download.transformation(&transformation);
    }
    for (name, json) in std::mem::take(&mut options.0) {
        let flag = json.as_bool() == Some(true) || json == 1;
        download = match (&*name, &json) {
            ("type", Value::String(name)) => download.delivery_type(name.parse().unwrap()),
            ("target_format", Value::String(name)) => download.format(name.parse().unwrap()),
            ("target_public_id", Value::String(id)) => download.target_public_id(id),
            ("expires_at", Value::Number(time)) => download.expires_at(time.as_i64().unwrap()),
            ("public_ids", _) => download.public_ids(list(&json)),
            ("fully_qualified_public_ids", _) => download.fully_qualified_public_ids(list(&json)),
            ("prefixes", _) => download.prefixes(list(&json)),
            ("tags", _) => download.tags(list(&json)),
            ("target_tags", Value::String(tag)) => download.parameter(&name, [&**tag]).unwrap(),
            ("flatten_folders", _) if flag => download.flatten_folders(),
            ("flatten_transformations", _) if flag => download.flatten_transformations(),
            ("skip_transformation_name", _) if flag => download.skip_transformation_name(),
            ("use_original_filename", _) if flag => download.use_original_filename(),
            ("allow_missing", _) if flag => download.allow_missing(),
            // The SDKs send booleans as integers.
            (_, Value::Bool(boolean)) => download.parameter(&name, i32::from(*boolean)).unwrap(),
            _ => download.parameter(&name, value(&json)).unwrap(),
        };
    }
    download.sign()
}

pub(crate) fn combined(
    api: ApiSigner<'_>,
    action: &str,
    now: i64,
    mut options: Options,
) -> DownloadUrl {
    let (tag, urls) = (options.take_text("tag"), options.take("urls"));
    let urls = urls.as_ref().map(list).unwrap_or_default();
    let urls: Vec<_> = urls.iter().map(|url| &**url).collect();
    let images = tag.as_deref().map_or(Images::Urls(&urls), Images::Tag);
    let mut download = match action {
        "sprite" => api.download_sprite(images, now),
        "multi" => api.download_multi(images, now),
        _ => panic!("{action}"),
    };
    for transformation in transformations(options.take("transformation")) {
        download = download.transformation(&transformation);
    }
    options.finish();
    download.sign()
}

/// Transformations from their text, or from a width.
fn transformations(json: Option<Value>) -> Vec<Transformation> {
    let texts = match json.unwrap_or_default() {
        Value::Null => Vec::new(),
        Value::String(text) if text.is_empty() => Vec::new(),
        Value::String(text) => text.split('|').map(str::to_owned).collect(),
        Value::Array(items) => items
            .iter()
            .map(|item| match item {
                Value::String(text) => text.clone(),
                _ => format!("w_{}", item["width"]),
            })
            .collect(),
        json => panic!("{json}"),
    };
    texts
        .iter()
        .map(|text| Transformation::verbatim(text).unwrap())
        .collect()
}

/// The texts of a list, or one text.
fn list(json: &Value) -> Vec<String> {
    match json {
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().unwrap().to_owned())
            .collect(),
        _ => vec![json.as_str().unwrap().to_owned()],
    }
}
