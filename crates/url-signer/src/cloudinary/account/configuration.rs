//! An account by its configuration: `CLOUDINARY_URL`, or the variables
//! `CLOUDINARY_CLOUD_NAME`, `CLOUDINARY_API_SECRET` and so on.

use std::env;
use std::str::FromStr;

use url::form_urlencoded;
use zeroize::Zeroizing;

use super::cloud::{Cloud, check_name};
use super::error::{CloudError, ConfigurationWarning};
use super::option_value::OptionValue;
use super::settings::Settings;
use crate::{Authority, Secret};

const URL: &str = "CLOUDINARY_URL";
const PREFIX: &str = "CLOUDINARY_";
const CLOUD_NAME: &str = "CLOUDINARY_CLOUD_NAME";

impl Cloud {
    /// The account in the environment variables, as [`Cloud::from_vars`] reads
    /// them.
    ///
    /// # Errors
    ///
    /// - What [`Cloud::from_vars`] refuses.
    pub fn from_env() -> Result<Self, CloudError> {
        Self::of_settings(&Settings::from_env()?)
    }

    /// The account in these variables.
    ///
    /// If `CLOUDINARY_CLOUD_NAME` is among them, each `CLOUDINARY_<OPTION>` is an
    /// option, as in `CLOUDINARY_API_SECRET` and `CLOUDINARY_PRIVATE_CDN`.
    /// Otherwise it is what `CLOUDINARY_URL` says.
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
    /// - Neither `CLOUDINARY_CLOUD_NAME` nor `CLOUDINARY_URL`, or both empty.
    /// - No `CLOUDINARY_API_SECRET` beside `CLOUDINARY_CLOUD_NAME`.
    /// - What [`Cloud::from_str`] refuses.
    pub fn from_vars<N: AsRef<str>, V: AsRef<str>>(
        vars: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self, CloudError> {
        Self::of_settings(&Settings::from_vars(vars)?)
    }

    pub(crate) fn of_settings(settings: &Settings) -> Result<Self, CloudError> {
        let secret = settings
            .api_secret
            .clone()
            .ok_or(CloudError::MissingSecret)?;
        settings.to_cloud(secret)
    }
}

/// Reads `cloudinary://<key>:<secret>@<cloud>[/<distribution>][?<option>=<value>&…]`.
///
/// The secret is taken as it is written, escapes and all, as the SDKs do. A
/// distribution means a private CDN; a `/` with nothing after it means nothing. The options
/// are those of the SDKs that bear on delivery URLs: `secure`, `private_cdn`,
/// `secure_distribution`, `cname`, `cdn_subdomain`, `secure_cdn_subdomain`,
/// `signature_algorithm` (`sha1`, `sha256`), `long_url_signature`, `sign_version`,
/// `force_version`, `shorten`, `use_root_path`, and `auth_token[key]`,
/// `auth_token[duration]` and so on, which
/// [`token_defaults`](Cloud::token_defaults) gives; switches are `true` or
/// `false`. `sign_url` has no effect here, where signing is asked for by name.
/// Options that the SDKs use for uploads, such as `upload_prefix`, are passed
/// over; any other is kept out, and is in [`warnings`](Cloud::warnings).
///
/// `shorten` and `use_root_path` hold for assets of the types image/upload, and
/// leave others as they are.
///
/// ```
/// use url_signer::cloudinary::{Cloud, SignatureForm};
///
/// let cloud: Cloud = "cloudinary://key:abcd@demo?signature_algorithm=sha256".parse()?;
/// assert_eq!(cloud.name(), "demo");
/// assert_eq!(cloud.signature_form(), SignatureForm::Sha256);
/// # Ok::<(), url_signer::cloudinary::CloudError>(())
/// ```
impl FromStr for Cloud {
    type Err = CloudError;

    /// # Errors
    ///
    /// - Another beginning than `cloudinary://`.
    /// - A secret that is missing or empty.
    /// - More than one `@`, or a fragment.
    /// - What [`Cloud::new`] refuses of a name, or [`Authority::new`] of a host.
    /// - A value that its option does not take.
    fn from_str(text: &str) -> Result<Self, CloudError> {
        Self::of_settings(&Settings::from_url(text)?)
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
        let value = |wanted: &str| {
            let found = vars.iter().find(|(name, _)| name.as_ref() == wanted);
            found
                .map(|(_, value)| value.as_ref())
                .filter(|value| !value.is_empty())
        };
        if value(CLOUD_NAME).is_none() {
            return Self::from_url(value(URL).ok_or(CloudError::NotConfigured)?);
        }
        let mut settings = Self::default();
        for (name, value) in &vars {
            let (name, value) = (name.as_ref(), value.as_ref());
            match name.strip_prefix(PREFIX) {
                _ if value.is_empty() => {}
                Some(_) if name == URL => settings
                    .warnings
                    .push(ConfigurationWarning::UrlBesideCloudName),
                Some(option) => {
                    settings.set_or_warn(&option.to_ascii_lowercase(), OptionValue::Text(value))?;
                }
                None => {}
            }
        }
        Ok(settings)
    }

    pub(crate) fn from_url(text: &str) -> Result<Self, CloudError> {
        // Taken apart here, so that no parser keeps a copy of the secret.
        let text = text
            .strip_prefix("cloudinary://")
            .ok_or(CloudError::Scheme)?;
        let (key_and_secret, rest) = text.split_once('@').ok_or(CloudError::MissingSecret)?;
        if rest.contains('@') {
            return Err(CloudError::ManyAts);
        }
        let (_, secret) = key_and_secret
            .split_once(':')
            .ok_or(CloudError::MissingSecret)?;
        // As it is written, which is how the SDKs take it.
        let secret = Secret::new(secret).map_err(|_| CloudError::MissingSecret)?;
        if rest.contains('#') {
            return Err(CloudError::Fragment);
        }
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (name, path) = rest.split_once('/').unwrap_or((rest, ""));
        check_name(name)?;
        let mut settings = Self::of_account(name, secret);
        // A `/` with nothing after it means nothing.
        let path = path.strip_suffix('/').unwrap_or(path);
        if !path.is_empty() {
            settings.secure_distribution =
                Some(Authority::new(path).map_err(CloudError::Distribution)?);
            settings.private_cdn = Some(true);
        }
        for (option, value) in form_urlencoded::parse(query.as_bytes()) {
            // It may be a key.
            let value = Zeroizing::new(value.into_owned());
            settings.set_or_warn(&option, OptionValue::Text(&value))?;
        }
        Ok(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_taken_as_it_is_written() {
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
