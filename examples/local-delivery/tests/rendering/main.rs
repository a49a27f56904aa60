//! Plans and rendered images, without HTTP.

#![allow(clippy::unwrap_used, reason = "tests")]

mod damaged;
mod delivered;
mod images;
mod memo;
mod plans;
