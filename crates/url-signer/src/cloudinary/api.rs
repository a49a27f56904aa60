//! Signatures of Cloudinary's API: requests, webhooks, responses.
//!
//! - [`ApiSigner`]: signs the parameters of requests.
//!
//! To verify what Cloudinary signs:
//!
//! - [`Cloud::verify_webhook`]: webhooks. [`Cloud::verify_notification`] verifies
//!   notifications that were polled from the API.
//! - [`Cloud::verify_response`]: responses to uploads.
//! - [`Cloud::verify_search`]: search URLs.
#![cfg_attr(
    feature = "search",
    doc = "  [`Cloud::sign_search`] creates them from a [`SearchQuery`]."
)]
//!
//! [`Cloud::verify_webhook`]: super::Cloud::verify_webhook
//! [`Cloud::verify_notification`]: super::Cloud::verify_notification
//! [`Cloud::verify_response`]: super::Cloud::verify_response
//! [`Cloud::verify_search`]: super::Cloud::verify_search
#![cfg_attr(
    feature = "search",
    doc = "[`Cloud::sign_search`]: super::Cloud::sign_search"
)]

mod base64url;
mod response;
#[cfg(feature = "search")]
mod search_query;
mod search_url;
mod signature;
mod signer;
mod webhook;

#[cfg(feature = "search")]
pub use self::search_query::{SearchQuery, SignedSearchUrl, SortOrder};
pub use self::search_url::VerifiedSearch;
pub use self::signer::{ApiSigner, MissingApiKey};
pub use self::webhook::WebhookError;
pub use super::account::api_signature_version::ApiSignatureVersion;
