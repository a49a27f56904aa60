//! The settings of a session.

use std::any::Any;

use datafusion::common::config::{ConfigEntry, ConfigExtension, ExtensionOptions};
use datafusion::common::{Result, config_err};

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

    fn set(&mut self, key: &str, value: &str) -> Result<()> {
        if key != KEY_FINGERPRINT {
            return config_err!(
                "unknown setting `image_sync.{key}`; the only one is `image_sync.{KEY_FINGERPRINT}`"
            );
        }
        // An empty value removes the requirement.
        self.key_fingerprint = (!value.is_empty()).then(|| value.to_owned());
        Ok(())
    }

    // Ballista sends the entries to the executors, which `set` them: the keys need the
    // prefix.
    fn entries(&self) -> Vec<ConfigEntry> {
        vec![ConfigEntry {
            key: format!("{}.{KEY_FINGERPRINT}", Self::PREFIX),
            value: self.key_fingerprint.clone(),
            description: "The fingerprint that the keys of each process must have.",
        }]
    }
}
