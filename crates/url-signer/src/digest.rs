//! Digests and message authentication codes of short messages.

pub(crate) mod hex_signature;
pub(crate) mod hmac;
pub(crate) mod midstate;
pub(crate) mod signature_length;
