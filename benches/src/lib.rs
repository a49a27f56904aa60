//! What the benchmarks work on, and what they are held against.

#![forbid(unsafe_code)]

pub mod floor;
pub mod plain_model;
mod records;

pub use crate::records::{
    API_SECRET, APP_HOST, PROXY_HOST, Record, asset, images, records, signer,
};

// Here, so that the code of the workspace's own readme is compiled as well.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
