//! Delivery over HTTP.

mod attachment;
mod authorize;
mod conditional;
mod cors;
mod deliver;
mod error;
mod negotiate;
mod range;

pub(crate) use self::cors::{add_common_headers, preflight};
pub(crate) use self::deliver::{deliver, method_not_allowed};
pub(crate) use self::error::Problem;
