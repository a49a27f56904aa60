//! Images as database rows.

use anyhow::{Context, Result, bail, ensure};
use image_model::{Image, Unsigned};
use sync_payload::{ImageSigner, PayloadEncoder, PayloadRecord, StoredImage};
use url_signer::cloudinary::Asset;

use super::StoreError;
use super::row::{Row, ValueError};

/// An image and its stored file. The file is `None` while the upload is pending.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) image: StoredImage,
    pub(crate) asset: Option<Asset>,
}

impl PayloadRecord for Record {
    fn push_to(&self, encoder: &mut PayloadEncoder, signer: &ImageSigner) {
        encoder.push_stored(signer, &self.image, &self.asset);
    }
}

/// The column values of an image.
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
    pub(super) fn from_row(row: &dyn Row) -> Result<Self, StoreError> {
        Self::from_columns(row).map_err(|source| StoreError::InvalidRecord {
            id: shown_id(row),
            source,
        })
    }

    fn from_columns(row: &dyn Row) -> Result<Self> {
        let record = required_text(row, 0).context("column `record`")?;
        // Earlier hosts stored other JSON, which is decoded.
        let image = StoredImage::parse(record).context("column `record`")?;
        let id = required_text(row, 5).context("column `id`")?;
        ensure!(
            id == image.id().hyphenated().encode_lower(&mut [0; 36]),
            "column `id` is not the id of the record, {}",
            image.id()
        );
        required_integer(row, 6).context("column `position`")?;
        let asset = match row.text(1).context("column `asset_source`")? {
            None => None,
            Some(source) => Some(
                asset(
                    source,
                    required_text(row, 2).context("column `asset_resource_type`")?,
                    required_text(row, 3).context("column `asset_delivery_type`")?,
                    row.integer(4).context("column `asset_version`")?,
                )
                .context("columns of the asset")?,
            ),
        };
        Ok(Self { image, asset })
    }

    /// Decodes the image.
    pub(crate) fn decode(&self) -> Result<Image<Unsigned>, StoreError> {
        let decoded = self.image.decode().context("column `record`");
        decoded.map_err(|source| StoreError::InvalidRecord {
            id: self.image.id().to_string(),
            source,
        })
    }
}

impl Columns {
    /// Returns the column values of an image and its stored file.
    pub(super) fn new(image: &Image<Unsigned>, stored: Option<&Asset>) -> Result<Self> {
        // PostgreSQL cannot store the character. `record` contains it escaped.
        let album_id = image.album_id.as_deref().unwrap_or_default();
        if let Some(at) = album_id.find('\0') {
            bail!("unexpected NUL at byte {at} of album_id");
        }
        let mut columns = Self {
            id: image.id.to_string(),
            album_id: image.album_id.clone(),
            record: StoredImage::new(image).into_string(),
            asset_source: None,
            asset_resource_type: None,
            asset_delivery_type: None,
            asset_version: None,
        };
        if let Some(stored) = stored {
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
pub(super) fn position(row: &dyn Row) -> Result<i64, StoreError> {
    required_integer(row, 6).map_err(|source| StoreError::InvalidPosition {
        id: shown_id(row),
        source,
    })
}

/// Returns the column `record` and the version of the file.
pub(super) fn text_and_version(row: &dyn Row) -> Result<(String, Option<i64>), StoreError> {
    let columns = || {
        let record = required_text(row, 0).context("column `record`")?;
        let version = row.integer(4).context("column `asset_version`")?;
        Ok((record.to_owned(), version))
    };
    columns().map_err(|source| StoreError::InvalidRecord {
        id: shown_id(row),
        source,
    })
}

/// Returns the id of a row for an error. The id may be any bytes.
fn shown_id(row: &dyn Row) -> String {
    match row.bytes(5) {
        Ok(Some(id)) => id.get(..SHOWN_ID).unwrap_or(id).escape_ascii().to_string(),
        _ => "?".to_owned(),
    }
}

fn required_text(row: &dyn Row, column: usize) -> Result<&str, ValueError> {
    row.text(column)?.ok_or(ValueError::Null)
}

fn required_integer(row: &dyn Row, column: usize) -> Result<i64, ValueError> {
    row.integer(column)?.ok_or(ValueError::Null)
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
