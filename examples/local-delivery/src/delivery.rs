//! Deliveries: `GET` requests for images.

mod attachment;
mod authorize;
mod cache_headers;
mod conditional;
mod deliver;
mod negotiate;
mod range;
mod represent;

pub(crate) use self::deliver::deliver;
