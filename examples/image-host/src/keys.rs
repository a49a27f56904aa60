//! The keys of the host, from the environment or for demonstration.

use std::env;
use std::io::{self, Write};

use anyhow::{Context, Result, bail};
use url_signer::Secret;
use url_signer::cloudinary::Cloud;

use crate::token::TokenKey;

pub(crate) const HELP: &str = "\
Environment:
  CLOUDINARY_URL  the account and API secret that sign delivery URLs:
                  cloudinary://<key>:<secret>@<cloud>[/<distribution>][?<options>]
  PROXY_KEY       the key that signs proxy URLs
  THUMBNAIL_KEY   the key that signs thumbnail paths
  TOKEN_KEY       the key that signs access tokens, at least 32 bytes
  DATABASE_URL    postgres://… or sqlite://…, used instead of the embedded
                  database; create its tables with `image-host migrate`
  RUST_LOG        the log level, such as `debug` [default: info]

A missing key has a demo value if the host uses the embedded database and
listens on a loopback address.";

const DEMO_CLOUDINARY_URL: &str = "cloudinary://demo:demo-secret@sadaasdasd";
const DEMO_PROXY_KEY: &str = "demo-proxy-key";
const DEMO_THUMBNAIL_KEY: &str = "demo-thumbnail-key";
const DEMO_TOKEN_KEY: &str = "demo-token-key, known to everybody";

/// The source of the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeySource {
    /// The environment only.
    Environment,
    /// The environment, with demo values for missing keys.
    EnvironmentOrDemo,
}

impl KeySource {
    pub(crate) fn cloud(self) -> Result<Cloud> {
        // The parts of the URL may also be set as separate variables.
        let cloud = if env::var_os("CLOUDINARY_CLOUD_NAME").is_none()
            && self.uses_demo("CLOUDINARY_URL")?
        {
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
        if self.uses_demo("TOKEN_KEY")? {
            TokenKey::new(DEMO_TOKEN_KEY.as_bytes())
        } else {
            let key = env::var("TOKEN_KEY").ok();
            let key = key.context("TOKEN_KEY is not valid UTF-8")?;
            TokenKey::new(key.as_bytes()).context("invalid TOKEN_KEY")
        }
    }

    /// Whether the public demo key signs the tokens.
    pub(crate) fn has_demo_token_key(self) -> bool {
        self == Self::EnvironmentOrDemo && env::var_os("TOKEN_KEY").is_none()
    }

    fn secret(self, variable: &str, demo: &str) -> Result<Secret> {
        Ok(if self.uses_demo(variable)? {
            Secret::new(demo)?
        } else {
            Secret::from_env(variable)?
        })
    }

    /// Whether a variable is replaced by its demo value.
    fn uses_demo(self, variable: &str) -> Result<bool> {
        match (env::var_os(variable), self) {
            (Some(_), _) => Ok(false),
            (None, Self::EnvironmentOrDemo) => Ok(true),
            (None, Self::Environment) => bail!(
                "{variable} is not set; demo values need the embedded database and a loopback address"
            ),
        }
    }
}
