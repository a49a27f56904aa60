//! Uploaded files in the database.

use std::time::Duration;

use anyhow::Result;
use image_model::{Image, Timestamp, Unsigned};
use tokio::time::sleep;
use uuid::Uuid;

use super::queries::{ACCESS, Argument, INSERT, ONE, Query, TWO_ALBUMS, UPDATE};
use super::record::{Columns, text_and_version};
use super::row::{Row, ValueError};
use super::{Record, Store, StoreError};
use crate::upload::Upload;

/// The time until a write is repeated that conflicts with another write.
const PAUSE: Duration = Duration::from_millis(10);

/// The effect of an upload on the images of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UploadEffect {
    /// A new image.
    Created,
    /// An image with a newer version of its file.
    Updated,
    /// The image has this version already, or a newer one.
    Unchanged,
    /// Nothing has changed, because the image is in another album.
    OtherAlbum,
}

impl Store {
    /// Returns the albums that a user may see, but not more than two.
    pub(crate) async fn two_albums(&self, user: Uuid) -> Result<Vec<String>, StoreError> {
        let query = TWO_ALBUMS.with([Argument::Id(user)]);
        let albums = self.database.fetch(query, |row| {
            let album = row.text(0)?.ok_or(ValueError::Null)?;
            Ok(album.to_owned())
        });
        let albums: Result<_, ValueError> = albums.await?.into_iter().collect();
        albums.map_err(StoreError::InvalidValue)
    }

    /// Returns whether a user may see an album.
    pub(crate) async fn may_see(&self, user: Uuid, album_id: &str) -> Result<bool, StoreError> {
        // PostgreSQL accepts no such text.
        if album_id.contains('\0') {
            return Ok(false);
        }
        let album_id = Argument::Text(Some(album_id.to_owned()));
        let query = ACCESS.with([Argument::Id(user), album_id]);
        Ok(!self.database.fetch(query, |_| ()).await?.is_empty())
    }

    /// Creates or updates the image of an uploaded file. An image in another album is not
    /// updated: the upload was not authorized for that album.
    ///
    /// Each attempt is one statement, which has no effect if another program has
    /// written the image first. The caller limits the time.
    pub(crate) async fn save_upload(
        &self,
        upload: &Upload,
        album_id: &str,
        now: Timestamp,
    ) -> Result<UploadEffect, StoreError> {
        loop {
            let saved = match self.stored(upload.image_id()).await? {
                None => self.insert(upload, album_id, now).await,
                Some(stored) if stored.version >= Some(upload.version()) => {
                    return Ok(UploadEffect::Unchanged);
                }
                Some(stored) if stored.image.album_id.as_deref() != Some(album_id) => {
                    return Ok(UploadEffect::OtherAlbum);
                }
                Some(stored) => self.update(upload, stored, now).await,
            };
            match saved {
                Ok(Some(effect)) => return Ok(effect),
                // Another program has written the image, or has appended another.
                Ok(None) => {}
                Err(StoreError::Failed(error)) if error.is_write_conflict() => {}
                Err(error) => return Err(error),
            }
            sleep(PAUSE).await;
        }
    }

    async fn stored(&self, id: Uuid) -> Result<Option<Stored>, StoreError> {
        let query = ONE.with([Argument::Id(id)]);
        let rows = self.database.fetch(query, Stored::from_row).await?;
        rows.into_iter().next().transpose()
    }

    async fn insert(
        &self,
        upload: &Upload,
        album_id: &str,
        now: Timestamp,
    ) -> Result<Option<UploadEffect>, StoreError> {
        let columns = columns(&upload.image(album_id, now), upload)?;
        let is_new = self.database.change(insert(columns)).await?;
        Ok(is_new.then_some(UploadEffect::Created))
    }

    async fn update(
        &self,
        upload: &Upload,
        stored: Stored,
        now: Timestamp,
    ) -> Result<Option<UploadEffect>, StoreError> {
        let Stored {
            text, mut image, ..
        } = stored;
        upload.update(&mut image, now);
        let columns = columns(&image, upload)?;
        let is_updated = self.database.change(update(columns, text)).await?;
        Ok(is_updated.then_some(UploadEffect::Updated))
    }
}

/// An image that is in the database.
struct Stored {
    /// The column `record`.
    text: String,
    image: Image<Unsigned>,
    version: Option<i64>,
}

impl Stored {
    fn from_row(row: &dyn Row) -> Result<Self, StoreError> {
        let image = Record::from_row(row)?.decode()?;
        let (text, version) = text_and_version(row)?;
        Ok(Self {
            text,
            image,
            version,
        })
    }
}

/// Returns the column values. A raw file has no asset, but it has a version.
fn columns(image: &Image<Unsigned>, upload: &Upload) -> Result<Columns, StoreError> {
    let columns = Columns::new(image, upload.asset());
    let columns = columns.map_err(|source| StoreError::InvalidRecord {
        id: image.id.to_string(),
        source,
    })?;
    Ok(Columns {
        asset_version: Some(upload.version()),
        ..columns
    })
}

fn insert(columns: Columns) -> Query {
    INSERT.with([
        Argument::Text(Some(columns.id)),
        Argument::Text(columns.album_id),
        Argument::Text(Some(columns.record)),
        Argument::Text(columns.asset_source),
        Argument::Text(columns.asset_resource_type),
        Argument::Text(columns.asset_delivery_type),
        Argument::Integer(columns.asset_version),
    ])
}

fn update(columns: Columns, stored: String) -> Query {
    UPDATE.with([
        Argument::Text(Some(columns.record)),
        Argument::Text(columns.asset_source),
        Argument::Text(columns.asset_resource_type),
        Argument::Text(columns.asset_delivery_type),
        Argument::Integer(columns.asset_version),
        Argument::Text(Some(columns.id)),
        Argument::Text(Some(stored)),
    ])
}
