//! The data and the baselines of the benchmarks.

#![forbid(unsafe_code)]

pub mod floor;
pub mod plain_model;
mod records;

pub use crate::records::{
    API_SECRET, APP_HOST, PROXY_HOST, Record, asset, images, payload, records, signer,
};

// Compiles the code in the README of the workspace.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
