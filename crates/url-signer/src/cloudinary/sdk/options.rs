//! The parsed options of one URL.

use serde_json::{Map, Value as Json};

use super::error::{SdkError, SdkWarning};
use super::json::{expected, option_value, version};
use super::transformation::is_option;
use crate::cloudinary::account::settings::Settings;
use crate::cloudinary::account::token_settings::TokenSettings;
use crate::cloudinary::path::types::{DeliveryType, ResourceType};

/// The options of one URL. `settings` contains the options of the account.
pub(super) struct Options<'a> {
    pub(super) settings: Settings,
    pub(super) resource_type: ResourceType,
    pub(super) delivery_type: DeliveryType,
    pub(super) version: Option<u64>,
    pub(super) format: Option<&'a str>,
    pub(super) url_suffix: Option<&'a str>,
    pub(super) warnings: Vec<SdkWarning>,
}

impl<'a> Options<'a> {
    pub(super) fn parse(all: &'a Map<String, Json>, defaults: &Settings) -> Result<Self, SdkError> {
        let mut options = Self {
            settings: defaults.clone(),
            resource_type: ResourceType::Image,
            delivery_type: DeliveryType::Upload,
            version: None,
            format: None,
            url_suffix: None,
            warnings: Vec::new(),
        };
        for (option, value) in all.iter().filter(|(_, value)| !value.is_null()) {
            options.set(option, value)?;
        }
        let warnings = options.settings.warnings.iter().cloned();
        let of_call = warnings.skip(defaults.warnings.len());
        options
            .warnings
            .extend(of_call.map(SdkWarning::Configuration));
        Ok(options)
    }

    /// Takes the format if it is a parameter of the transformation: for a fetched asset,
    /// or with `use_fetch_format`.
    pub(super) fn take_fetch_format(&mut self) -> Option<&'a str> {
        let is_parameter = self.delivery_type == DeliveryType::Fetch
            || self.settings.use_fetch_format.unwrap_or(false);
        if is_parameter {
            self.format.take()
        } else {
            None
        }
    }

    fn set(&mut self, option: &str, value: &'a Json) -> Result<(), SdkError> {
        let expected = |values| expected(option, values);
        let text = || value.as_str().ok_or(expected("a string"));
        match option {
            "resource_type" => {
                self.resource_type = text()?
                    .parse()
                    .map_err(|_| expected("`image`, `video` or `raw`"))?;
            }
            "type" => {
                self.delivery_type = text()?
                    .parse()
                    .map_err(|_| expected("a type of lower-case letters, digits and `_`"))?;
            }
            "version" => {
                let version = version(value).ok_or(expected("a version number"))?;
                self.version = Some(version);
            }
            "format" => self.format = Some(text()?),
            "url_suffix" => self.url_suffix = Some(text()?),
            "auth_token" => self.set_auth_token(value)?,
            _ => {
                let known = self.settings.set(option, option_value(value))?;
                if !known && !is_option(option) {
                    let warning = SdkWarning::unknown(None, option, is_known);
                    self.warnings.push(warning);
                }
            }
        }
        Ok(())
    }

    /// Sets the token. `false` disables a configured token.
    fn set_auth_token(&mut self, value: &Json) -> Result<(), SdkError> {
        match value {
            Json::Bool(false) => self.settings.token = TokenSettings::default(),
            Json::Object(token) => {
                let is_set = |key: &str| token.get(key).is_some_and(|value| !value.is_null());
                if is_set("url") {
                    // The token is for the path of the URL.
                    let warning = SdkWarning::overridden("auth_token[url]", "public_id");
                    self.warnings.push(warning);
                }
                if is_set("duration") && is_set("expiration") {
                    let by = "auth_token[expiration]";
                    let warning = SdkWarning::overridden("auth_token[duration]", by);
                    self.warnings.push(warning);
                }
                for (key, value) in token {
                    if !set_token_option(&mut self.settings.token, key, value)? {
                        let is_known = TokenSettings::is_known;
                        let warning = SdkWarning::unknown(Some("auth_token"), key, is_known);
                        self.warnings.push(warning);
                    }
                }
            }
            _ => return Err(expected("auth_token", "a map or `false`")),
        }
        Ok(())
    }
}

/// Returns whether an option of a URL exists.
fn is_known(option: &str) -> bool {
    const OF_URL: &[&str] = &[
        "auth_token",
        "format",
        "resource_type",
        "type",
        "url_suffix",
        "version",
    ];
    OF_URL.contains(&option) || is_option(option) || Settings::is_known(option)
}

/// Sets an option of `auth_token`. Returns `false` for an unknown option.
pub(super) fn set_token_option(
    settings: &mut TokenSettings,
    key: &str,
    value: &Json,
) -> Result<bool, SdkError> {
    match (key, value) {
        (_, Json::Null) => Ok(true),
        ("acl", Json::Array(patterns)) => {
            let patterns: Option<Vec<_>> = patterns.iter().map(Json::as_str).collect();
            let patterns =
                patterns.ok_or(expected("auth_token[acl]", "a string or a list of strings"))?;
            settings.set_acl(&patterns);
            Ok(true)
        }
        _ => Ok(settings.set(key, option_value(value))?),
    }
}
