//! The path of a delivery URL: its grammar, encoding and components.

pub(crate) mod canonical;
pub(crate) mod components;
pub(crate) mod encoding;
pub(crate) mod grammar;
pub(crate) mod percent_encoding;
pub(crate) mod prefix;
pub(crate) mod segments;
pub(crate) mod types;
