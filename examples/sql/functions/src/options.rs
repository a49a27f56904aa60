//! The settings of a session.

use std::any::Any;

use datafusion::common::config::{ConfigEntry, ConfigExtension, ExtensionOptions};
use datafusion::common::config_err;
use datafusion::common::error::Result as DataFusionResult;
use thiserror::Error;

/// The hexadecimal digits of a fingerprint.
const DIGITS: usize = 16;

const KEY_FINGERPRINT: &str = "key_fingerprint";

/// The settings `image_sync.…` of a session.
///
/// Add them to the configuration of a session with
/// [`SessionConfig::with_option_extension`](datafusion::prelude::SessionConfig::with_option_extension).
/// On a cluster, the client, the scheduler and the executors need them.
///
/// ```sql
/// SET image_sync.key_fingerprint = '0123456789abcdef'
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageSyncOptions {
    /// The fingerprint that the keys of each process must have. Each function that uses keys
    /// fails if they have another fingerprint, except the aggregate `image_payloads`, which
    /// cannot read settings.
    pub key_fingerprint: Option<String>,
}

impl ImageSyncOptions {
    /// Parses a fingerprint: 16 hexadecimal digits in lower case.
    ///
    /// ```
    /// use image_sync_sql::ImageSyncOptions;
    ///
    /// assert!(ImageSyncOptions::parse_key_fingerprint("0123456789abcdef").is_ok());
    /// assert!(ImageSyncOptions::parse_key_fingerprint("").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// - The text has another length or contains another character.
    pub fn parse_key_fingerprint(text: &str) -> Result<String, InvalidFingerprint> {
        let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() == DIGITS && text.bytes().all(is_digit) {
            Ok(text.to_owned())
        } else {
            Err(InvalidFingerprint)
        }
    }
}

/// An error parsing a fingerprint of keys.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("invalid fingerprint: expected {DIGITS} hexadecimal digits in lower case")]
pub struct InvalidFingerprint;

impl ConfigExtension for ImageSyncOptions {
    const PREFIX: &'static str = "image_sync";
}

impl ExtensionOptions for ImageSyncOptions {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn cloned(&self) -> Box<dyn ExtensionOptions> {
        Box::new(self.clone())
    }

    fn set(&mut self, key: &str, value: &str) -> DataFusionResult<()> {
        if key != KEY_FINGERPRINT {
            return config_err!(
                "unknown setting `image_sync.{key}`; the only one is `image_sync.{KEY_FINGERPRINT}`"
            );
        }
        // An invalid value is kept too, so that functions fail: Ballista ignores errors of
        // settings in executors, which would then check no fingerprint.
        self.key_fingerprint = Some(value.to_owned());
        match Self::parse_key_fingerprint(value) {
            Ok(_) => Ok(()),
            Err(error) => config_err!("image_sync.{KEY_FINGERPRINT}: {error}"),
        }
    }

    // Ballista sends the entries to the executors, which `set` them: the keys need the
    // prefix. An entry without a value is not set, so no requirement stays none.
    fn entries(&self) -> Vec<ConfigEntry> {
        vec![ConfigEntry {
            key: format!("{}.{KEY_FINGERPRINT}", Self::PREFIX),
            value: self.key_fingerprint.clone(),
            description: "The fingerprint that the keys of each process must have.",
        }]
    }
}
