// An example of the README needs a feature.
#![cfg_attr(
    any(not(doctest), feature = "http-body"),
    doc = include_str!("../README.md")
)]
//!
//! # Contents
//!
//! - [`ImageSigner`]: signs the eleven URLs of an image, with its crop and rotation.
//! - [`PayloadEncoder`]: encodes a payload image by image. Its method
//!   [`push_signed`](PayloadEncoder::push_signed) also signs the images.
//! - [`StoredImage`]: the facts of an image as JSON text for a database. The encoder copies
//!   them, so that a host decodes no image to send it.
//! - [`to_vec`], [`to_writer`]: encode images that already have URLs.
#![cfg_attr(
    feature = "rayon",
    doc = "- [`par_to_writer`]: signs and encodes a payload on several threads."
)]
#![cfg_attr(
    feature = "stream",
    doc = "- [`PayloadStream`]: signs and encodes a payload while its [records](PayloadRecord) are read."
)]
#![cfg_attr(
    feature = "http-body",
    doc = "- [`PayloadBody`]: a `PayloadStream` as the body of a response."
)]
//! - [`reference_renditions`]: returns the renditions of the eleven URLs. A host can
//!   change them.
//! - [`request`]: parses the ids and the token of a request, within limits.
//! - [`response`]: creates the status, headers and short bodies of responses.
//! - [`parse_original_url`]: returns the asset of an image in an existing payload.
//! - [`image_model`](https://docs.rs/image-model), [`url_signer`](https://docs.rs/url-signer):
//!   the crates whose types occur in this API.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

#[cfg(feature = "http-body")]
mod body;
mod direct;
mod edit;
mod encode;
mod encode_error;
mod encoder;
mod formatter;
mod original_url;
#[cfg(feature = "rayon")]
mod parallel;
mod prefix;
#[cfg(feature = "stream")]
mod record;
mod renditions;
pub mod request;
pub mod response;
mod sign;
mod signer;
mod stored_image;
#[cfg(feature = "stream")]
mod stream;
mod url_facts;
mod wire_style;

#[cfg(feature = "http-body")]
pub use crate::body::PayloadBody;
pub use crate::encode::{to_vec, to_writer};
pub use crate::encode_error::EncodeError;
pub use crate::encoder::PayloadEncoder;
pub use crate::original_url::{OriginalUrlError, parse_original_url};
#[cfg(feature = "rayon")]
pub use crate::parallel::par_to_writer;
pub use crate::prefix::{UrlPrefix, UrlPrefixError};
#[cfg(feature = "stream")]
pub use crate::record::PayloadRecord;
pub use crate::renditions::{DeliveryRendition, EditStep, Rendition, reference_renditions};
pub use crate::signer::ImageSigner;
pub use crate::stored_image::{StoredImage, StoredImageError};
#[cfg(feature = "stream")]
pub use crate::stream::PayloadStream;
pub use crate::wire_style::{WireStyle, WireStyleError};

pub use image_model;
pub use url_signer;
