//! The keys, from the environment or for demonstration.

use std::env;

use anyhow::Result;
use url_signer::Secret;
use url_signer::cloudinary::Cloud;

use crate::warning::warn;

const DEMO_CLOUDINARY_URL: &str = "cloudinary://demo:demo-secret@sadaasdasd";
const DEMO_PROXY_KEY: &str = "demo-proxy-key";
const DEMO_THUMBNAIL_KEY: &str = "demo-thumbnail-key";

pub(crate) const HELP: &str = "\
Environment:
  CLOUDINARY_URL  the account and API secret that sign delivery URLs:
                  cloudinary://<key>:<secret>@<cloud>[/<distribution>][?<options>]
                  [demo: cloudinary://demo:demo-secret@sadaasdasd]
  PROXY_KEY       the key that signs proxy URLs [demo: demo-proxy-key]
  THUMBNAIL_KEY   the key that signs thumbnail paths [demo: demo-thumbnail-key]
A missing key is replaced by its demo value, with a warning.

The original_url of an image names its asset: a delivery URL, or a proxy URL while
the upload is pending. The program signs URLs for every asset that is named, so
use only payloads from a trusted source.";

pub(crate) struct Keys {
    pub(crate) cloud: Cloud,
    pub(crate) proxy: Secret,
    pub(crate) thumbnail: Secret,
}

pub(crate) fn from_env() -> Result<Keys> {
    // The parts of the URL may also be set as separate variables.
    let cloud = if env::var_os("CLOUDINARY_CLOUD_NAME").is_some() || is_set("CLOUDINARY_URL") {
        Cloud::from_env()?
    } else {
        DEMO_CLOUDINARY_URL.parse()?
    };
    for warning in cloud.warnings() {
        warn(warning);
    }
    Ok(Keys {
        cloud,
        proxy: secret("PROXY_KEY", DEMO_PROXY_KEY)?,
        thumbnail: secret("THUMBNAIL_KEY", DEMO_THUMBNAIL_KEY)?,
    })
}

fn secret(variable: &str, demo: &str) -> Result<Secret> {
    if is_set(variable) {
        let secret = Secret::from_env(variable)?;
        if let Some(reason) = secret.warning() {
            warn(format_args!(
                "{variable} is probably not the intended key: {reason}"
            ));
        }
        if secret.is_short() {
            warn(format_args!(
                "{variable} is short; use at least 32 random bytes"
            ));
        }
        Ok(secret)
    } else {
        Ok(Secret::new(demo)?)
    }
}

/// Returns whether a variable is set. Prints a warning if its demo value is used.
fn is_set(variable: &str) -> bool {
    let set = env::var_os(variable).is_some();
    if !set {
        warn(format_args!("{variable} is not set; using its demo value"));
    }
    set
}
