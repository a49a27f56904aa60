#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod borrowed_url;
mod count;
mod decode;
mod decode_error;
mod edit;
mod from_object;
mod gps;
mod image;
mod infos;
mod location;
mod open_object;
mod timestamp;
mod unsigned;
mod urls;
mod value_error;

pub use crate::borrowed_url::BorrowedUrl;
pub use crate::count::Count;
pub use crate::decode::{from_slice, from_str};
pub use crate::decode_error::DecodeError;
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

pub use {chrono, serde_json, uuid};
