//! The URLs of one image, signed and written straight to bytes.

use std::mem;

use image_model::{Image, Unsigned};
use url_signer::cloudinary::{Asset, AssetSigner, Transformation};
use url_signer::{ProxiedThumbnails, ThumbnailName};

use crate::ImageSigner;
use crate::clean::is_clean;
use crate::prepared::PreparedDelivery;
use crate::renditions::Edit;
use crate::signer::file_name;

/// Writes the URLs of one image, signed.
pub(crate) struct ImageUrls<'a> {
    edit: &'a Edit,
    /// `None` while the file is not at the provider yet.
    prefix: Option<&'a str>,
    asset: &'a AssetSigner<'a>,
    pub(crate) thumbnails: &'a ProxiedThumbnails<'a>,
    /// Whether nothing in the prefix is escaped in JSON.
    is_prefix_clean: bool,
}

impl ImageUrls<'_> {
    /// The thumbnail of which the proxy's URL stands for a delivery URL, if one
    /// does.
    pub(crate) fn proxied(&self, prepared: &PreparedDelivery) -> Option<ThumbnailName> {
        prepared.pending_thumbnail(self.prefix.is_none())
    }

    /// Whether the delivery URL before it is the same, and is known to be as it
    /// was written.
    pub(crate) fn repeats(&self, prepared: &PreparedDelivery) -> bool {
        prepared.is_repeated
            && self.is_clean(prepared)
            && self.edit.is_none()
            // Otherwise the one before may have been the proxy's.
            && self.prefix.is_some()
    }

    /// Whether it is known that nothing in a delivery URL is escaped in JSON.
    pub(crate) const fn is_clean(&self, prepared: &PreparedDelivery) -> bool {
        self.is_prefix_clean && prepared.is_clean
    }

    /// Appends a delivery URL.
    pub(crate) fn write_delivery(
        &self,
        prepared: &PreparedDelivery,
        steps: &mut Transformation,
        out: &mut Vec<u8>,
    ) {
        let delivery = &prepared.delivery;
        if let Some(prefix) = self.prefix.filter(|_| delivery.prefixed) {
            out.extend_from_slice(prefix.as_bytes());
        }
        if self.edit.changes(&delivery.steps) {
            steps.clear();
            *steps = self.edit.applied_to(&delivery.steps, mem::take(steps));
            self.asset.write(steps, out);
        } else {
            self.asset.write_compiled(&prepared.unedited, out);
        }
    }
}

impl ImageSigner {
    /// Calls a function with what writes the URLs of an image, where that
    /// stays: it is large.
    pub(crate) fn with_image_urls<T>(
        &self,
        image: &Image<Unsigned>,
        asset: Option<&Asset>,
        edit: &Edit,
        write: impl FnOnce(ImageUrls<'_>) -> T,
    ) -> T {
        let (name, format) = file_name(image);
        let names = self.table.proxied(asset.is_none());
        let prefix = asset.map(|_| self.prefix.as_str());
        let asset = asset.unwrap_or(&self.placeholder);
        // Beside prefix and steps, a URL is of what no JSON escapes: letters,
        // digits, `%` and the like.
        let is_prefix_clean = is_clean(prefix.unwrap_or_default().as_bytes());
        write(ImageUrls {
            edit,
            prefix,
            asset: &self.cloud.asset_signer(asset),
            thumbnails: &self
                .proxy
                .thumbnails(&self.thumbnails, image.id, name, format, names),
            is_prefix_clean,
        })
    }
}
