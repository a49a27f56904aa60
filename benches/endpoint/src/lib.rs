//! The servers that send constant bytes, with which the end-to-end benchmark
//! compares the hosts.

#![forbid(unsafe_code)]

mod constant;
mod payloads;
mod serve;

pub use crate::constant::ConstantResponses;
pub use crate::payloads::{PATH, Payload, Payloads};
pub use crate::serve::serve;
