use std::str::FromStr;

use crate::cloudinary::account::error::{CloudError, ConfigurationWarning};
use crate::cloudinary::account::settings::Settings;
use crate::cloudinary::path::encoding::PathEncoding;

/// A builder of URLs, transformations and tokens from the options of Cloudinary's
/// SDKs.
///
/// The options of a call take precedence over the configuration.
///
/// ```
/// use serde_json::json;
/// use url_signer::cloudinary::sdk::Sdk;
///
/// let sdk: Sdk = "cloudinary://key:abcd@demo".parse()?;
/// let options = json!({ "type": "private", "sign_url": true, "format": "jpg" });
/// let url = sdk.url("folder/image", options.as_object().ok_or("no map")?)?;
/// assert_eq!(
///     url.as_str(),
///     "https://res.cloudinary.com/demo/image/private/s--tQx58J9W--/v1/folder/image.jpg",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sdk {
    pub(super) settings: Settings,
    pub(super) now: Option<i64>,
    pub(super) path_encoding: PathEncoding,
}

impl Sdk {
    /// Creates a builder without a configuration. The options of each call must
    /// contain the account settings, such as `cloud_name`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the configuration from the environment, as
    /// [`Cloud::from_env`](crate::cloudinary::Cloud::from_env) does.
    ///
    /// # Errors
    ///
    /// - A configuration that is invalid for
    ///   [`Cloud::from_env`](crate::cloudinary::Cloud::from_env). A missing
    ///   secret is not an error of this function.
    pub fn from_env() -> Result<Self, CloudError> {
        Settings::from_env().map(Self::configured)
    }

    /// Reads the configuration from variables, as
    /// [`Cloud::from_vars`](crate::cloudinary::Cloud::from_vars) does.
    ///
    /// # Errors
    ///
    /// - A configuration that is invalid for
    ///   [`Cloud::from_vars`](crate::cloudinary::Cloud::from_vars). A missing
    ///   secret is not an error of this function.
    pub fn from_vars<N: AsRef<str>, V: AsRef<str>>(
        vars: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, CloudError> {
        Settings::from_vars(vars).map(Self::configured)
    }

    /// Returns warnings about configuration options that were ignored, and about an
    /// implausible API secret.
    #[must_use]
    pub fn warnings(&self) -> &[ConfigurationWarning] {
        &self.settings.warnings
    }

    /// Sets the current time, in Unix seconds.
    ///
    /// A token with a `duration` but without a `start_time` expires `duration` seconds
    /// after this time.
    #[must_use]
    pub fn with_now(self, now: i64) -> Self {
        Self {
            now: Some(now),
            ..self
        }
    }

    /// Sets the form in which paths are signed, which depends on the SDK. The SDKs have no
    /// option for it. The default is [`PathEncoding::Encoded`].
    ///
    /// With [`PathEncoding::Raw`], a public id that is given percent-encoded is signed
    /// percent-encoded, as the SDK for PHP does.
    ///
    /// ```
    /// use serde_json::json;
    /// use url_signer::cloudinary::PathEncoding;
    /// use url_signer::cloudinary::sdk::Sdk;
    ///
    /// let sdk = "cloudinary://key:abcd@demo".parse::<Sdk>()?.with_path_encoding(PathEncoding::Raw);
    /// let text = json!({ "font_family": "Arial", "font_size": 18, "text": "Hello, world" });
    /// let options = json!({ "overlay": text, "sign_url": true });
    /// // The URL of the SDK for PHP.
    /// assert_eq!(
    ///     sdk.url("a b", options.as_object().ok_or("no map")?)?.as_str(),
    ///     "https://res.cloudinary.com/demo/image/upload/s--JMPBIRHg--/l_text:Arial_18:Hello%252C%20world/a%20b",
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_path_encoding(self, path_encoding: PathEncoding) -> Self {
        Self {
            path_encoding,
            ..self
        }
    }

    fn configured(settings: Settings) -> Self {
        Self {
            settings,
            ..Self::default()
        }
    }
}

impl FromStr for Sdk {
    type Err = CloudError;

    /// Parses a `cloudinary://…` configuration, as
    /// [`Cloud`](crate::cloudinary::Cloud#impl-FromStr-for-Cloud) does.
    fn from_str(text: &str) -> Result<Self, CloudError> {
        Settings::from_url(text).map(Self::configured)
    }
}
