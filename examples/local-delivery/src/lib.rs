//! A local replacement for Cloudinary: serves delivery URLs from a folder of originals.

#![cfg_attr(doctest, doc = include_str!("../README.md"))]
#![forbid(unsafe_code)]

pub mod named;
pub mod render;

mod asset_key;
mod asset_readings;
mod delivery;
mod derived;
mod digest;
mod host;
mod local_delivery;
mod loopback;
mod originals;
mod replace_file;
mod response;
mod sending;
mod server;
mod settings;
mod state;
mod time;
mod upload;

pub use crate::asset_key::{AssetKey, AssetKeyError};
pub use crate::local_delivery::LocalDelivery;
pub use crate::originals::{Originals, SaveError};
pub use crate::settings::Settings;
pub use crate::state::{StartError, Statistics};
