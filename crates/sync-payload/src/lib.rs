#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod direct;
mod edit;
mod encoder;
mod formatter;
mod image_url;
mod original_url;
#[cfg(feature = "rayon")]
mod parallel;
mod prefix;
mod renditions;
pub mod request;
pub mod response;
mod signer;
mod wire_style;

pub use crate::encoder::{EncodeError, PayloadEncoder, to_vec, to_writer};
pub use crate::image_url::ImageUrl;
pub use crate::original_url::{OriginalUrlError, parse_original_url};
#[cfg(feature = "rayon")]
pub use crate::parallel::par_to_writer;
pub use crate::prefix::{UrlPrefix, UrlPrefixError};
pub use crate::renditions::{DeliveryRendition, EditStep, Rendition, reference_renditions};
pub use crate::signer::ImageSigner;
pub use crate::wire_style::{WireStyle, WireStyleError};

pub use image_model;
pub use url_signer;
