//! The options that the SDKs take for delivery URLs, by the SDKs' names.

use super::cloud::Cloud;
use super::error::{CloudError, ConfigurationWarning};
use super::hosts::HostSettings;
use super::option_value::OptionValue;
use super::signature_algorithm::SignatureForm;
use super::token_settings::{TokenDefaults, TokenSettings};
use crate::{Authority, Secret};

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

/// What is set, and nothing about the rest.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) cloud_name: Option<String>,
    pub(crate) api_secret: Option<Secret>,
    secure: Option<bool>,
    pub(crate) private_cdn: Option<bool>,
    pub(crate) secure_distribution: Option<Authority>,
    cname: Option<Authority>,
    cdn_subdomain: Option<bool>,
    secure_cdn_subdomain: Option<bool>,
    sha256: Option<bool>,
    long: Option<bool>,
    pub(crate) sign_url: Option<bool>,
    sign_version: Option<bool>,
    pub(crate) force_version: Option<bool>,
    pub(crate) shorten: Option<bool>,
    pub(crate) use_root_path: Option<bool>,
    pub(crate) token: TokenSettings,
    pub(crate) warnings: Vec<ConfigurationWarning>,
}

impl Settings {
    pub(crate) fn of_account(name: &str, secret: Secret) -> Self {
        Self {
            cloud_name: Some(name.to_owned()),
            api_secret: Some(secret),
            ..Self::default()
        }
    }

    /// Sets an option. `false` if it is not known.
    pub(crate) fn set(&mut self, option: &str, value: OptionValue<'_>) -> Result<bool, CloudError> {
        let expected = |expected| CloudError::OptionValue {
            option: option.to_owned(),
            expected,
        };
        let boolean = || value.boolean().map(Some).map_err(expected);
        let host = || {
            let text = value.text().map_err(expected)?;
            Authority::new(text)
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
    pub(crate) fn set_or_warn(
        &mut self,
        option: &str,
        value: OptionValue<'_>,
    ) -> Result<(), CloudError> {
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
    pub(crate) fn to_cloud(&self, secret: Secret) -> Result<Cloud, CloudError> {
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
