//! Storing an uploaded image.

use std::sync::Arc;

use serde_json::{Map, Value};
use tokio::task::spawn_blocking;
use url_signer::cloudinary::DeliveryType;

use super::data_uri::decode;
use super::facts::Facts;
use super::form::{Content, Form, too_large};
use super::naming::{FileName, check_public_id, public_id};
use super::response::NewImage;
use crate::asset_key::AssetKey;
use crate::digest::md5;
use crate::originals::SaveError;
use crate::render::OutputFormat;
use crate::response::Problem;
use crate::state::State;
use crate::time::now;

/// An image that is stored, with the response that describes it.
pub(super) struct StoredImage {
    pub(super) description: Map<String, Value>,
    /// False if the image existed and is not replaced.
    pub(super) is_new: bool,
}

/// Checks the image and stores it.
pub(super) async fn store(state: &Arc<State>, form: &mut Form) -> Result<StoredImage, Problem> {
    let limit = state.settings.limits.source_bytes;
    let file = form.file.take();
    let file = file.ok_or_else(|| Problem::bad_request("Missing required parameter - file"))?;
    let bytes: Arc<[u8]> = match file.content {
        Content::Bytes(bytes) => bytes.into(),
        Content::Text(text) if text.starts_with("data:") => {
            let decoded = spawn_blocking(move || decode(&text)).await;
            let decoded = decoded.map_err(|error| Problem::internal(&error))?;
            decoded
                .ok_or_else(|| Problem::bad_request("Invalid data URI"))?
                .into()
        }
        Content::Text(_) => return Err(Problem::bad_request("Remote URLs are not supported")),
    };
    if bytes.len() > limit {
        return Err(too_large(limit));
    }
    let delivery_type = form.get("type").unwrap_or("upload");
    let delivery_type: DeliveryType = delivery_type
        .parse()
        .map_err(|_| Problem::bad_request(format!("Invalid type {delivery_type}")))?;
    let file_name = FileName::new(file.name.as_deref());
    let key = AssetKey::image(delivery_type, public_id(form, &file_name))
        .map_err(|error| Problem::bad_request(error.to_string()))?;
    check_public_id(key.public_id())?;
    let overwrites = form.get("overwrite") != Some("false");
    if !overwrites && let Some(existing) = existing(state, &key).await? {
        return Ok(existing);
    }

    let (decoded, limits) = (Arc::clone(&bytes), state.settings.limits.clone());
    let facts = state
        .derived
        .run(&bytes, move |deadline| {
            Facts::read(&decoded, deadline, &limits)
        })
        .await?
        .map_err(|error| Problem::bad_request(error.to_string()))?;
    check_format(form, facts.format)?;

    let image = NewImage {
        key,
        facts,
        file_name,
        bytes: bytes.len(),
        digest: md5(&bytes),
        now: now(),
    };
    let _saving = state.saving.lock().await;
    let previous = find_description(state, &image.key).await?;
    let description = image.describe(state, form, previous.as_ref())?;
    let saved = {
        let (state, description) = (Arc::clone(state), description.clone());
        spawn_blocking(move || {
            let (originals, key) = (&state.originals, &image.key);
            originals.save_described(key, &bytes, Some(&description), overwrites)
        })
    };
    match saved.await.map_err(|error| Problem::internal(&error))? {
        Ok(()) => Ok(StoredImage {
            description,
            is_new: true,
        }),
        Err(SaveError::Format) => Err(Problem::bad_request("Invalid image file")),
        Err(SaveError::Exists(key)) => existing(state, &key)
            .await?
            .ok_or_else(|| Problem::not_found(key.public_id())),
        Err(error @ SaveError::FolderName(_)) => Err(Problem::bad_request(error.to_string())),
        Err(error @ SaveError::Write { .. }) => Err(Problem::internal(&error)),
    }
}

/// Returns the description of a stored image.
async fn find_description(
    state: &Arc<State>,
    key: &AssetKey,
) -> Result<Option<Map<String, Value>>, Problem> {
    let (state, key) = (Arc::clone(state), key.clone());
    let found = spawn_blocking(move || {
        let original = state.originals.find(&key)?;
        Ok::<_, std::io::Error>(original.map(|original| {
            state
                .originals
                .description(&original.path)
                .unwrap_or_default()
        }))
    });
    found
        .await
        .map_err(|error| Problem::internal(&error))?
        .map_err(|error| Problem::internal(&error))
}

/// Returns an image that is not replaced.
async fn existing(state: &Arc<State>, key: &AssetKey) -> Result<Option<StoredImage>, Problem> {
    let description = find_description(state, key).await?;
    Ok(description.map(|mut description| {
        description.insert("existing".to_owned(), Value::Bool(true));
        StoredImage {
            description,
            is_new: false,
        }
    }))
}

fn check_format(form: &Form, format: OutputFormat) -> Result<(), Problem> {
    let Some(allowed) = form.get("allowed_formats") else {
        return Ok(());
    };
    let mut allowed = allowed.split(',').map(str::trim);
    if allowed.any(|name| OutputFormat::from_extension(name) == Some(format)) {
        return Ok(());
    }
    let reason = format!("Image file format {} not allowed", format.extension());
    Err(Problem::bad_request(reason))
}
