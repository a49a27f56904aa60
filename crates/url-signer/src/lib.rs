#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

pub mod cloudinary;
#[cfg(all(feature = "sdk", any(doc, doctest)))]
#[doc = include_str!("../docs/coming_from_the_sdks.md")]
pub mod coming_from_the_sdks {}

mod blocks;
mod error;
mod hex_signature;
mod host;
mod proxied_thumbnails;
mod proxy;
mod secret;
mod slug;
mod thumbnail;

pub use crate::error::{ParseError, VerifyError};
pub use crate::hex_signature::{HexWidth, HexWidthError};
pub use crate::host::{Host, HostError};
pub use crate::proxied_thumbnails::ProxiedThumbnails;
pub use crate::proxy::{ProxyFileName, ProxyRequest, ProxySigner, ProxyUrl, VerifiedProxyRequest};
pub use crate::secret::{KeyRing, Secret, SecretError};
pub use crate::slug::slug;
pub use crate::thumbnail::{
    ThumbnailName, ThumbnailPath, ThumbnailRequest, ThumbnailSigner, VerifiedThumbnail,
};
