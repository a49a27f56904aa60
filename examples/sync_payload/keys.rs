//! The keys, from the environment or, so that the program runs at once, for
//! demonstration.

use std::env;
use std::io::{self, Write};

use anyhow::Result;
use url_signer::Secret;
use url_signer::cloudinary::Cloud;

const DEMO_CLOUDINARY_URL: &str = "cloudinary://demo:demo-secret@sadaasdasd";
const DEMO_PROXY_KEY: &str = "demo-proxy-key";
const DEMO_THUMBNAIL_KEY: &str = "demo-thumbnail-key";

pub(crate) const HELP: &str = "\
Keys come from the environment. For what is not set there is a demo value,
and standard error says so:
  CLOUDINARY_URL  account and secret of the delivery URLs,
                  cloudinary://<key>:<secret>@<cloud>[/<distribution>][?<options>]
                  [demo: cloudinary://demo:demo-secret@sadaasdasd]
  PROXY_KEY       signs the proxy URLs [demo: demo-proxy-key]
  THUMBNAIL_KEY   signs the thumbnail paths in them [demo: demo-thumbnail-key]

The asset of each image is found in its original_url: a delivery URL, or a
proxy URL while the asset is not at the provider yet. Whatever asset stands
there is signed for, so the payload must come from who may have it signed.";

pub(crate) struct Keys {
    pub(crate) cloud: Cloud,
    pub(crate) proxy: Secret,
    pub(crate) thumbnail: Secret,
}

pub(crate) fn from_env() -> Result<Keys> {
    // Its parts may also be set one by one.
    let cloud = if env::var_os("CLOUDINARY_CLOUD_NAME").is_some() || is_set("CLOUDINARY_URL") {
        Cloud::from_env()?
    } else {
        DEMO_CLOUDINARY_URL.parse()?
    };
    for warning in cloud.warnings() {
        let _ = writeln!(io::stderr(), "warning: {warning}");
    }
    Ok(Keys {
        cloud,
        proxy: secret("PROXY_KEY", DEMO_PROXY_KEY)?,
        thumbnail: secret("THUMBNAIL_KEY", DEMO_THUMBNAIL_KEY)?,
    })
}

fn secret(variable: &str, demo: &str) -> Result<Secret> {
    if is_set(variable) {
        Ok(Secret::from_env(variable)?)
    } else {
        Ok(Secret::new(demo)?)
    }
}

/// Whether a variable is set; says so where a demo value is to stand in.
fn is_set(variable: &str) -> bool {
    let set = env::var_os(variable).is_some();
    if !set {
        // Who has closed standard error does not want to know.
        let _ = writeln!(
            io::stderr(),
            "{variable} is not set: signing with its demo value"
        );
    }
    set
}
