//! Images as database rows.

use anyhow::{Context, Result, bail, ensure};
use image_model::{Image, Unsigned, Urls};
use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{Row, ValueRef};
use url_signer::cloudinary::Asset;

use super::StoreError;

/// An image and its stored file. The file is `None` while the upload is pending.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) image: Image<Unsigned>,
    pub(crate) asset: Option<Asset>,
}

/// The column values of a record.
pub(super) struct Columns {
    pub(super) id: String,
    pub(super) album_id: Option<String>,
    pub(super) record: String,
    pub(super) asset_source: Option<String>,
    pub(super) asset_resource_type: Option<String>,
    pub(super) asset_delivery_type: Option<String>,
    pub(super) asset_version: Option<i64>,
}

/// The maximum number of bytes of an invalid id in an error.
const SHOWN_ID: usize = 64;

impl Record {
    /// Reads a row of the columns that every query selects.
    pub(super) fn from_row(row: &AnyRow) -> Result<Self, StoreError> {
        Self::from_columns(row).map_err(|source| StoreError::InvalidRecord {
            id: shown_id(row),
            source,
        })
    }

    fn from_columns(row: &AnyRow) -> Result<Self> {
        let record = required_text(row, 0).context("column `record`")?;
        let image: Image<Unsigned> = serde_json::from_str(record).context("column `record`")?;
        let id = required_text(row, 5).context("column `id`")?;
        ensure!(
            id == image.id.hyphenated().encode_lower(&mut [0; 36]),
            "column `id` is not the id of the record, {}",
            image.id
        );
        let _: i64 = row.try_get(6).context("column `position`")?;
        let asset = match text(row, 1).context("column `asset_source`")? {
            None => None,
            Some(source) => Some(
                asset(
                    source,
                    required_text(row, 2).context("column `asset_resource_type`")?,
                    required_text(row, 3).context("column `asset_delivery_type`")?,
                    row.try_get(4).context("column `asset_version`")?,
                )
                .context("columns of the asset")?,
            ),
        };
        Ok(Self { image, asset })
    }

    /// Returns the column values of the record.
    pub(super) fn columns(&self) -> Result<Columns> {
        // PostgreSQL cannot store the character. `record` contains it escaped.
        let album_id = self.image.album_id.as_deref().unwrap_or_default();
        if let Some(at) = album_id.find('\0') {
            bail!("unexpected NUL at byte {at} of album_id");
        }
        // The URLs are stored as `null` and signed when they are requested.
        let image = self
            .image
            .clone()
            .with_urls(Urls::<Option<String>>::default());
        let mut columns = Columns {
            id: image.id.to_string(),
            album_id: image.album_id.clone(),
            record: serde_json::to_string(&image)?,
            asset_source: None,
            asset_resource_type: None,
            asset_delivery_type: None,
            asset_version: None,
        };
        if let Some(stored) = &self.asset {
            let version = stored.version().map(i64::try_from).transpose();
            let version = version.context("the version of the asset is too large")?;
            let resource_type = stored.resource_type().as_str();
            let delivery_type = stored.delivery_type().as_str();
            // The source contains the extension and must survive a round trip,
            // because it is signed.
            let parsed = asset(stored.source(), resource_type, delivery_type, version)?;
            ensure!(
                parsed.source() == stored.source(),
                "the source of the asset cannot be stored"
            );
            columns.asset_source = Some(stored.source().to_owned());
            columns.asset_resource_type = Some(resource_type.to_owned());
            columns.asset_delivery_type = Some(delivery_type.to_owned());
            columns.asset_version = version;
        }
        Ok(columns)
    }
}

/// Returns the position of the image in a row.
pub(super) fn position(row: &AnyRow) -> Result<i64, StoreError> {
    row.try_get(6)
        .map_err(|source| StoreError::InvalidPosition {
            id: shown_id(row),
            source,
        })
}

/// Returns the column `record` and the version of the file.
pub(super) fn text_and_version(row: &AnyRow) -> Result<(String, Option<i64>), StoreError> {
    let columns = || {
        let record = required_text(row, 0).context("column `record`")?;
        let version = row.try_get(4).context("column `asset_version`")?;
        Ok((record.to_owned(), version))
    };
    columns().map_err(|source| StoreError::InvalidRecord {
        id: shown_id(row),
        source,
    })
}

/// Returns the id of a row for an error. The id may be any bytes.
fn shown_id(row: &AnyRow) -> String {
    match bytes(row, 5) {
        Ok(Some(id)) => id.get(..SHOWN_ID).unwrap_or(id).escape_ascii().to_string(),
        _ => "?".to_owned(),
    }
}

fn required_text(row: &AnyRow, column: usize) -> Result<&str> {
    text(row, column)?.context("unexpected NULL")
}

fn text(row: &AnyRow, column: usize) -> Result<Option<&str>> {
    Ok(bytes(row, column)?.map(str::from_utf8).transpose()?)
}

/// Returns the bytes of a text column. PostgreSQL returns text.
fn bytes(row: &AnyRow, column: usize) -> sqlx::Result<Option<&[u8]>> {
    if row.try_get_raw(column)?.type_info().kind() == AnyTypeInfoKind::Text {
        return row
            .try_get::<Option<&str>, _>(column)
            .map(|text| text.map(str::as_bytes));
    }
    row.try_get(column)
}

fn asset(
    source: &str,
    resource_type: &str,
    delivery_type: &str,
    version: Option<i64>,
) -> Result<Asset> {
    let asset = Asset::from_source(source, delivery_type.parse()?)?
        .with_resource_type(resource_type.parse()?);
    Ok(match version {
        Some(version) => asset.with_version(version.try_into()?),
        None => asset,
    })
}
