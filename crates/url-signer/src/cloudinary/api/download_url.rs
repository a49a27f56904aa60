use std::fmt;

use url::Url;

use super::parameters::ApiParameters;
use super::signed_parameters::SignedParameters;
use super::signer::ApiSigner;

/// A signed URL of the API that downloads files, created by the `download_…` methods of
/// [`ApiSigner`].
///
/// `Display`, `Url::from` and, with the feature `serde`, `Serialize` format the URL.
/// The order and the encoding of the query are those of the SDK for Python.
///
/// The URL is a credential: until it expires, everyone who has it can download the files.
/// Debug hides the query.
///
/// ```
/// use url_signer::cloudinary::Cloud;
///
/// let cloud: Cloud = "cloudinary://key:abcd@demo".parse()?;
/// let url = cloud.api()?.download_backup("62c2a18d", "26fe6d95", 1_700_000_000);
/// assert_eq!(
///     url.to_string(),
///     "https://api.cloudinary.com/v1_1/demo/download_backup?timestamp=1700000000\
///      &asset_id=62c2a18d&version_id=26fe6d95\
///      &signature=02cc3fdca97afa90f29c07b246e2ec52abf4bb44&api_key=key",
/// );
/// assert_eq!(
///     format!("{url:?}"),
///     "DownloadUrl(https://api.cloudinary.com/v1_1/demo/download_backup?..)",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct DownloadUrl {
    /// The URL without the query.
    base: Url,
    parameters: SignedParameters,
}

impl DownloadUrl {
    /// Signs parameters, in the order of their names in a list.
    pub(super) fn new(
        signer: ApiSigner<'_>,
        path: fmt::Arguments<'_>,
        mut parameters: ApiParameters,
        order: &[&str],
    ) -> Self {
        parameters.sort_like(order);
        Self {
            base: signer.url(path),
            parameters: signer.sign(parameters),
        }
    }

    /// Returns the parameters in the query.
    #[must_use]
    pub const fn parameters(&self) -> &SignedParameters {
        &self.parameters
    }
}

impl ApiSigner<'_> {
    /// Signs a URL that downloads a version of a file from the backup.
    ///
    /// Cloudinary's Admin API returns the ids of the asset and of the version. `now` is
    /// the current time in Unix seconds.
    #[must_use]
    pub fn download_backup(self, asset_id: &str, version_id: &str, now: i64) -> DownloadUrl {
        let mut parameters = ApiParameters::new();
        parameters.set("timestamp", now);
        parameters.set("asset_id", asset_id);
        parameters.set("version_id", version_id);
        DownloadUrl::new(self, format_args!("download_backup"), parameters, &[])
    }
}

impl fmt::Display for DownloadUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}?{}", self.base, self.parameters)
    }
}

impl fmt::Debug for DownloadUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DownloadUrl({}?..)", self.base)
    }
}

impl From<DownloadUrl> for Url {
    fn from(download: DownloadUrl) -> Self {
        let mut url = download.base;
        url.set_query(Some(&download.parameters.to_string()));
        url
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for DownloadUrl {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
