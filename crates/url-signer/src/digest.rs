//! Digests and message authentication codes of short messages.

pub(crate) mod hmac;
pub(crate) mod midstate;
