//! Delivery over HTTP.

mod authorization;
mod caches;
mod conditional;
mod hostile;
mod pictures;
mod program;
mod responses;
mod server;
mod signed_vectors;
