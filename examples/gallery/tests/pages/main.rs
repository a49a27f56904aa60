//! The HTML of all pages, without a browser.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod detail;
mod grid;
mod html;
mod memory;
mod page;
mod pending;
mod requests;
mod upload;
