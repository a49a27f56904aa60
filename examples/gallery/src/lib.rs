//! A page with the pictures of an image service: an axum router.

#![forbid(unsafe_code)]
