#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod clean;
mod direct;
mod direct_urls;
mod encoder;
mod image_url;
mod json;
mod original_url;
#[cfg(feature = "rayon")]
mod parallel;
mod prefix;
mod prepared;
mod renditions;
pub mod request;
pub mod response;
mod signer;

pub use crate::encoder::{EncodeError, PayloadEncoder, to_vec, to_writer};
pub use crate::image_url::ImageUrl;
pub use crate::json::WireStyle;
pub use crate::original_url::{Neither, OriginalUrlError, parse_original_url};
#[cfg(feature = "rayon")]
pub use crate::parallel::par_to_writer;
pub use crate::prefix::{UrlPrefix, UrlPrefixError};
pub use crate::renditions::{Delivery, Rendition, Step, reference_renditions};
pub use crate::signer::ImageSigner;

pub use image_model;
pub use url_signer;
