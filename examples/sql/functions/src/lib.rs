#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod api;
mod arguments;
mod definitions;
mod delivery;
mod dictionary;
mod environment;
mod error;
mod fingerprint;
mod function;
mod inspect;
mod options;
mod parameter;
mod payload;
mod registration;
mod signers;
mod text_column;
mod texts;
mod thumbnails;

pub use crate::environment::EnvironmentError;
pub use crate::options::{ImageSyncOptions, InvalidFingerprint};
pub use crate::registration::{Functions, functions, register};
pub use crate::signers::Signers;

pub use {datafusion, sync_payload, url_signer};
