//! The keys, from the environment or, on this machine alone, for demonstration.

use std::env;
use std::io::{self, Write};

use anyhow::{Context, Result, bail};
use url_signer::Secret;
use url_signer::cloudinary::Cloud;

use crate::token::TokenKey;

pub(crate) const HELP: &str = "\
Keys come from the environment:
  CLOUDINARY_URL  account and secret of the delivery URLs,
                  cloudinary://<key>:<secret>@<cloud>[/<distribution>][?<options>]
  PROXY_KEY       signs the proxy URLs
  THUMBNAIL_KEY   signs the thumbnail paths in them
  TOKEN_KEY       signs the tokens of callers, 32 bytes or more
With the embedded database, and while only this machine is served, there is a
demo value for what is not set.

DATABASE_URL, postgres://… or sqlite://…, is used in place of the embedded
database if it is set. `migrate` makes its tables.";

const DEMO_CLOUDINARY_URL: &str = "cloudinary://demo:demo-secret@sadaasdasd";
const DEMO_PROXY_KEY: &str = "demo-proxy-key";
const DEMO_THUMBNAIL_KEY: &str = "demo-thumbnail-key";
const DEMO_TOKEN_KEY: &str = "demo-token-key, known to everybody";

/// Where keys may come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// The environment alone.
    Set,
    /// Demo values for what is not set.
    OrDemo,
}

impl Keys {
    pub(crate) fn cloud(self) -> Result<Cloud> {
        // Its parts may also be set one by one.
        let cloud =
            if env::var_os("CLOUDINARY_CLOUD_NAME").is_none() && self.is_demo("CLOUDINARY_URL")? {
                DEMO_CLOUDINARY_URL.parse()?
            } else {
                Cloud::from_env()?
            };
        for warning in cloud.warnings() {
            writeln!(io::stderr(), "warning: {warning}")?;
        }
        Ok(cloud)
    }

    pub(crate) fn proxy(self) -> Result<Secret> {
        self.secret("PROXY_KEY", DEMO_PROXY_KEY)
    }

    pub(crate) fn thumbnail(self) -> Result<Secret> {
        self.secret("THUMBNAIL_KEY", DEMO_THUMBNAIL_KEY)
    }

    pub(crate) fn token(self) -> Result<TokenKey> {
        if self.is_demo("TOKEN_KEY")? {
            TokenKey::new(DEMO_TOKEN_KEY.as_bytes())
        } else {
            let key = env::var("TOKEN_KEY")
                .ok()
                .context("TOKEN_KEY is not UTF-8")?;
            TokenKey::new(key.as_bytes())
        }
    }

    /// Whether tokens are signed with a key that everybody knows.
    pub(crate) fn demo_tokens(self) -> bool {
        self == Self::OrDemo && env::var_os("TOKEN_KEY").is_none()
    }

    fn secret(self, variable: &str, demo: &str) -> Result<Secret> {
        Ok(if self.is_demo(variable)? {
            Secret::new(demo)?
        } else {
            Secret::from_env(variable)?
        })
    }

    /// Whether the demo value stands in for a variable.
    fn is_demo(self, variable: &str) -> Result<bool> {
        match (env::var_os(variable), self) {
            (Some(_), _) => Ok(false),
            (None, Self::OrDemo) => Ok(true),
            (None, Self::Set) => {
                bail!("{variable} is not set, and needed for what others can reach")
            }
        }
    }
}
