//! The URLs of one image, signed and written straight to bytes.

use std::mem;

use url_signer::cloudinary::{Asset, AssetSigner, Transformation};
use url_signer::{ImageThumbnails, ThumbnailName};

use super::compiled::CompiledDelivery;
use super::escape::needs_escape;
use crate::edit::Edit;
use crate::signer::ImageSigner;
use crate::url_facts::UrlFacts;

/// Signs and writes the URLs of one image.
pub(super) struct ImageUrls<'a> {
    edit: &'a Edit,
    /// `None` while the file is pending.
    prefix: Option<&'a str>,
    prefix_needs_escape: bool,
    asset: &'a AssetSigner<'a>,
    thumbnails: &'a ImageThumbnails<'a>,
}

impl ImageUrls<'_> {
    /// Returns the thumbnail whose proxy URL replaces the delivery URL.
    pub(super) fn pending_thumbnail(&self, compiled: &CompiledDelivery) -> Option<ThumbnailName> {
        compiled.pending_thumbnail(self.prefix.is_none())
    }

    /// Returns whether the delivery URL equals the previous one, which was
    /// written without escaping.
    pub(super) fn repeats_previous(&self, compiled: &CompiledDelivery) -> bool {
        compiled.repeats_previous
            && !self.needs_escape(compiled)
            && self.edit.is_none()
            // While the file is pending, the previous URL may be a proxy URL.
            && self.prefix.is_some()
    }

    /// Returns whether a delivery URL needs escaping in JSON.
    ///
    /// Only the prefix and the steps can: the rest of a URL consists of letters,
    /// digits and punctuation that JSON never escapes.
    pub(super) const fn needs_escape(&self, compiled: &CompiledDelivery) -> bool {
        self.prefix_needs_escape || compiled.needs_escape
    }

    /// Appends a delivery URL.
    pub(super) fn write_delivery(
        &self,
        compiled: &CompiledDelivery,
        steps: &mut Transformation,
        out: &mut Vec<u8>,
    ) {
        let delivery = &compiled.delivery;
        if let Some(prefix) = self.prefix.filter(|_| delivery.prefixed) {
            out.extend_from_slice(prefix.as_bytes());
        }
        if self.edit.changes(&delivery.steps) {
            steps.clear();
            *steps = self.edit.applied_to(&delivery.steps, mem::take(steps));
            self.asset.write(steps, out);
        } else {
            self.asset.write_compiled(&compiled.unedited, out);
        }
    }

    /// Appends the proxy URL of a thumbnail.
    pub(super) fn write_proxied(&self, name: ThumbnailName, ampersand: &str, out: &mut Vec<u8>) {
        self.thumbnails.write(name, ampersand, out);
    }
}

impl ImageSigner {
    /// Calls `write` with the URLs of an image.
    ///
    /// A closure, because the signers of the URLs are too large to be moved for
    /// each image.
    pub(super) fn with_image_urls<T>(
        &self,
        facts: &UrlFacts<'_>,
        asset: Option<&Asset>,
        edit: &Edit,
        write: impl FnOnce(ImageUrls<'_>) -> T,
    ) -> T {
        let names = self.renditions.proxied(asset.is_none());
        let prefix = asset.map(|_| self.prefix.as_str());
        let asset = asset.unwrap_or(&self.placeholder);
        write(ImageUrls {
            edit,
            prefix,
            prefix_needs_escape: needs_escape(prefix.unwrap_or_default().as_bytes()),
            asset: &self.cloud.asset_signer(asset),
            thumbnails: &self.proxy.image_thumbnails(
                &self.thumbnails,
                facts.id,
                facts.filename,
                facts.format,
                names,
            ),
        })
    }
}
