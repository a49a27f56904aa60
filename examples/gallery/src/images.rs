//! The source of the images.

use std::borrow::Cow;
use std::error::Error;

use image_model::{Image, Unsigned};
use thiserror::Error;
use url_signer::cloudinary::Asset;
use url_signer::cloudinary::api::UploadForm;
use uuid::Uuid;

/// The source of the images, which are those of one user.
pub trait Images: Send + Sync + 'static {
    /// Returns the next images after a position, or the first images.
    fn page(&self, after: Option<i64>) -> impl Future<Output = Result<Page, ImagesError>> + Send;

    /// Returns an image, or `None` if the user may not see an image with this id.
    fn image(&self, id: Uuid) -> impl Future<Output = Result<Option<Entry>, ImagesError>> + Send;

    /// Returns a form that uploads one file and then redirects a browser to `callback`.
    /// Returns `None` if uploads are not configured.
    fn upload_form(
        &self,
        callback: &str,
    ) -> impl Future<Output = Result<Option<UploadForm>, ImagesError>> + Send;
}

/// Consecutive images.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The images, in the order of the pages.
    pub entries: Vec<Entry>,
    /// The position of the last image, or `None` if there are no further images.
    pub next: Option<i64>,
}

/// An image and its stored file.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The image without URLs.
    pub image: Image<Unsigned>,
    /// The stored file; `None` while the upload is pending.
    pub asset: Option<Asset>,
}

impl Entry {
    /// Returns the title, else the file name, else a text with the id.
    pub(crate) fn name(&self) -> Cow<'_, str> {
        let image = &self.image;
        [&image.title, &image.filename]
            .into_iter()
            .flatten()
            .map(|name| name.trim())
            .find(|name| !name.is_empty())
            .map_or_else(|| Cow::Owned(format!("Image {}", image.id)), Cow::Borrowed)
    }
}

/// The images cannot be read.
#[derive(Debug, Error)]
#[error("the images cannot be read")]
pub struct ImagesError(#[source] Box<dyn Error + Send + Sync>);

impl ImagesError {
    /// Creates an error with its cause.
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(source.into())
    }
}
