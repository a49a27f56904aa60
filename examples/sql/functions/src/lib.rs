//! SQL functions for Apache DataFusion that sign and verify Cloudinary URLs and payloads.

#![forbid(unsafe_code)]

mod options;

pub use crate::options::ImageSyncOptions;
