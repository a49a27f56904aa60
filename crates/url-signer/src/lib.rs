#![doc = include_str!("../README.md")]
//!
//! # Where to find what
//!
//! - [`cloudinary`]: accounts, assets, delivery URLs and access tokens.
//! - [`cloudinary::api`]: upload forms, webhooks, and requests to the API.
//! - [`cloudinary::transformation`]: the typed parts of transformations.
//! - [`ThumbnailSigner`]: the paths under which an app host serves thumbnails.
//! - [`ProxySigner`]: the URLs of a proxy that fetches thumbnails from the app host.
//! - [`Secret`] and [`KeyRing`]: keys, and their rotation.
//! - [`Authority`]: a host with an optional port.
#![cfg_attr(
    feature = "explain",
    doc = "- [`cloudinary::explain`]: explanations why a URL does not verify."
)]
#![cfg_attr(
    feature = "sdk",
    doc = "- [`coming_from_the_sdks`]: a guide to porting code from the official SDKs."
)]
#![cfg_attr(
    any(doc, doctest),
    doc = "- [`uploads_and_webhooks`]: a guide to upload forms, webhooks and responses."
)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

pub mod cloudinary;
// An example of the guide needs a feature.
#[cfg(any(doc, doctest))]
#[cfg_attr(
    any(not(doctest), feature = "search"),
    doc = include_str!("../docs/uploads_and_webhooks.md")
)]
pub mod uploads_and_webhooks {}
#[cfg(all(feature = "sdk", any(doc, doctest)))]
#[doc = include_str!("../docs/coming_from_the_sdks.md")]
pub mod coming_from_the_sdks {}

mod authority;
#[cfg(feature = "serde")]
mod deserialize;
mod digest;
mod error;
mod format;
mod proxy;
mod secret;
mod secret_warning;

pub use crate::authority::{Authority, AuthorityError};
pub use crate::digest::signature_length::{SignatureLength, SignatureLengthError};
pub use crate::error::{ParseError, VerifyError};
pub use crate::proxy::file_name::ProxyFileName;
#[doc(hidden)]
pub use crate::proxy::image_thumbnails::ImageThumbnails;
pub use crate::proxy::request::{ProxyRequest, VerifiedProxyRequest};
pub use crate::proxy::signer::ProxySigner;
pub use crate::proxy::thumbnail::{
    ThumbnailName, ThumbnailPath, ThumbnailRequest, ThumbnailSigner, VerifiedThumbnail,
};
pub use crate::proxy::url::ProxyUrl;
pub use crate::secret::{KeyRing, Secret, SecretError};
pub use crate::secret_warning::SecretWarning;

pub use {url, uuid};
