//! The import of a payload.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

use anyhow::{Context, Result};
use image_model::{Image, Unsigned, Urls};
use sync_payload::parse_original_url;
use uuid::Uuid;

use crate::store::{Record, Store};

/// Writes all images of a payload, or none if one of them is invalid. Grants
/// the users access to the albums of the images.
pub(crate) async fn import(store: &Store, file: &Path, users: &[Uuid]) -> Result<()> {
    let records = records(&payload(file)?)?;
    store.write(&records).await?;
    let albums: BTreeSet<_> = records
        .iter()
        .filter_map(|record| record.image.album_id.as_deref())
        .collect();
    for user in users {
        for album in &albums {
            store.grant(*user, album).await?;
        }
    }
    let (images, albums, users) = (records.len(), albums.len(), users.len());
    writeln!(
        io::stdout(),
        "{images} images in {albums} albums, for {users} users"
    )?;
    Ok(())
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
    images.into_iter().enumerate().map(record).collect()
}
