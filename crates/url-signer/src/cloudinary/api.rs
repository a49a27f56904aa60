//! Signatures of Cloudinary's API: requests, webhooks, responses.
//!
//! - [`ApiSigner`]: signs the parameters of requests.
//! - [`ApiParameters`]: the parameters to sign.
//! - [`SignedParameters`]: the result, as a query or as the fields of a form.
//! - [`UploadForm`]: a form with which a browser or an app uploads a file.
//! - [`DownloadUrl`]: a URL that downloads a private file, an archive or a backup.

mod archive_download;
mod archive_type;
mod combined_download;
mod download_url;
mod parameter_value;
mod parameters;
mod private_download;
mod signature;
mod signed_parameters;
mod signer;
mod upload_form;
mod upload_pairs;

pub use self::archive_download::ArchiveDownload;
pub use self::archive_type::{ArchiveFormat, ArchiveResourceType};
pub use self::combined_download::{CombinedDownload, Images};
pub use self::download_url::DownloadUrl;
pub use self::parameter_value::ParameterValue;
pub use self::parameters::ApiParameters;
pub use self::private_download::PrivateDownload;
pub use self::signed_parameters::SignedParameters;
pub use self::signer::{ApiSigner, MissingApiKey};
pub use self::upload_form::{UploadForm, UploadFormBuilder};
pub use super::account::api_signature_version::ApiSignatureVersion;
