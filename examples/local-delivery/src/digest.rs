//! Digests in hexadecimal.

use std::fmt::Write;

use md5::Md5;
use sha2::{Digest, Sha256};

/// Returns the MD5 digest, which Cloudinary uses as the tag of a file.
pub(crate) fn md5(bytes: &[u8]) -> String {
    hexadecimal(&Md5::digest(bytes))
}

/// Returns the SHA-256 digest.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(digest: &[u8]) -> String {
    let mut text = String::with_capacity(2 * digest.len());
    for byte in digest {
        // Writing to a `String` never fails.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
