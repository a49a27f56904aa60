//! Uploads.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests")]

#[allow(dead_code, reason = "the test program `http` uses more of it")]
#[path = "../support/pictures.rs"]
mod pictures;
#[allow(dead_code, reason = "the test program `http` uses more of it")]
#[path = "../http/server.rs"]
mod server;

mod form;
mod forms;
mod rejections;
mod webhooks;
