//! Tests of the functions in queries, in one program, because linking the engine takes long.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod aggregate;
mod delivery_vectors;
mod encodings;
mod environment;
mod errors;
mod fingerprint;
mod inspect;
mod key_vectors;
mod library;
mod nulls;
mod payload;
mod secrets;
mod show_functions;
mod support;
