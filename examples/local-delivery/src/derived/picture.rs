//! An image as it is sent.

use bytes::Bytes;

use crate::digest::md5;
use crate::render::OutputFormat;

/// An image as it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    pub(crate) bytes: Bytes,
    pub(crate) format: OutputFormat,
    /// The MD5 digest of the bytes, in hexadecimal.
    pub(crate) digest: String,
}

impl Picture {
    pub(crate) fn new(bytes: Vec<u8>, format: OutputFormat) -> Self {
        Self {
            digest: md5(&bytes),
            bytes: Bytes::from(bytes),
            format,
        }
    }
}
