//! The keys of the functions.

use std::fmt;
use std::sync::Arc;

use sync_payload::ImageSigner;
use thiserror::Error;
use url_signer::cloudinary::api::ApiSigner;
use url_signer::cloudinary::{Cloud, TokenDefaults};
use url_signer::{ProxySigner, ThumbnailSigner};

use crate::fingerprint::fingerprint;

/// The account and the keys that the functions sign and verify with.
///
/// Cloning is cheap, because clones share the keys. `Debug` shows the cloud name and the
/// fingerprint, and no key.
///
/// ```
/// use image_sync_sql::Signers;
/// use image_sync_sql::url_signer::{Authority, ProxySigner, Secret, ThumbnailSigner};
///
/// let proxy = ProxySigner::new(
///     Authority::new("proxy.example.org")?,
///     Authority::new("app.example.org")?,
///     Secret::new("proxy key")?,
/// );
/// let signers = Signers::new("cloudinary://key:abcd@demo".parse()?)
///     .with_thumbnails(ThumbnailSigner::new(Secret::new("thumbnail key")?))
///     .with_proxy(proxy);
/// assert_eq!(signers.fingerprint().map(str::len), Some(16));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Signers(Arc<Keys>);

#[derive(Clone, Default)]
pub(crate) struct Keys {
    pub(crate) cloud: Option<Cloud>,
    pub(crate) thumbnails: Option<ThumbnailSigner>,
    pub(crate) proxy: Option<ProxySigner>,
    /// An explicit signer of payloads.
    explicit_images: Option<ImageSigner>,
    /// The signer of payloads: the explicit one, or one with the keys above.
    pub(crate) images: Option<ImageSigner>,
    fingerprint: Option<String>,
    warnings: Vec<String>,
}

impl Signers {
    /// Creates signers without keys.
    ///
    /// A client or a scheduler that only plans queries registers the functions with them.
    /// Calling a function that signs or verifies is an error.
    #[must_use]
    pub fn none() -> Self {
        Self(Arc::new(Keys::default()))
    }

    /// Creates signers with an account, for the functions of delivery URLs and of the API.
    #[must_use]
    pub fn new(cloud: Cloud) -> Self {
        Self::none().with(|keys| keys.cloud = Some(cloud))
    }

    /// Sets the signer of thumbnail paths.
    #[must_use]
    pub fn with_thumbnails(self, thumbnails: ThumbnailSigner) -> Self {
        self.with(|keys| keys.thumbnails = Some(thumbnails))
    }

    /// Sets the signer of proxy URLs.
    #[must_use]
    pub fn with_proxy(self, proxy: ProxySigner) -> Self {
        self.with(|keys| keys.proxy = Some(proxy))
    }

    /// Sets the signer of payloads, for example one with a prefix or other renditions.
    ///
    /// The default is a signer with the account, the thumbnail key and the proxy key.
    #[must_use]
    pub fn with_images(self, images: ImageSigner) -> Self {
        self.with(|keys| keys.explicit_images = Some(images))
    }

    pub(crate) fn with_warnings(self, warnings: Vec<String>) -> Self {
        self.with(|keys| keys.warnings = warnings)
    }

    fn with(self, change: impl FnOnce(&mut Keys)) -> Self {
        let mut keys = Arc::unwrap_or_clone(self.0);
        change(&mut keys);
        keys.images = keys
            .explicit_images
            .clone()
            .or_else(|| keys.default_images());
        keys.fingerprint = fingerprint(&keys);
        Self(Arc::new(keys))
    }

    /// Returns the fingerprint of the keys and settings; `None` without keys.
    ///
    /// Processes with equal fingerprints sign equally. The fingerprint does not cover retired
    /// keys, which only verify: processes with different retired keys may have equal
    /// fingerprints. It is a truncated SHA-256 of signatures, so it may be logged.
    #[must_use]
    pub fn fingerprint(&self) -> Option<&str> {
        self.0.fingerprint.as_deref()
    }

    /// Returns warnings about the environment, such as a short key. A program should print
    /// them.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.0.warnings
    }

    pub(crate) fn cloud(&self) -> Result<&Cloud, MissingKey> {
        self.0.cloud.as_ref().ok_or(MissingKey::Cloud)
    }

    pub(crate) fn tokens(&self) -> Result<&TokenDefaults, MissingKey> {
        self.cloud()?.token_defaults().ok_or(MissingKey::Token)
    }

    pub(crate) fn api(&self) -> Result<ApiSigner<'_>, MissingKey> {
        self.cloud()?.api().map_err(|_| MissingKey::Api)
    }

    pub(crate) fn thumbnails(&self) -> Result<&ThumbnailSigner, MissingKey> {
        self.0.thumbnails.as_ref().ok_or(MissingKey::Thumbnail)
    }

    pub(crate) fn proxy(&self) -> Result<&ProxySigner, MissingKey> {
        self.0.proxy.as_ref().ok_or(MissingKey::Proxy)
    }

    pub(crate) fn images(&self) -> Result<&ImageSigner, MissingKey> {
        self.0.images.as_ref().ok_or_else(|| {
            let missing = [self.cloud().err(), self.thumbnails().err()];
            let missing = missing.into_iter().flatten().next();
            missing.unwrap_or(MissingKey::Proxy)
        })
    }
}

impl Keys {
    fn default_images(&self) -> Option<ImageSigner> {
        let (cloud, proxy, thumbnails) = (&self.cloud, &self.proxy, &self.thumbnails);
        Some(ImageSigner::new(
            cloud.clone()?,
            proxy.clone()?,
            thumbnails.clone()?,
        ))
    }
}

impl fmt::Debug for Signers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signers")
            .field("cloud", &self.0.cloud.as_ref().map(Cloud::name))
            .field("fingerprint", &self.fingerprint())
            .finish_non_exhaustive()
    }
}

/// A key that a function needs and that this process does not have.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum MissingKey {
    #[error("this process has no account; set CLOUDINARY_URL in its environment")]
    Cloud,
    #[error(
        "this process has no token key; add `auth_token[key]=…` to the options of CLOUDINARY_URL in its environment"
    )]
    Token,
    #[error("this process has no API key; set it in CLOUDINARY_URL in its environment")]
    Api,
    #[error("this process has no thumbnail key; set THUMBNAIL_KEY in its environment")]
    Thumbnail,
    #[error(
        "this process has no proxy key; set PROXY_KEY, PROXY_HOST and APP_HOST in its environment"
    )]
    Proxy,
    #[error("this process has no keys; set CLOUDINARY_URL in its environment")]
    All,
}
