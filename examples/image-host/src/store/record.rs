use anyhow::{Context, Result, ensure};
use image_model::{Image, Unsigned, Urls};
use sqlx::Row;
use sqlx::any::AnyRow;
use url_signer::cloudinary::Asset;

use super::StoreError;

/// An image, and its file at the delivery network; `None` while it is not
/// there yet.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) image: Image<Unsigned>,
    pub(crate) asset: Option<Asset>,
}

/// A record as it is stored.
pub(super) struct Columns {
    pub(super) id: String,
    pub(super) album_id: Option<String>,
    pub(super) record: String,
    pub(super) asset_source: Option<String>,
    pub(super) asset_resource_type: Option<String>,
    pub(super) asset_delivery_type: Option<String>,
    pub(super) asset_version: Option<i64>,
}

impl Record {
    pub(super) fn from_row(row: &AnyRow) -> Result<Self, StoreError> {
        let unreadable = |error: anyhow::Error| StoreError::Record(format!("{error:#}"));
        let image = serde_json::from_str(row.try_get(0)?)
            .context("record")
            .map_err(unreadable)?;
        let asset = match row.try_get::<Option<&str>, _>(1)? {
            None => None,
            Some(source) => Some(
                asset(source, row.try_get(2)?, row.try_get(3)?, row.try_get(4)?)
                    .context("asset")
                    .map_err(unreadable)?,
            ),
        };
        Ok(Self { image, asset })
    }

    /// What is stored of it.
    pub(super) fn columns(&self) -> Result<Columns> {
        // `null` for each URL: there is none before it is asked for.
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
        if let Some(found) = &self.asset {
            let version = found.version().map(i64::try_from).transpose();
            let version = version.context("the asset's version is too large")?;
            let types = (
                found.resource_type().as_str(),
                found.delivery_type().as_str(),
            );
            let again = asset(found.source(), types.0, types.1, version)?;
            // What is signed; the extension is in it.
            ensure!(
                again.source() == found.source(),
                "its asset cannot be stored"
            );
            columns.asset_source = Some(found.source().to_owned());
            columns.asset_resource_type = Some(types.0.to_owned());
            columns.asset_delivery_type = Some(types.1.to_owned());
            columns.asset_version = version;
        }
        Ok(columns)
    }
}

fn asset(
    source: &str,
    resource_type: &str,
    delivery_type: &str,
    version: Option<i64>,
) -> Result<Asset> {
    let asset = Asset::new(source)?
        .with_resource_type(resource_type.parse()?)
        .with_delivery_type(delivery_type.parse()?)?;
    Ok(match version {
        Some(version) => asset.with_version(version.try_into()?),
        None => asset,
    })
}
