//! The options of the SDKs that determine delivery URLs, by their SDK names.

use super::api_signature_version::ApiSignatureVersion;
use super::cloud::{Cloud, PathOptions};
use super::error::{CloudError, ConfigurationWarning};
use super::hosts::HostSettings;
use super::option_value::OptionValue;
use super::signature_algorithm::SignatureAlgorithm;
use super::token_settings::{TokenDefaults, TokenSettings};
use super::upload_prefix::UploadPrefix;
use crate::authority::Authority;
use crate::secret::Secret;

/// Options of the SDKs that do not affect delivery URLs. They are ignored without
/// a warning.
const UNRELATED: &[&str] = &[
    "account_id",
    "account_url",
    "api_proxy",
    "chunk_size",
    "disable_promises",
    "oauth_token",
    "provisioning_api_key",
    "provisioning_api_secret",
    "timeout",
    "upload_preset",
];

/// The options that are set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    pub(crate) cloud_name: Option<String>,
    pub(crate) api_secret: Option<Secret>,
    pub(crate) api_key: Option<String>,
    signature_version: Option<ApiSignatureVersion>,
    upload_prefix: Option<UploadPrefix>,
    secure: Option<bool>,
    pub(crate) private_cdn: Option<bool>,
    pub(crate) secure_distribution: Option<Authority>,
    cname: Option<Authority>,
    cdn_subdomain: Option<bool>,
    secure_cdn_subdomain: Option<bool>,
    signature_algorithm: Option<SignatureAlgorithm>,
    long_url_signature: Option<bool>,
    pub(crate) sign_url: Option<bool>,
    sign_version: Option<bool>,
    pub(crate) force_version: Option<bool>,
    pub(crate) shorten: Option<bool>,
    pub(crate) use_root_path: Option<bool>,
    pub(crate) token: TokenSettings,
    pub(crate) warnings: Vec<ConfigurationWarning>,
}

impl Settings {
    pub(crate) fn new(cloud_name: &str, secret: Secret) -> Self {
        let mut settings = Self {
            cloud_name: Some(cloud_name.to_owned()),
            ..Self::default()
        };
        settings.set_secret(secret);
        settings
    }

    /// Sets the API secret, and adds a warning if it is implausible.
    fn set_secret(&mut self, secret: Secret) {
        let warning = secret
            .warning()
            .map(|reason| ConfigurationWarning::ImplausibleSecret {
                option: "api_secret",
                reason,
            });
        self.warnings.extend(warning);
        self.api_secret = Some(secret);
    }

    /// Sets an option. Returns `false` if the option is unknown.
    pub(crate) fn set(&mut self, option: &str, value: OptionValue<'_>) -> Result<bool, CloudError> {
        let expected = |expected| CloudError::OptionValue {
            option: option.to_owned(),
            expected,
        };
        let boolean = || value.boolean().map(Some).map_err(expected);
        let authority = || {
            let text = value.text().map_err(expected)?;
            Authority::new(text)
                .map(Some)
                .map_err(|source| CloudError::OptionAuthority {
                    option: option.to_owned(),
                    source,
                })
        };
        match option {
            "cloud_name" => self.cloud_name = Some(value.text().map_err(expected)?.to_owned()),
            "api_secret" => {
                let text = value.text().map_err(expected)?;
                let secret = Secret::new(text).map_err(|_| CloudError::MissingSecret)?;
                self.set_secret(secret);
            }
            "api_key" => {
                // In the SDKs, an API key may also be a number.
                let key = match value {
                    OptionValue::Integer(key) => key.to_string(),
                    _ => value.text().map_err(expected)?.to_owned(),
                };
                self.api_key = Some(key).filter(|key| !key.is_empty());
            }
            "signature_version" => {
                self.signature_version = Some(match value.integer() {
                    Ok(1) => ApiSignatureVersion::V1,
                    Ok(2) => ApiSignatureVersion::V2,
                    _ => return Err(expected("`1` or `2`")),
                });
            }
            "upload_prefix" => {
                let text = value.text().map_err(expected)?;
                self.upload_prefix = Some(UploadPrefix::new(text).map_err(expected)?);
            }
            "secure" => self.secure = boolean()?,
            "private_cdn" => self.private_cdn = boolean()?,
            "secure_distribution" => self.secure_distribution = authority()?,
            "cname" => self.cname = authority()?,
            "cdn_subdomain" => self.cdn_subdomain = boolean()?,
            "secure_cdn_subdomain" => self.secure_cdn_subdomain = boolean()?,
            "signature_algorithm" => {
                let algorithm = value.signature_algorithm().map_err(expected)?;
                self.signature_algorithm = Some(algorithm);
            }
            "long_url_signature" => self.long_url_signature = boolean()?,
            "sign_url" => self.sign_url = boolean()?,
            "sign_version" => self.sign_version = boolean()?,
            "force_version" => self.force_version = boolean()?,
            "shorten" => self.shorten = boolean()?,
            "use_root_path" => self.use_root_path = boolean()?,
            _ => match nested_key(option, "auth_token") {
                Some(key) => return self.token.set(key, value),
                None => return Ok(UNRELATED.contains(&option)),
            },
        }
        Ok(true)
    }

    /// Returns whether an option affects delivery URLs.
    pub(crate) fn is_related(option: &str, value: OptionValue<'_>) -> bool {
        let is_known = Self::default().set(option, value).unwrap_or(true);
        is_known && !UNRELATED.contains(&option)
    }

    /// Sets an option, or adds a warning if the option is unknown.
    pub(crate) fn set_or_warn(
        &mut self,
        option: &str,
        value: OptionValue<'_>,
    ) -> Result<(), CloudError> {
        if !self.set(option, value)? {
            let name = match value {
                OptionValue::Text("") => name_without_value(option),
                _ => name_before_delimiter(option),
            };
            self.warnings
                .push(ConfigurationWarning::UnknownOption(name.to_owned()));
        }
        Ok(())
    }

    /// Creates the account. Without a real secret, it must not sign.
    pub(crate) fn to_cloud(&self, secret: Secret) -> Result<Cloud, CloudError> {
        let name = self.cloud_name.as_deref().ok_or(CloudError::EmptyName)?;
        let is_set = |option: Option<bool>| option.unwrap_or(false);
        let mut cloud = Cloud::new(name, secret)?
            .with_signature_algorithm(self.signature_algorithm.unwrap_or_default())
            .with_host_settings(HostSettings {
                plain_http: !self.secure.unwrap_or(true),
                private_cdn: is_set(self.private_cdn),
                secure_distribution: self.secure_distribution.clone(),
                cname: self.cname.clone(),
                cdn_subdomain: is_set(self.cdn_subdomain),
                secure_cdn_subdomain: self.secure_cdn_subdomain,
            })?;
        if let Some(key) = &self.api_key {
            cloud = cloud.with_api_key(key)?;
        }
        if let Some(version) = self.signature_version {
            cloud = cloud.with_api_signature_version(version);
        }
        if let Some(prefix) = &self.upload_prefix {
            cloud.upload_prefix = prefix.clone();
        }
        if is_set(self.long_url_signature) {
            cloud = cloud.with_long_signatures();
        }
        cloud.path_options = PathOptions {
            root_path: is_set(self.use_root_path),
            short_types: is_set(self.shorten),
            automatic_version: self.force_version.unwrap_or(true),
            signed_version: is_set(self.sign_version),
        };
        cloud.token_defaults = TokenDefaults::from_settings(&self.token)?;
        cloud.warnings.clone_from(&self.warnings);
        if self.token.lacks_key() {
            cloud.warnings.push(ConfigurationWarning::TokenWithoutKey);
        } else {
            cloud.warnings.extend(self.token.ignored_options());
        }
        Ok(cloud)
    }
}

/// A wrong delimiter makes the value, which may be a key, part of the name.
fn name_before_delimiter(option: &str) -> &str {
    let is_name =
        |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-' | '.' | '[' | ']');
    option
        .split(|char| !is_name(char))
        .next()
        .unwrap_or_default()
}

/// Without a delimiter, the value of an option follows its name directly. The names of
/// options contain neither digits nor upper-case letters.
fn name_without_value(option: &str) -> &str {
    let name = name_before_delimiter(option)
        .split(|char: char| char.is_ascii_digit() || char.is_ascii_uppercase())
        .next()
        .unwrap_or_default();
    ["api_secret", "api_key", "auth_token[key]"]
        .iter()
        .find_map(|secret| name.get(..secret.len()).filter(|start| start == secret))
        .unwrap_or(name)
}

/// Returns the key in `<option>[<key>]`.
fn nested_key<'a>(text: &'a str, option: &str) -> Option<&'a str> {
    text.strip_prefix(option)?
        .strip_prefix('[')?
        .strip_suffix(']')
}
