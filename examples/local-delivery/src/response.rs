//! The parts that all responses share: errors and headers.

mod cors;
mod error;
pub(crate) mod names;

pub(crate) use self::cors::{add_common_headers, preflight};
pub(crate) use self::error::{Problem, method_not_allowed};
