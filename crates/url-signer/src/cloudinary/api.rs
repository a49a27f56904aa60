//! Signatures of Cloudinary's API: requests, webhooks, responses.
//!
//! - [`ApiSigner`]: signs the parameters of requests.

mod signature;
mod signer;

pub use self::signer::{ApiSigner, MissingApiKey};
pub use super::account::api_signature_version::ApiSignatureVersion;
