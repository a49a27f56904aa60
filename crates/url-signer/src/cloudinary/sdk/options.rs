//! The options of one URL, read.

use serde_json::{Map, Value};

use super::{SdkError, SdkWarning};
use crate::cloudinary::account::option_value::OptionValue;
use crate::cloudinary::account::settings::Settings;
use crate::cloudinary::account::token_settings::TokenSettings;
use crate::cloudinary::{DeliveryType, ResourceType};

/// The options of one URL; those that are the account's have gone into the
/// settings.
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
    pub(super) fn read(all: &'a Map<String, Value>, defaults: &Settings) -> Result<Self, SdkError> {
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
        Ok(options)
    }

    fn set(&mut self, option: &str, value: &'a Value) -> Result<(), SdkError> {
        let expected = |expected| SdkError::OptionValue {
            option: option.to_owned(),
            expected,
        };
        let text = || value.as_str().ok_or(expected("a text"));
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
                let known = self.settings.set(option, of_json(value))?;
                if !known && !super::transformation::is_option(option) {
                    self.warnings
                        .push(SdkWarning::UnknownOption(option.to_owned()));
                }
            }
        }
        Ok(())
    }

    /// `false` means none, also if there is one in the configuration.
    fn set_auth_token(&mut self, value: &Value) -> Result<(), SdkError> {
        match value {
            Value::Bool(false) => self.settings.token = TokenSettings::default(),
            Value::Object(token) => {
                for (key, value) in token {
                    if !set_token(&mut self.settings.token, key, value)? {
                        let option = format!("auth_token[{key}]");
                        self.warnings.push(SdkWarning::UnknownOption(option));
                    }
                }
            }
            _ => {
                return Err(SdkError::OptionValue {
                    option: "auth_token".to_owned(),
                    expected: "a map or `false`",
                });
            }
        }
        Ok(())
    }
}

/// Sets a key of `auth_token`. `false` if it is not known.
pub(super) fn set_token(
    settings: &mut TokenSettings,
    key: &str,
    value: &Value,
) -> Result<bool, SdkError> {
    match (key, value) {
        (_, Value::Null) => Ok(true),
        ("acl", Value::Array(patterns)) => {
            let patterns: Option<Vec<_>> = patterns.iter().map(Value::as_str).collect();
            let patterns = patterns.ok_or(SdkError::OptionValue {
                option: "auth_token[acl]".to_owned(),
                expected: "a text or a list of texts",
            })?;
            settings.set_acl(&patterns);
            Ok(true)
        }
        _ => Ok(settings.set(key, of_json(value))?),
    }
}

fn version(value: &Value) -> Option<u64> {
    match value {
        Value::Number(version) => version.as_u64(),
        Value::String(digits) => {
            let version = digits.parse::<u64>().ok()?;
            // No other way to write it, such as `+1` or `01`.
            (version.to_string() == *digits).then_some(version)
        }
        _ => None,
    }
}

fn of_json(value: &Value) -> OptionValue<'_> {
    match value {
        Value::String(text) => OptionValue::Text(text),
        Value::Bool(boolean) => OptionValue::Boolean(*boolean),
        Value::Number(number) => number
            .as_i64()
            .map_or(OptionValue::Other, OptionValue::Integer),
        _ => OptionValue::Other,
    }
}
