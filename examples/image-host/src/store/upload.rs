//! Uploaded files in the database.

use std::time::Duration;

use anyhow::Result;
use image_model::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;
use tokio::time::sleep;
use uuid::Uuid;

use super::error::is_write_conflict;
use super::pool::Query;
use super::record::{Columns, text_and_version};
use super::{Record, Store, StoreError};
use crate::upload::Upload;

/// The time until a write is repeated that conflicts with another write.
const PAUSE: Duration = Duration::from_millis(10);

const ALBUMS: &str = "SELECT album_id FROM album_access WHERE user_id = $1 \
     ORDER BY album_id LIMIT 2";
const ACCESS: &str = "SELECT album_id FROM album_access WHERE user_id = $1 AND album_id = $2";

const INSERT: &str = "INSERT INTO images (id, position, album_id, record, asset_source, \
     asset_resource_type, asset_delivery_type, asset_version) \
     VALUES ($1, (SELECT COALESCE(MAX(position), 0) + 1 FROM images), $2, $3, $4, $5, $6, $7) \
     ON CONFLICT (id) DO NOTHING RETURNING id";

/// Updates the row that was read, unless it has changed in the meantime. In SQLite, the
/// text may be stored as a blob, which equals no text.
const UPDATE: &str = "UPDATE images SET record = $2, asset_source = $3, \
     asset_resource_type = $4, asset_delivery_type = $5, asset_version = $6 \
     WHERE id = $1 AND CAST(record AS TEXT) = $7 AND (asset_version IS NULL OR asset_version < $6) \
     RETURNING id";

/// The effect of an upload on the images of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UploadEffect {
    /// A new image.
    Created,
    /// An image with a newer version of its file.
    Updated,
    /// The image has this version already, or a newer one.
    Unchanged,
}

impl Store {
    /// Returns the albums that a user may see, but not more than two.
    pub(crate) async fn two_albums(&self, user: Uuid) -> Result<Vec<String>, StoreError> {
        let query = || sqlx::query(ALBUMS).bind(user.to_string());
        let rows = self.pool.fetch(query).await?;
        let albums = rows.iter().map(|row| row.try_get(0));
        Ok(albums.collect::<sqlx::Result<_>>()?)
    }

    /// Returns whether a user may see an album.
    pub(crate) async fn may_see(&self, user: Uuid, album_id: &str) -> Result<bool, StoreError> {
        // PostgreSQL accepts no such text.
        if album_id.contains('\0') {
            return Ok(false);
        }
        let album_id = album_id.to_owned();
        let query = || {
            let query = sqlx::query(ACCESS).bind(user.to_string());
            query.bind(album_id.clone())
        };
        Ok(!self.pool.fetch(query).await?.is_empty())
    }

    /// Creates or updates the image of an uploaded file.
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
                Some(stored) => self.update(upload, stored, now).await,
            };
            match saved {
                Ok(Some(effect)) => return Ok(effect),
                // Another program has written the image, or has appended another.
                Ok(None) => {}
                Err(StoreError::Failed(error)) if is_write_conflict(&error) => {}
                Err(error) => return Err(error),
            }
            sleep(PAUSE).await;
        }
    }

    async fn stored(&self, id: Uuid) -> Result<Option<Stored>, StoreError> {
        let one = self.queries().one;
        let query = || sqlx::query(one).bind(id.to_string());
        let rows = self.pool.fetch(query).await?;
        rows.first().map(Stored::from_row).transpose()
    }

    async fn insert(
        &self,
        upload: &Upload,
        album_id: &str,
        now: Timestamp,
    ) -> Result<Option<UploadEffect>, StoreError> {
        let record = Record {
            image: upload.image(album_id, now),
            asset: upload.asset().cloned(),
        };
        let columns = columns(&record, upload)?;
        let rows = self.pool.fetch(|| insert(&columns)).await?;
        Ok((!rows.is_empty()).then_some(UploadEffect::Created))
    }

    async fn update(
        &self,
        upload: &Upload,
        stored: Stored,
        now: Timestamp,
    ) -> Result<Option<UploadEffect>, StoreError> {
        let Stored {
            text, mut record, ..
        } = stored;
        upload.update(&mut record.image, now);
        record.asset = upload.asset().cloned();
        let columns = columns(&record, upload)?;
        let rows = self.pool.fetch(|| update(&columns, &text)).await?;
        Ok((!rows.is_empty()).then_some(UploadEffect::Updated))
    }
}

/// An image that is in the database.
struct Stored {
    /// The column `record`.
    text: String,
    record: Record,
    version: Option<i64>,
}

impl Stored {
    fn from_row(row: &AnyRow) -> Result<Self, StoreError> {
        let record = Record::from_row(row)?;
        let (text, version) = text_and_version(row)?;
        Ok(Self {
            text,
            record,
            version,
        })
    }
}

/// Returns the column values. A raw file has no asset, but it has a version.
fn columns(record: &Record, upload: &Upload) -> Result<Columns, StoreError> {
    let columns = record
        .columns()
        .map_err(|source| StoreError::InvalidRecord {
            id: record.image.id.to_string(),
            source,
        })?;
    Ok(Columns {
        asset_version: Some(upload.version()),
        ..columns
    })
}

fn insert(columns: &Columns) -> Query {
    sqlx::query(INSERT)
        .bind(columns.id.clone())
        .bind(columns.album_id.clone())
        .bind(columns.record.clone())
        .bind(columns.asset_source.clone())
        .bind(columns.asset_resource_type.clone())
        .bind(columns.asset_delivery_type.clone())
        .bind(columns.asset_version)
}

fn update(columns: &Columns, stored: &str) -> Query {
    sqlx::query(UPDATE)
        .bind(columns.id.clone())
        .bind(columns.record.clone())
        .bind(columns.asset_source.clone())
        .bind(columns.asset_resource_type.clone())
        .bind(columns.asset_delivery_type.clone())
        .bind(columns.asset_version)
        .bind(stored.to_owned())
}
