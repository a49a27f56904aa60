//! The import of a payload.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::io::{BufRead, BufReader, stdin};
use std::path::Path;

use anyhow::{Context, Result, bail};
use image_model::{Image, Unsigned, Urls};
use sync_payload::parse_original_url;
use url_signer::cloudinary::Asset;
use uuid::Uuid;

use crate::output::print;
use crate::progress;
use crate::store::{Batch, Store};

/// Writes all images of a payload and grants the users access to the albums of
/// the images, in one transaction. An invalid image cancels the import.
pub(crate) async fn import(store: &Store, file: &Path, users: &[Uuid]) -> Result<()> {
    let mut batch = batch(payload(file)?)?;
    let users = users.iter().copied().collect();
    let albums = batch.grant(&users);
    let (images, users) = (batch.images(), users.len());
    let progress = progress::bar(batch.rows() as u64, "rows")?;
    let bar = progress.clone();
    let written = store.write(batch, move |rows| bar.set_position(rows as u64));
    let written = written.await;
    progress.finish_and_clear();
    written?;
    print(format_args!(
        "{images} images in {albums} albums, for {users} users"
    ))
}

fn payload(file: &Path) -> Result<Box<dyn BufRead>> {
    if file.as_os_str() == "-" {
        return Ok(Box::new(stdin().lock()));
    }
    let opened = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Box::new(BufReader::new(opened)))
}

/// Returns the images of a payload, which have distinct ids.
pub(crate) fn batch(payload: impl BufRead) -> Result<Batch> {
    let mut batch = Batch::default();
    let mut indexes = HashMap::new();
    for (index, image) in images(payload).enumerate() {
        let (image, asset) = image?;
        let id = image.id;
        match indexes.entry(id) {
            Entry::Occupied(first) => {
                let first = first.get();
                bail!("images[{index}] has the same id as images[{first}]: {id}");
            }
            Entry::Vacant(entry) => entry.insert(index),
        };
        let added = batch.push(&image, asset.as_ref());
        added.with_context(|| format!("images[{index}]"))?;
    }
    Ok(batch)
}

/// Decodes the images of a payload one after the other, each with the asset of its
/// `original_url`. The asset is `None` while the upload is pending.
pub(crate) fn images(
    payload: impl BufRead,
) -> impl Iterator<Item = Result<(Image<Unsigned>, Option<Asset>)>> {
    // Only `original_url` is used, so the remaining URLs may be missing.
    let images = image_model::read_images::<Option<String>>(payload);
    images.enumerate().map(|(index, image)| {
        let image = image?;
        let original_url = image.original_url.as_deref();
        let asset = original_url
            .context("null or missing")
            .and_then(|url| Ok(parse_original_url(url)?))
            .with_context(|| format!("images[{index}].original_url"))?;
        Ok((image.with_urls(Urls::<Unsigned>::default()), asset))
    })
}
