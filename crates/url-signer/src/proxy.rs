//! Proxy URLs and thumbnail paths, both signed with HMAC-SHA256.

pub(crate) mod file_name;
pub(crate) mod image_thumbnails;
pub(crate) mod request;
pub(crate) mod signer;
pub(crate) mod thumbnail;
pub(crate) mod url;
