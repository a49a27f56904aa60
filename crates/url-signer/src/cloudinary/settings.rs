//! The options that the SDKs take for delivery URLs, by the SDKs' names.

use super::hosts::HostSettings;
use super::token_settings::{TokenDefaults, TokenSettings};
use super::{Cloud, CloudError, ConfigurationWarning, SignatureForm};
use crate::{Host, Secret};

/// Options of the SDKs that have no bearing on delivery URLs.
const OF_OTHER_USES: &[&str] = &[
    "account_id",
    "account_url",
    "api_key",
    "api_proxy",
    "chunk_size",
    "disable_promises",
    "oauth_token",
    "provisioning_api_key",
    "provisioning_api_secret",
    "signature_version",
    "timeout",
    "upload_prefix",
    "upload_preset",
];

/// A value as it comes from a configuration, which has only texts, or from a
/// map of options.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(
    not(feature = "sdk"),
    expect(dead_code, reason = "a configuration has only texts")
)]
pub(super) enum Value<'a> {
    Text(&'a str),
    Boolean(bool),
    Integer(i64),
    /// Neither of these.
    Other,
}

/// What an option takes, where it got something else.
pub(super) type Expected = &'static str;

impl<'a> Value<'a> {
    pub(super) fn boolean(self) -> Result<bool, Expected> {
        match self {
            Self::Boolean(boolean) => Ok(boolean),
            Self::Text(text) if text.eq_ignore_ascii_case("true") => Ok(true),
            Self::Text(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err("`true` or `false`"),
        }
    }

    pub(super) fn integer(self) -> Result<i64, Expected> {
        match self {
            Self::Integer(integer) => Some(integer),
            Self::Text(text) => text.parse().ok(),
            _ => None,
        }
        .ok_or("a whole number of 64 bits")
    }

    pub(super) const fn text(self) -> Result<&'a str, Expected> {
        match self {
            Self::Text(text) => Ok(text),
            _ => Err("a text"),
        }
    }
}

/// What is set, and nothing about the rest.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    pub(super) cloud_name: Option<String>,
    pub(super) api_secret: Option<Secret>,
    secure: Option<bool>,
    pub(super) private_cdn: Option<bool>,
    pub(super) secure_distribution: Option<Host>,
    cname: Option<Host>,
    cdn_subdomain: Option<bool>,
    secure_cdn_subdomain: Option<bool>,
    sha256: Option<bool>,
    long: Option<bool>,
    pub(super) sign_url: Option<bool>,
    sign_version: Option<bool>,
    pub(super) force_version: Option<bool>,
    pub(super) shorten: Option<bool>,
    pub(super) use_root_path: Option<bool>,
    pub(super) token: TokenSettings,
    pub(super) warnings: Vec<ConfigurationWarning>,
}

impl Settings {
    pub(super) fn of_account(name: &str, secret: Secret) -> Self {
        Self {
            cloud_name: Some(name.to_owned()),
            api_secret: Some(secret),
            ..Self::default()
        }
    }

    /// Sets an option. `false` if it is not known.
    pub(super) fn set(&mut self, option: &str, value: Value<'_>) -> Result<bool, CloudError> {
        let expected = |expected| CloudError::OptionValue {
            option: option.to_owned(),
            expected,
        };
        let boolean = || value.boolean().map(Some).map_err(expected);
        let host = || {
            let text = value.text().map_err(expected)?;
            Host::new(text)
                .map(Some)
                .map_err(|error| CloudError::OptionHost(option.to_owned(), error))
        };
        match option {
            "cloud_name" => self.cloud_name = Some(value.text().map_err(expected)?.to_owned()),
            "api_secret" => {
                let text = value.text().map_err(expected)?;
                let secret = Secret::new(text).map_err(|_| CloudError::MissingSecret)?;
                self.api_secret = Some(secret);
            }
            "secure" => self.secure = boolean()?,
            "private_cdn" => self.private_cdn = boolean()?,
            "secure_distribution" => self.secure_distribution = host()?,
            "cname" => self.cname = host()?,
            "cdn_subdomain" => self.cdn_subdomain = boolean()?,
            "secure_cdn_subdomain" => self.secure_cdn_subdomain = boolean()?,
            "signature_algorithm" => {
                self.sha256 = match value.text() {
                    Ok("sha1") => Some(false),
                    Ok("sha256") => Some(true),
                    _ => return Err(expected("`sha1` or `sha256`")),
                }
            }
            "long_url_signature" => self.long = boolean()?,
            "sign_url" => self.sign_url = boolean()?,
            "sign_version" => self.sign_version = boolean()?,
            "force_version" => self.force_version = boolean()?,
            "shorten" => self.shorten = boolean()?,
            "use_root_path" => self.use_root_path = boolean()?,
            _ => match nested(option, "auth_token") {
                Some(key) => return self.token.set(key, value),
                None => return Ok(OF_OTHER_USES.contains(&option)),
            },
        }
        Ok(true)
    }

    /// Sets an option, or warns that it is not known.
    pub(super) fn set_or_warn(&mut self, option: &str, value: Value<'_>) -> Result<(), CloudError> {
        if !self.set(option, value)? {
            self.warnings
                .push(ConfigurationWarning::UnknownOption(option.to_owned()));
        }
        Ok(())
    }

    /// The long form is of SHA-256, whatever the algorithm of the short one.
    fn form(&self) -> SignatureForm {
        match (self.sha256, self.long) {
            (_, Some(true)) => SignatureForm::Sha256Long,
            (Some(true), _) => SignatureForm::Sha256,
            _ => SignatureForm::Sha1,
        }
    }

    /// The account of these settings, with a secret or without, in which case
    /// it must not sign.
    pub(super) fn to_cloud(&self, secret: Secret) -> Result<Cloud, CloudError> {
        let name = self.cloud_name.as_deref().ok_or(CloudError::EmptyName)?;
        let is_set = |option: Option<bool>| option.unwrap_or(false);
        let mut cloud = Cloud::new(name, secret)?
            .with_signature_form(self.form())
            .with_host_settings(HostSettings {
                plain: !self.secure.unwrap_or(true),
                private_cdn: is_set(self.private_cdn),
                secure_distribution: self.secure_distribution.clone(),
                cname: self.cname.clone(),
                cdn_subdomain: is_set(self.cdn_subdomain),
                secure_cdn_subdomain: self.secure_cdn_subdomain,
            })?;
        cloud.layout.root_path = is_set(self.use_root_path);
        cloud.layout.short_types = is_set(self.shorten);
        cloud.layout.automatic_version = self.force_version.unwrap_or(true);
        cloud.layout.signed_version = is_set(self.sign_version);
        cloud.tokens = TokenDefaults::new(&self.token)?;
        cloud.warnings.clone_from(&self.warnings);
        if self.token.lacks_key() {
            cloud.warnings.push(ConfigurationWarning::TokenWithoutKey);
        }
        Ok(cloud)
    }
}

/// The key in `<option>[<key>]`.
fn nested<'a>(text: &'a str, option: &str) -> Option<&'a str> {
    text.strip_prefix(option)?
        .strip_prefix('[')?
        .strip_suffix(']')
}
