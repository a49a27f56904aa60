use std::fmt;

use thiserror::Error;
use url::Url;

use crate::cloudinary::account::cloud::Cloud;

/// A signer of API requests: an account whose API key is known.
///
/// ```
/// use url_signer::cloudinary::Cloud;
///
/// let cloud: Cloud = "cloudinary://key:abcd@demo".parse()?;
/// assert_eq!(cloud.api()?.api_key(), "key");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ApiSigner<'a> {
    pub(super) cloud: &'a Cloud,
    pub(super) api_key: &'a str,
}

/// A cloud without an API key. API requests need the key in addition to the API secret.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("API key is not set; use `Cloud::with_api_key` or `CLOUDINARY_URL`")]
#[non_exhaustive]
pub struct MissingApiKey;

impl Cloud {
    /// Returns the signer of API requests.
    ///
    /// # Errors
    ///
    /// - A cloud without an API key.
    pub fn api(&self) -> Result<ApiSigner<'_>, MissingApiKey> {
        let api_key = self.api_key().ok_or(MissingApiKey)?;
        Ok(ApiSigner {
            cloud: self,
            api_key,
        })
    }
}

impl<'a> ApiSigner<'a> {
    /// Returns the API key.
    #[must_use]
    pub const fn api_key(&self) -> &'a str {
        self.api_key
    }

    /// The URL of an action of the API.
    pub(super) fn url(self, path: fmt::Arguments<'_>) -> Url {
        let name = self.cloud.name();
        let path = format!("v1_1/{name}/{path}");
        self.cloud.upload_prefix.join(&path)
    }

    /// Returns the account.
    #[must_use]
    pub const fn cloud(&self) -> &'a Cloud {
        self.cloud
    }
}
