//! Writes an image straight to bytes, on one line.
//!
//! [`push_signed`](crate::PayloadEncoder::push_signed) signs the URLs while it writes
//! the image, and [`push_stored`](crate::PayloadEncoder::push_stored) copies the facts of
//! the image. [`ImageSigner::sign`](crate::ImageSigner::sign) creates the texts of the URLs
//! first; [`push`](crate::PayloadEncoder::push) then passes them to the serializer, which
//! scans every character for escaping. This takes about twice as long as `push_signed`.
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
//! - The first byte of each text is prefetched, so that waits for memory overlap
//!   (`prefetch`).
//!
//! These checks hold all ways and the serializer equal:
//!
//! - `all_ways_to_sign_write_equal_bytes` in `tests/properties.rs` compares the bytes for
//!   arbitrary images, tables and settings, also with URLs that `url_signer` signs one by
//!   one.
//! - `hostile_images_survive_a_round_trip` in the same file compares the bytes with those
//!   of the serializer. The order of the keys is part of the comparison: the fields of
//!   [`Image`](image_model::Image) define it for the serializer, and `image` repeats it.
//! - `every_escaped_character_needs_escape` in `escape` compares the test for
//!   escaping with the serializer for every character.
//! - `image` and `url_writer` destructure each struct without `..`, so a new field does not
//!   compile until it is written.
//! - `push_signed_does_not_allocate` in `tests/allocations.rs` counts
//!   allocations.

pub(crate) mod compiled;
pub(crate) mod escape;
pub(crate) mod image;
pub(crate) mod place;
mod prefetch;
pub(crate) mod url_writer;
mod urls;
mod values;
mod writer;
