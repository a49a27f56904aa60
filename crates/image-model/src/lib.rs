#![doc = include_str!("../README.md")]
//!
//! # Overview
//!
//! - [`from_str`] and [`from_slice`] decode a payload.
//! - [`PayloadDecoder`] decodes a payload that arrives in chunks, image by image.
//!   [`read_images`] decodes the payload of a reader as [`Images`].
#![cfg_attr(
    feature = "stream",
    doc = "- [`stream_images`] decodes an asynchronous stream as an [`ImageStream`]."
)]
//! - [`DecodeError`] is the error of all of them, and [`DecodeErrorKind`] its kind.
//! - [`Image`] is an image. The type of its URLs is `String`, [`BorrowedUrl`], or
//!   [`Unsigned`] for an image without URLs. [`Urls`], [`ExternalUrls`] and
//!   [`Thumbnails`] contain the eleven URLs.
//! - [`Infos`] is the response of the storage provider to an upload. It can also
//!   contain the [`Location`] of the uploading device.
//! - [`Gps`], [`Crop`], [`Pixels`], [`Rotation`], [`Timestamp`] and [`Count`] are
//!   validated values; [`ValueError`] is the error of their constructors.
//!
//! # Ids and times
//!
//! The re-exported crates [`uuid`](https://docs.rs/uuid/1) and
//! [`chrono`](https://docs.rs/chrono/0.4) create ids and times. To create a
//! random id, pass 16 random bytes to `uuid`. `Uuid::new_v4` generates the random
//! bytes, but requires the feature `v4` of `uuid` in your own `Cargo.toml`.
//!
//! ```
//! use std::time::SystemTime;
//!
//! use image_model::chrono::{DateTime, Utc};
//! use image_model::uuid::{Builder, Uuid};
//! use image_model::{Image, Timestamp};
//!
//! let id: Uuid = "14364f29-c30d-4bbb-992c-19e6031244f7".parse()?;
//!
//! let random_bytes = [0x5a; 16];
//! let random_id = Builder::from_random_bytes(random_bytes).into_uuid();
//! assert_eq!(random_id.get_version_num(), 4);
//!
//! let now = Timestamp::new(DateTime::<Utc>::from(SystemTime::now()))?;
//! let image = Image::new(id, now);
//! assert_eq!(image.created_at, now);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![cfg_attr(feature = "schemars", doc = "")]
#![cfg_attr(feature = "schemars", doc = include_str!("../docs/json_schema.md"))]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

mod borrowed_url;
mod count;
mod decode;
mod decode_error;
mod decoder;
mod edit;
mod from_object;
mod gps;
mod image;
mod infos;
mod location;
mod open_object;
#[cfg(feature = "schemars")]
mod schema;
mod timestamp;
mod unsigned;
mod urls;
mod value_error;

pub use crate::borrowed_url::BorrowedUrl;
pub use crate::count::Count;
pub use crate::decode::{from_slice, from_str};
pub use crate::decode_error::{DecodeError, DecodeErrorKind};
#[cfg(feature = "stream")]
pub use crate::decoder::stream::{ImageStream, stream_images};
pub use crate::decoder::{
    PayloadDecoder,
    read::{Images, read_images},
};
pub use crate::edit::{Crop, Pixels, Rotation};
pub use crate::gps::Gps;
pub use crate::image::Image;
pub use crate::infos::Infos;
pub use crate::location::Location;
pub use crate::open_object::Object;
pub use crate::timestamp::Timestamp;
pub use crate::unsigned::Unsigned;
pub use crate::urls::{ExternalUrls, Thumbnails, Urls};
pub use crate::value_error::ValueError;

#[cfg(feature = "schemars")]
#[cfg_attr(docsrs, doc(cfg(feature = "schemars")))]
pub use schemars;
pub use {chrono, serde_json, uuid};
