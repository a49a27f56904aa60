//! Delivery over HTTP.

mod attachment;
mod authorize;
mod conditional;
mod deliver;
mod error;
mod negotiate;
mod range;

pub(crate) use self::deliver::{add_common_headers, deliver, method_not_allowed, preflight};
pub(crate) use self::error::Problem;
