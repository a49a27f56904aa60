//! A cache of decoded originals and intermediate images.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use moka::sync::Cache;

use super::error::RenderError;
use super::pixels::Pixels;

/// The identity of the content of a stored file. Two files with different bytes have
/// different identities.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileIdentity(Arc<str>);

impl FileIdentity {
    /// Creates an identity from a text that changes with the file, for example its name,
    /// length and time of modification.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Decoded originals and intermediate images, within a limit of memory.
///
/// An intermediate image is the result of the first steps of a transformation. Several
/// transformations that begin with the same steps share it. A caller that requests an
/// image while another thread computes it waits for that thread.
#[derive(Debug)]
pub struct Memo {
    images: Cache<(FileIdentity, String), Arc<Pixels>>,
    decodes: AtomicU64,
}

impl Memo {
    /// Creates a memo that keeps at most this many bytes of pixels, ICC profiles and keys.
    #[must_use]
    pub fn new(bytes: u64) -> Self {
        let images = Cache::builder()
            .max_capacity(bytes)
            .weigher(
                |(identity, key): &(FileIdentity, String), pixels: &Arc<Pixels>| {
                    let bytes = identity.as_str().len() + key.len() + pixels.memory();
                    u32::try_from(bytes).unwrap_or(u32::MAX)
                },
            )
            .build();
        Self {
            images,
            decodes: AtomicU64::new(0),
        }
    }

    /// Returns how many stored files were decoded.
    #[must_use]
    pub fn decodes(&self) -> u64 {
        self.decodes.load(Ordering::Relaxed)
    }

    /// Returns the bytes of all pixels, ICC profiles and keys in memory, approximately.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.images.run_pending_tasks();
        self.images.weighted_size()
    }

    pub(super) fn count_decode(&self) {
        self.decodes.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns the image with this key. Another thread's result and error are shared; an
    /// error is not kept.
    pub(super) fn get_or_create(
        &self,
        identity: &FileIdentity,
        key: &str,
        create: impl FnOnce() -> Result<Arc<Pixels>, RenderError>,
    ) -> Result<Arc<Pixels>, RenderError> {
        self.images
            .try_get_with((identity.clone(), key.to_owned()), create)
            .map_err(|error| RenderError::clone(&error))
    }

    pub(super) fn remove(&self, identity: &FileIdentity, key: &str) {
        self.images.invalidate(&(identity.clone(), key.to_owned()));
    }
}
