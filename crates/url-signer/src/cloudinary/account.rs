//! The account: its name, keys, hosts and configuration.

pub(crate) mod api_signature_version;
pub(crate) mod cloud;
pub(crate) mod configuration;
pub(crate) mod error;
pub(crate) mod hosts;
pub(crate) mod option_value;
pub(crate) mod options;
pub(crate) mod settings;
pub(crate) mod signature_algorithm;
pub(crate) mod token_settings;
pub(crate) mod upload_prefix;
