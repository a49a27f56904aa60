//! Delivery over HTTP.

#![allow(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "tests"
)]

mod authorization;
mod caches;
mod conditional;
mod hostile;
mod hosts;
#[path = "../support/pictures.rs"]
mod pictures;
mod program;
mod responses;
mod server;
mod signed_vectors;
