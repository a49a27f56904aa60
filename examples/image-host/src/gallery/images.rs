//! The images of the recorded user, for the gallery.

use std::sync::Arc;

use gallery::{Entry, Images, ImagesError, Page};
use url_signer::cloudinary::Cloud;
use url_signer::cloudinary::api::UploadForm;
use uuid::Uuid;

use crate::public_url::PublicUrl;
use crate::recorded::USER;
use crate::serve::{AppState, UploadFormError, upload_form};
use crate::store::{Record, StoreError};
use crate::token::UploadTarget;

/// The number of images on a page.
const PAGE: u32 = 24;

#[derive(Debug)]
pub(super) struct UserImages {
    app: Arc<AppState>,
    /// The account, with the URLs of the local delivery network.
    cloud: Cloud,
    /// The URL of this host, for webhooks of the local delivery network.
    webhook: PublicUrl,
}

impl UserImages {
    pub(super) fn new(app: Arc<AppState>, cloud: Cloud, webhook: PublicUrl) -> Self {
        Self {
            app,
            cloud,
            webhook,
        }
    }
}

impl Images for UserImages {
    async fn page(&self, after: Option<i64>) -> Result<Page, ImagesError> {
        let before = after.unwrap_or(i64::MAX);
        let rows = self.app.store.newest(USER, before, PAGE + 1).await;
        let mut rows = rows.map_err(ImagesError::new)?;
        let has_next = rows.len() > PAGE as usize;
        rows.truncate(PAGE as usize);
        let last = rows.last().map(|(position, _)| *position);
        let entries: Result<_, _> = rows.into_iter().map(|(_, record)| entry(record)).collect();
        Ok(Page {
            entries: entries.map_err(ImagesError::new)?,
            next: last.filter(|_| has_next),
        })
    }

    async fn image(&self, id: Uuid) -> Result<Option<Entry>, ImagesError> {
        let records = self.app.store.images(USER, &[id]).await;
        let record = records.map_err(ImagesError::new)?.pop();
        record.map(entry).transpose().map_err(ImagesError::new)
    }

    async fn upload_form(&self, callback: &str) -> Result<Option<UploadForm>, ImagesError> {
        let albums = self.app.store.two_albums(USER).await;
        let Some(album_id) = albums.map_err(ImagesError::new)?.into_iter().next() else {
            return Ok(None);
        };
        let target = UploadTarget {
            user_id: USER,
            album_id,
        };
        let form = match upload_form(&self.cloud, &self.webhook, &self.app.tokens, target) {
            Err(UploadFormError::MissingApiKey) => return Ok(None),
            form => form.map_err(ImagesError::new)?,
        };
        let form = form.parameter("callback", callback);
        Ok(Some(form.map_err(ImagesError::new)?.sign()))
    }
}

fn entry(record: Record) -> Result<Entry, StoreError> {
    Ok(Entry {
        image: record.decode()?,
        asset: record.asset,
    })
}
