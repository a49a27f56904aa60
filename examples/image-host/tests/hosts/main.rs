//! Tests of the running host on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    clippy::zombie_processes,
    reason = "tests"
)]

mod compression;
mod concurrency;
mod disconnects;
mod errors;
mod exchange;
mod exports;
mod host;
mod hostile;
mod keys;
mod limits;
mod openapi;
mod outages;
mod pipes;
mod postgres;
mod rejected;
mod response;
mod thumbnails;
mod unreadable;
mod upload_forms;
mod webhook;
