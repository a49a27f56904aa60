#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod cloudinary;
#[cfg(all(feature = "sdk", any(doc, doctest)))]
#[doc = include_str!("../docs/coming_from_the_sdks.md")]
pub mod coming_from_the_sdks {}

mod authority;
mod digest;
mod error;
mod format;
mod proxy;
mod secret;

pub use crate::authority::{Authority, AuthorityError};
pub use crate::digest::hmac::{SignatureLength, SignatureLengthError};
pub use crate::error::{ParseError, VerifyError};
pub use crate::proxy::file_name::{ProxyFileName, slug};
pub use crate::proxy::image_thumbnails::ProxiedThumbnails;
pub use crate::proxy::request::{ProxyRequest, VerifiedProxyRequest};
pub use crate::proxy::signer::{ProxySigner, ProxyUrl};
pub use crate::proxy::thumbnail::{
    ThumbnailName, ThumbnailPath, ThumbnailRequest, ThumbnailSigner, VerifiedThumbnail,
};
pub use crate::secret::{KeyRing, Secret, SecretError};
