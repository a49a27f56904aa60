#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod encoder;
mod image_url;
mod json;
mod prefix;
mod renditions;
mod signer;

pub use crate::encoder::{EncodeError, PayloadEncoder, to_vec, to_writer};
pub use crate::image_url::ImageUrl;
pub use crate::json::WireStyle;
pub use crate::prefix::{Prefix, PrefixError};
pub use crate::renditions::{Delivery, Rendition, Step, documented_renditions};
pub use crate::signer::ImageSigner;

pub use image_model;
pub use url_signer;
