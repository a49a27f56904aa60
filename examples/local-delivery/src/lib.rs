//! A local stand-in for Cloudinary: serves delivery URLs from a folder of originals.

#![forbid(unsafe_code)]

pub mod named;
pub mod render;
