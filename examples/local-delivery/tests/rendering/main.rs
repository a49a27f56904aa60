//! Plans and rendered images, without HTTP.

#![allow(clippy::unwrap_used, reason = "tests")]

mod damaged;
mod delivered;
mod keys;
mod memo;
#[allow(dead_code, reason = "the test program `http` uses more of it")]
#[path = "../support/pictures.rs"]
mod pictures;
mod plans;
mod profiles;
mod rendered;
