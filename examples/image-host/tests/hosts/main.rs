//! The real host, on both databases, over real connections.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    clippy::zombie_processes,
    reason = "tests"
)]

mod compression;
mod exchange;
mod exports;
mod hang_up;
mod host;
mod outages;
mod postgres;
mod refused;
mod thumbnails;
