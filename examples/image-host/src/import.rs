//! The import of a payload.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, Result, bail};
use image_model::{Image, Unsigned, Urls};
use sync_payload::parse_original_url;
use uuid::Uuid;

use crate::output::print;
use crate::progress;
use crate::store::{Batch, Record, Store};

/// Writes all images of a payload and grants the users access to the albums of
/// the images, in one transaction. An invalid image cancels the import.
pub(crate) async fn import(store: &Store, file: &Path, users: &[Uuid]) -> Result<()> {
    let records = records(&payload(file)?)?;
    let batch = Batch::new(&records, users)?;
    let progress = progress::bar(batch.rows() as u64, "rows")?;
    let bar = progress.clone();
    let written = store.write(batch, move |rows| bar.set_position(rows as u64));
    let written = written.await;
    progress.finish_and_clear();
    written?;
    let albums = records
        .iter()
        .filter_map(|record| record.image.album_id.as_deref());
    let albums: BTreeSet<_> = albums.collect();
    let users: BTreeSet<_> = users.iter().collect();
    let (images, albums, users) = (records.len(), albums.len(), users.len());
    print(format_args!(
        "{images} images in {albums} albums, for {users} users"
    ))
}

fn payload(file: &Path) -> Result<Vec<u8>> {
    if file.as_os_str() == "-" {
        let mut payload = Vec::new();
        io::stdin()
            .read_to_end(&mut payload)
            .context("cannot read standard input")?;
        Ok(payload)
    } else {
        fs::read(file).with_context(|| format!("cannot read {}", file.display()))
    }
}

/// Returns the images of a payload, each with the asset of its `original_url`.
pub(crate) fn records(payload: &[u8]) -> Result<Vec<Record>> {
    // Only `original_url` is used, so the remaining URLs may be missing.
    let images: Vec<Image<Option<String>>> = image_model::from_slice(payload)?;
    let record = |(index, image): (usize, Image<Option<String>>)| {
        let original_url = image.original_url.as_deref();
        let asset = original_url
            .context("null or missing")
            .and_then(|url| Ok(parse_original_url(url)?))
            .with_context(|| format!("images[{index}].original_url"))?;
        Ok(Record {
            image: image.with_urls(Urls::<Unsigned>::default()),
            asset,
        })
    };
    let records: Vec<_> = images
        .into_iter()
        .enumerate()
        .map(record)
        .collect::<Result<_>>()?;
    let mut positions = HashMap::new();
    for (index, record) in records.iter().enumerate() {
        if let Some(first) = positions.insert(record.image.id, index) {
            let id = record.image.id;
            bail!("images[{index}] has the same id as images[{first}]: {id}");
        }
    }
    Ok(records)
}
