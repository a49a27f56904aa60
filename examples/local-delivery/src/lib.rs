//! A local stand-in for Cloudinary: serves delivery URLs from a folder of originals.

#![forbid(unsafe_code)]
