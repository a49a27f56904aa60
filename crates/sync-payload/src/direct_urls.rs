//! The URLs of one image, signed and written straight to bytes.

use std::mem;

use image_model::{Image, Unsigned};
use url_signer::cloudinary::{Asset, AssetSigner, Transformation};
use url_signer::{ProxiedThumbnails, ThumbnailName};

use crate::ImageSigner;
use crate::clean::is_clean;
use crate::prepared::Prepared;
use crate::renditions::Edit;
use crate::signer::file_name;

/// Writes the URLs of one image, signed.
pub(crate) struct ImageUrls<'a> {
    edit: &'a Edit,
    /// `None` while the file is not at the provider yet.
    prefix: Option<&'a str>,
    asset: &'a AssetSigner<'a>,
    pub(crate) thumbnails: &'a ProxiedThumbnails<'a>,
    /// Whether nothing in prefix and asset is escaped in JSON.
    is_clean: bool,
}

impl ImageUrls<'_> {
    /// The thumbnail of which the proxy's URL is the rendition's, if it is that.
    pub(crate) fn proxied(&self, rendition: &Prepared) -> Option<ThumbnailName> {
        rendition.proxied(self.prefix.is_none())
    }

    /// Whether the delivery URL before it is the same, and is known to be as it
    /// was written.
    pub(crate) fn repeats(&self, rendition: &Prepared) -> bool {
        let Prepared::Delivery {
            is_clean,
            is_repeated,
            ..
        } = rendition
        else {
            return false;
        };
        *is_repeated
            && *is_clean
            && self.is_clean
            && self.edit.is_none()
            // Otherwise the one before may have been the proxy's.
            && self.prefix.is_some()
    }

    /// Appends a delivery URL, if it is that, and tells whether it is known
    /// that nothing in it is escaped in JSON.
    pub(crate) fn write_delivery(
        &self,
        rendition: &Prepared,
        steps: &mut Transformation,
        out: &mut Vec<u8>,
    ) -> bool {
        let Prepared::Delivery {
            delivery,
            unedited,
            is_clean,
            ..
        } = rendition
        else {
            return true;
        };
        if let Some(prefix) = self.prefix.filter(|_| delivery.prefixed) {
            out.extend_from_slice(prefix.as_bytes());
        }
        if self.edit.changes(&delivery.steps) {
            steps.clear();
            *steps = self.edit.applied_to(&delivery.steps, mem::take(steps));
            self.asset.write(steps, out);
        } else {
            self.asset.write_compiled(unedited, out);
        }
        self.is_clean && *is_clean
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
        // Beside these, a URL has the names of hosts and of the account, which
        // are of letters, digits and the like.
        let is_clean = [
            prefix.unwrap_or_default(),
            asset.source(),
            asset.delivery_type().as_str(),
        ]
        .into_iter()
        .all(|piece| is_clean(piece.as_bytes()));
        write(ImageUrls {
            edit,
            prefix,
            asset: &self.cloud.asset_signer(asset),
            thumbnails: &self
                .proxy
                .thumbnails(&self.thumbnails, image.id, name, format, names),
            is_clean,
        })
    }
}
