//! The keys from the environment of a process.

use std::env;

use sync_payload::{ImageSigner, UrlPrefix, UrlPrefixError};
use thiserror::Error;
use url_signer::cloudinary::{Cloud, CloudError};
use url_signer::{Authority, AuthorityError, ProxySigner, Secret, SecretError, ThumbnailSigner};

use crate::signers::Signers;

const CLOUDINARY_URL: &str = "CLOUDINARY_URL";
const CLOUDINARY_CLOUD_NAME: &str = "CLOUDINARY_CLOUD_NAME";
const THUMBNAIL_KEY: &str = "THUMBNAIL_KEY";
const PROXY_KEY: &str = "PROXY_KEY";
const PROXY_HOST: &str = "PROXY_HOST";
const APP_HOST: &str = "APP_HOST";
const URL_PREFIX: &str = "URL_PREFIX";

impl Signers {
    /// Help about the variables, for the command lines of programs.
    pub const ENVIRONMENT_HELP: &str = "\
Environment:
  CLOUDINARY_URL  the account and API secret that sign delivery URLs:
                  cloudinary://<key>:<secret>@<cloud>[/<distribution>][?<options>]
                  A token key is the option `auth_token[key]`.
  THUMBNAIL_KEY   the key that signs thumbnail paths
  PROXY_KEY       the key that signs proxy URLs; needs both hosts:
  PROXY_HOST      the host of proxy URLs
  APP_HOST        the host from which the proxy fetches thumbnails
  URL_PREFIX      the text before the delivery URLs of a payload [default: none]";

    /// Reads the keys from the environment, as
    /// [`ENVIRONMENT_HELP`](Self::ENVIRONMENT_HELP) describes.
    ///
    /// Every key is optional: a function whose key is missing fails when it is called.
    ///
    /// # Errors
    ///
    /// - No key is set.
    /// - A variable has an invalid value. The error does not contain a secret.
    /// - `PROXY_KEY` is set, and `PROXY_HOST` or `APP_HOST` is not.
    pub fn from_env() -> Result<Self, EnvironmentError> {
        let mut signers = Self::none();
        let mut warnings = Vec::new();
        // The parts of the URL may also be set as separate variables.
        let cloud = if is_set(CLOUDINARY_URL) || is_set(CLOUDINARY_CLOUD_NAME) {
            let cloud = Cloud::from_env()?;
            warnings.extend(cloud.warnings().iter().map(ToString::to_string));
            signers = Self::new(cloud.clone());
            Some(cloud)
        } else {
            None
        };
        let thumbnails = secret(THUMBNAIL_KEY, &mut warnings)?.map(ThumbnailSigner::new);
        if let Some(thumbnails) = &thumbnails {
            signers = signers.with_thumbnails(thumbnails.clone());
        }
        let proxy = match secret(PROXY_KEY, &mut warnings)? {
            Some(key) => Some(ProxySigner::new(host(PROXY_HOST)?, host(APP_HOST)?, key)),
            None => None,
        };
        if let Some(proxy) = &proxy {
            signers = signers.with_proxy(proxy.clone());
        }
        if signers.fingerprint().is_none() {
            return Err(EnvironmentError::NoKeys);
        }
        if let (Some(cloud), Some(thumbnails), Some(proxy)) = (cloud, thumbnails, proxy)
            && is_set(URL_PREFIX)
        {
            let prefix = text(URL_PREFIX)?;
            let prefix = UrlPrefix::new(prefix).map_err(EnvironmentError::Prefix)?;
            let images = ImageSigner::new(cloud, proxy, thumbnails).with_prefix(prefix);
            signers = signers.with_images(images);
        }
        Ok(signers.with_warnings(warnings))
    }
}

fn is_set(variable: &str) -> bool {
    env::var_os(variable).is_some_and(|value| !value.is_empty())
}

fn text(variable: &'static str) -> Result<String, EnvironmentError> {
    env::var(variable).map_err(|_| EnvironmentError::NotUtf8(variable))
}

fn host(variable: &'static str) -> Result<Authority, EnvironmentError> {
    if !is_set(variable) {
        return Err(EnvironmentError::NoHost(variable));
    }
    Authority::new(&text(variable)?).map_err(|source| EnvironmentError::Host { variable, source })
}

fn secret(
    variable: &'static str,
    warnings: &mut Vec<String>,
) -> Result<Option<Secret>, EnvironmentError> {
    if env::var_os(variable).is_none() {
        return Ok(None);
    }
    let secret = Secret::from_env(variable)?;
    if let Some(reason) = secret.warning() {
        warnings.push(format!(
            "{variable} is probably not the intended key: {reason}"
        ));
    }
    if secret.is_short() {
        warnings.push(format!("{variable} is short; use at least 32 random bytes"));
    }
    Ok(Some(secret))
}

/// An error reading the keys from the environment. It never contains a secret.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EnvironmentError {
    /// No variable of a key is set.
    #[error("no keys are set; set CLOUDINARY_URL, or THUMBNAIL_KEY and PROXY_KEY")]
    NoKeys,
    /// An invalid account.
    #[error("invalid CLOUDINARY_URL or CLOUDINARY_… variable")]
    Cloud(#[from] CloudError),
    /// An invalid key.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// A host that a proxy key needs is not set.
    #[error("{0} is not set; PROXY_KEY needs PROXY_HOST and APP_HOST")]
    NoHost(&'static str),
    /// An invalid host.
    #[error("invalid {variable}")]
    Host {
        /// The name of the variable.
        variable: &'static str,
        /// The reason.
        #[source]
        source: AuthorityError,
    },
    /// An invalid prefix of delivery URLs.
    #[error("invalid URL_PREFIX")]
    Prefix(#[source] UrlPrefixError),
    /// A variable that is not valid UTF-8.
    #[error("{0} is not valid UTF-8")]
    NotUtf8(&'static str),
}
