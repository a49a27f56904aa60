//! Accounts from configuration: `CLOUDINARY_URL`, or the variables
//! `CLOUDINARY_CLOUD_NAME`, `CLOUDINARY_API_SECRET` and so on.

use std::env;
use std::str::FromStr;

use url::form_urlencoded;
use zeroize::Zeroizing;

use super::cloud::{Cloud, check_name};
use super::error::{CloudError, ConfigurationWarning};
use super::option_value::OptionValue;
use super::settings::Settings;
use crate::authority::Authority;
use crate::secret::Secret;

const URL: &str = "CLOUDINARY_URL";
const PREFIX: &str = "CLOUDINARY_";
const CLOUD_NAME: &str = "CLOUDINARY_CLOUD_NAME";

impl Cloud {
    /// Reads the account from the environment variables that
    /// [`from_vars`](Self::from_vars) describes.
    ///
    /// # Errors
    ///
    /// - Variables that [`from_vars`](Self::from_vars) rejects.
    pub fn from_env() -> Result<Self, CloudError> {
        Self::from_settings(&Settings::from_env()?)
    }

    /// Reads the account from variables, given as names and values.
    ///
    /// If `CLOUDINARY_CLOUD_NAME` is set, each variable `CLOUDINARY_<OPTION>` is an
    /// option, such as `CLOUDINARY_API_SECRET` and `CLOUDINARY_PRIVATE_CDN`.
    /// Otherwise, `CLOUDINARY_URL` is parsed, and [`warnings`](Self::warnings) reports
    /// options in other variables. Empty variables, and variables without the prefix
    /// `CLOUDINARY_`, are ignored.
    ///
    /// ```
    /// use url_signer::cloudinary::Cloud;
    ///
    /// let cloud = Cloud::from_vars([
    ///     ("CLOUDINARY_CLOUD_NAME", "demo"),
    ///     ("CLOUDINARY_API_SECRET", "abcd"),
    ///     ("CLOUDINARY_CDN_SUBDOMAIN", "true"),
    ///     ("HOME", "/root"),
    /// ])?;
    /// assert_eq!(cloud.name(), "demo");
    /// # Ok::<(), url_signer::cloudinary::CloudError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - Neither `CLOUDINARY_CLOUD_NAME` nor `CLOUDINARY_URL`.
    /// - `CLOUDINARY_CLOUD_NAME` without `CLOUDINARY_API_SECRET`.
    /// - A value that [`Cloud::from_str`] rejects.
    pub fn from_vars<N: AsRef<str>, V: AsRef<str>>(
        vars: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, CloudError> {
        Self::from_settings(&Settings::from_vars(vars)?)
    }

    pub(crate) fn from_settings(settings: &Settings) -> Result<Self, CloudError> {
        let secret = settings
            .api_secret
            .clone()
            .ok_or(CloudError::MissingSecret)?;
        settings.to_cloud(secret)
    }
}

/// Parses a configuration URL:
/// `cloudinary://<key>:<secret>@<cloud>[/<secure distribution>][?<option>=<value>&…]`.
///
/// The `<key>` is the API key of the account, for [API requests](Cloud::api). It may be
/// empty. As in the SDKs, the secret is not percent-decoded, a secure distribution
/// implies a private CDN, and a trailing `/` has no effect. The options have the names
/// of the SDKs:
///
/// - hosts: `secure`, `private_cdn`, `secure_distribution`, `cname`,
///   `cdn_subdomain`, `secure_cdn_subdomain`;
/// - signatures: `signature_algorithm` (`sha1` or `sha256`), `long_url_signature`,
///   `sign_version`, and `signature_version` (`1` or `2`) of API requests;
/// - API: `upload_prefix`, such as `https://api-eu.cloudinary.com`;
/// - paths: `force_version`, `shorten`, `use_root_path`. The last two affect only
///   image/upload;
/// - access tokens: `auth_token[…]` with `key`, `token_name`, `duration`, `expiration`,
///   `start_time`, `ip` and `acl`. [`token_defaults`](Cloud::token_defaults) returns
///   the token signer and the claims with these settings. `auth_token[url]` and
///   `auth_token[set_url_signature]` are ignored with a warning: the caller chooses the URL
///   of a token, and whether it has a signature.
///
/// Booleans are `true` or `false`. SDK options for other purposes, such as
/// `upload_preset`, are ignored without a warning. So is `sign_url`, because signing is an
/// explicit call. All other options are unknown. They are ignored, and
/// [`warnings`](Cloud::warnings) reports them.
///
/// ```
/// use url_signer::cloudinary::{Cloud, SignatureAlgorithm};
///
/// let cloud: Cloud = "cloudinary://key:abcd@demo?signature_algorithm=sha256".parse()?;
/// assert_eq!(cloud.name(), "demo");
/// assert_eq!(cloud.signature_algorithm(), SignatureAlgorithm::Sha256);
/// # Ok::<(), url_signer::cloudinary::CloudError>(())
/// ```
impl FromStr for Cloud {
    type Err = CloudError;

    /// # Errors
    ///
    /// - A text that does not start with `cloudinary://`.
    /// - A missing or empty secret.
    /// - More than one `@`, or a fragment.
    /// - A name that [`Cloud::new`] rejects, or a host that [`Authority::new`]
    ///   rejects.
    /// - An option with an invalid value.
    fn from_str(text: &str) -> Result<Self, CloudError> {
        Self::from_settings(&Settings::from_url(text)?)
    }
}

impl TryFrom<&str> for Cloud {
    type Error = CloudError;

    fn try_from(text: &str) -> Result<Self, CloudError> {
        text.parse()
    }
}

impl TryFrom<String> for Cloud {
    type Error = CloudError;

    fn try_from(text: String) -> Result<Self, CloudError> {
        // The text contains the secret.
        Zeroizing::new(text).parse()
    }
}

impl Settings {
    pub(crate) fn from_env() -> Result<Self, CloudError> {
        let mut not_utf8 = Vec::new();
        let vars = env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            if !name.starts_with(PREFIX) {
                return None;
            }
            if let Ok(value) = value.into_string() {
                return Some((name, Zeroizing::new(value)));
            }
            not_utf8.push(name);
            None
        });
        let vars: Vec<_> = vars.collect();
        if not_utf8.iter().any(|name| name == URL) {
            return Err(CloudError::NotUtf8);
        }
        let vars = vars.iter().map(|(name, value)| (&**name, &***value));
        let mut settings = Self::from_vars(vars)?;
        let warnings = not_utf8.into_iter().map(ConfigurationWarning::NotUtf8);
        settings.warnings.extend(warnings);
        Ok(settings)
    }

    pub(crate) fn from_vars<N: AsRef<str>, V: AsRef<str>>(
        vars: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, CloudError> {
        let vars: Vec<_> = vars.into_iter().collect();
        let value_of = |wanted: &str| {
            let var = vars.iter().find(|(name, _)| name.as_ref() == wanted);
            var.map(|(_, value)| value.as_ref())
                .filter(|value| !value.is_empty())
        };
        if value_of(CLOUD_NAME).is_none() {
            let mut settings = Self::from_url(value_of(URL).ok_or(CloudError::NotConfigured)?)?;
            settings.warnings.extend(ignored_variables(&vars));
            return Ok(settings);
        }
        let mut settings = Self::default();
        for (name, value) in &vars {
            let (name, value) = (name.as_ref(), value.as_ref());
            match name.strip_prefix(PREFIX) {
                _ if value.is_empty() => {}
                Some(_) if name == URL => {
                    settings.warnings.push(ConfigurationWarning::UrlIgnored);
                }
                Some(option) => {
                    settings.set_or_warn(&option.to_ascii_lowercase(), OptionValue::Text(value))?;
                }
                None => {}
            }
        }
        Ok(settings)
    }

    pub(crate) fn from_url(text: &str) -> Result<Self, CloudError> {
        // Split by hand: a URL parser would keep a copy of the secret.
        let text = text
            .strip_prefix("cloudinary://")
            .ok_or(CloudError::UrlScheme)?;
        let (key_and_secret, rest) = text.split_once('@').ok_or(CloudError::MissingSecret)?;
        if rest.contains('@') {
            return Err(CloudError::AmbiguousSecret);
        }
        let (key, secret) = key_and_secret
            .split_once(':')
            .ok_or(CloudError::MissingSecret)?;
        // Not percent-decoded, as in the SDKs.
        let secret = Secret::new(secret).map_err(|_| CloudError::MissingSecret)?;
        if rest.contains('#') {
            return Err(CloudError::UrlFragment);
        }
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (name, path) = rest.split_once('/').unwrap_or((rest, ""));
        check_name(name)?;
        let mut settings = Self::new(name, secret);
        settings.api_key = Some(key.to_owned()).filter(|key| !key.is_empty());
        // A trailing `/` has no effect.
        let path = path.strip_suffix('/').unwrap_or(path);
        if !path.is_empty() {
            let distribution = Authority::new(path).map_err(|_| CloudError::SecureDistribution)?;
            settings.secure_distribution = Some(distribution);
            settings.private_cdn = Some(true);
        }
        for (option, value) in form_urlencoded::parse(query.as_bytes()) {
            // The value may be a key.
            let value = Zeroizing::new(value.into_owned());
            settings.set_or_warn(&option, OptionValue::Text(&value))?;
        }
        Ok(settings)
    }
}

/// Returns a warning for each variable of an option that affects delivery URLs.
fn ignored_variables<N: AsRef<str>, V: AsRef<str>>(
    vars: &[(N, V)],
) -> impl Iterator<Item = ConfigurationWarning> {
    vars.iter().filter_map(|(name, value)| {
        let (name, value) = (name.as_ref(), value.as_ref());
        let option = name.strip_prefix(PREFIX)?.to_ascii_lowercase();
        let is_ignored = !value.is_empty()
            && option != "cloud_name"
            && Settings::is_related(&option, OptionValue::Text(value));
        is_ignored.then(|| ConfigurationWarning::VariableIgnored(name.to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_is_not_decoded() {
        let secret = |text: &str| {
            let cloud: Cloud = text.parse().unwrap();
            cloud.keys.signing().as_bytes().to_vec()
        };
        for text in ["a%2Fb", "a:b", "a/b?c#d\te%", "é"] {
            let url = format!("cloudinary://k:{text}@demo");
            assert_eq!(secret(&url), text.as_bytes());
        }
    }
}
