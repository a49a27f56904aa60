//! The fast path of [`push_signed`](crate::PayloadEncoder::push_signed): writes
//! an unsigned image straight to bytes and signs its URLs on the way.
//!
//! [`ImageSigner::sign`](crate::ImageSigner::sign) builds an image with eleven
//! URLs. The serializer then formats each URL from its parts, scans every
//! character for escaping and calls the formatter for every token. The fast path
//! writes the same bytes about three times as fast:
//!
//! - Keys and punctuation are copied as constant text (`writer`, `image`,
//!   `url_writer`).
//! - Text that needs no escaping is copied whole. The test for it reads eight
//!   bytes at a time (`escape`).
//! - A transformation that no edit changes is compiled once per signer
//!   (`compiled`), and the parts that the URLs of an image share are formatted
//!   once per image (`urls`).
//! - Only numbers and text with a character to escape go through the serializer
//!   (`values`).
//! - The first byte of each text is read ahead of time, so that waits for memory
//!   overlap (`prefetch`).
//!
//! These checks hold both paths equal:
//!
//! - `all_ways_to_sign_write_equal_bytes` in `tests/properties.rs`
//!   compares the bytes for arbitrary images, tables and settings. The order of
//!   the keys is part of the comparison: the fields of
//!   [`Image`](image_model::Image) define it for the serializer, and `image`
//!   repeats it.
//! - `every_escaped_character_needs_escape` in `escape` compares the test for
//!   escaping with the serializer for every character.
//! - `image` and `url_writer` destructure each struct without `..`, so a new field does not
//!   compile until it is written.
//! - `push_signed_does_not_allocate` in `tests/allocations.rs` counts
//!   allocations.

pub(crate) mod compiled;
mod escape;
pub(crate) mod image;
mod prefetch;
pub(crate) mod url_writer;
mod urls;
mod values;
mod writer;
