//! Signatures of Cloudinary's API: requests, webhooks, responses.
//!
//! - [`ApiSigner`]: signs the parameters of requests.
//! - [`ApiParameters`]: the parameters to sign.
//! - [`SignedParameters`]: the result, as a query or as the fields of a form.
//! - [`UploadForm`]: a form with which a browser or an app uploads a file.
//! - [`DownloadUrl`]: a URL that downloads a private file, an archive or a backup.
//!
//! To verify what Cloudinary signs:
//!
//! - [`Cloud::verify_webhook`](super::Cloud::verify_webhook): webhooks, and
//!   [`Cloud::verify_notification`](super::Cloud::verify_notification): notifications that
//!   were polled from the API.
//! - [`Cloud::verify_response`](super::Cloud::verify_response): responses to uploads.
//!
//! For a server that replaces Cloudinary in development and in tests:
//!
//! - [`Cloud::verify_request`](super::Cloud::verify_request): verifies requests.
//! - [`Cloud::sign_response`](super::Cloud::sign_response): signs responses.
//! - [`Cloud::sign_webhook`](super::Cloud::sign_webhook): signs webhooks.
//!
//! Search URLs:
//!
//! - [`Cloud::verify_search`](super::Cloud::verify_search): verifies a URL.
#![cfg_attr(
    feature = "search",
    doc = "- [`Cloud::sign_search`](super::Cloud::sign_search): creates a URL from a [`SearchQuery`]."
)]

mod archive_download;
mod archive_type;
mod base64url;
mod combined_download;
mod download_url;
mod parameter_value;
mod parameters;
mod private_download;
mod request_signature;
mod response;
#[cfg(feature = "search")]
mod search_query;
mod search_url;
mod signature;
mod signed_parameters;
mod signer;
mod upload_form;
mod upload_pairs;
mod webhook;

pub use self::archive_download::ArchiveDownload;
pub use self::archive_type::{ArchiveFormat, ArchiveResourceType};
pub use self::combined_download::{CombinedDownload, Images};
pub use self::download_url::DownloadUrl;
pub use self::parameter_value::ParameterValue;
pub use self::parameters::ApiParameters;
pub use self::private_download::PrivateDownload;
#[cfg(feature = "search")]
pub use self::search_query::{SearchQuery, SignedSearchUrl, SortOrder};
pub use self::search_url::VerifiedSearch;
pub use self::signed_parameters::SignedParameters;
pub use self::signer::{ApiSigner, MissingApiKey};
pub use self::upload_form::{UploadForm, UploadFormBuilder};
pub use self::webhook::{WebhookError, WebhookSignature};
pub use super::account::api_signature_version::ApiSignatureVersion;
