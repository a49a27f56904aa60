//! Cloudinary's JSON that describes a stored image.

use serde_json::{Map, Value, json};
use url_signer::cloudinary::{Asset, Transformation};
use uuid::Uuid;

use super::facts::Facts;
use super::form::Form;
use super::naming::{FileName, invalid_public_id, is_true};
use crate::asset_key::AssetKey;
use crate::response::Problem;
use crate::state::State;
use crate::time::rfc3339;

/// An uploaded image before it is stored.
pub(super) struct NewImage {
    pub(super) key: AssetKey,
    pub(super) facts: Facts,
    pub(super) file_name: FileName,
    pub(super) bytes: usize,
    /// The MD5 digest of the file, in hexadecimal.
    pub(super) digest: String,
    /// The current time in Unix seconds.
    pub(super) now: i64,
}

impl NewImage {
    /// Returns the response to the upload. `previous` is the description of the image that is
    /// replaced.
    pub(super) fn describe(
        &self,
        state: &State,
        form: &Form,
        previous: Option<&Map<String, Value>>,
    ) -> Result<Map<String, Value>, Problem> {
        let previous = |name: &str| previous.and_then(|previous| previous.get(name));
        let version = u64::try_from(self.now).unwrap_or_default();
        let version = match previous("version").and_then(Value::as_u64) {
            Some(replaced) => version.max(replaced.saturating_add(1)),
            None => version,
        };
        let asset_id = match previous("asset_id").and_then(Value::as_str) {
            Some(asset_id) => asset_id.to_owned(),
            None => random_id(),
        };
        let public_id = self.key.public_id();
        let format = self.facts.format.extension();
        let url = self.url(state, version)?;
        let tags = form.get("tags").unwrap_or_default().split(',');
        let tags: Vec<_> = tags.map(str::trim).filter(|tag| !tag.is_empty()).collect();
        let access_mode = match self.key.delivery_type().as_str() {
            "authenticated" => "authenticated",
            _ => "public",
        };

        let mut description = Map::new();
        let mut insert = |name: &str, value: Value| {
            description.insert(name.to_owned(), value);
        };
        insert("asset_id", json!(asset_id));
        insert("public_id", json!(public_id));
        insert("version", json!(version));
        insert("version_id", json!(random_id()));
        let signature = state.cloud.sign_response(public_id, version);
        insert("signature", json!(signature));
        insert("width", json!(self.facts.width));
        insert("height", json!(self.facts.height));
        insert("format", json!(format));
        insert("resource_type", json!(self.key.resource_type().as_str()));
        insert("created_at", json!(rfc3339(self.now)));
        insert("tags", json!(tags));
        insert("pages", json!(1));
        insert("bytes", json!(self.bytes));
        insert("type", json!(self.key.delivery_type().as_str()));
        insert("etag", json!(self.digest));
        insert("placeholder", json!(false));
        insert("url", json!(url));
        insert("secure_url", json!(url));
        insert("asset_folder", json!(""));
        insert("display_name", json!(self.key.name()));
        insert("access_mode", json!(access_mode));
        if !is_true(form.get("discard_original_filename")) {
            insert("original_filename", json!(self.file_name.stem));
            if let Some(extension) = &self.file_name.extension {
                insert("original_extension", json!(extension));
            }
        }
        insert("api_key", json!(form.get("api_key")));
        if is_true(form.get("phash")) {
            insert("phash", json!(self.facts.phash()));
        }
        if is_true(form.get("faces")) {
            insert("faces", json!([]));
        }
        if is_true(form.get("colors")) {
            insert("colors", self.facts.colors());
        }
        if is_true(form.get("image_metadata")) {
            insert("image_metadata", self.facts.metadata());
        }
        if let Some(context) = form.get("context") {
            insert("context", json!({ "custom": context_values(context) }));
        }
        Ok(description)
    }

    /// Returns the signed URL of the image in its stored format.
    fn url(&self, state: &State, version: u64) -> Result<String, Problem> {
        let public_id = self.key.public_id();
        let asset = Asset::new(public_id)
            .and_then(|asset| asset.with_delivery_type(self.key.delivery_type().clone()))
            .and_then(|asset| asset.with_extension(self.facts.format.extension()))
            .map_err(|_| invalid_public_id(public_id))?
            .with_version(version);
        Ok(state.cloud.sign(&asset, Transformation::NONE).to_string())
    }
}

/// Returns 32 random hexadecimal digits.
fn random_id() -> String {
    Uuid::new_v4().simple().to_string()
}

/// Parses `key=value|key=value`. A backslash makes `|` and `=` part of a value.
fn context_values(context: &str) -> Map<String, Value> {
    let mut values = Map::new();
    let (mut key, mut text) = (None, String::new());
    let mut insert = |key: Option<String>, text: String| {
        if let Some(key) = key {
            values.insert(key, Value::String(text));
        }
    };
    let mut characters = context.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.extend(characters.next()),
            '=' if key.is_none() => key = Some(std::mem::take(&mut text)),
            '|' => insert(key.take(), std::mem::take(&mut text)),
            character => text.push(character),
        }
    }
    insert(key, text);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn context_is_split() {
        for (context, values) in [
            ("caption=A sample", json!({ "caption": "A sample" })),
            ("a=1|b=2=3", json!({ "a": "1", "b": "2=3" })),
            (r"a=x\|y\=z", json!({ "a": "x|y=z" })),
            ("a", json!({})),
            ("", json!({})),
        ] {
            assert_eq!(Value::Object(context_values(context)), values, "{context}");
        }
    }
}
