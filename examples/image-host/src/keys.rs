//! The keys of the host, from the environment or for demonstration.

use std::env;

use anyhow::{Context, Result, bail};
use url_signer::Secret;
use url_signer::cloudinary::Cloud;

use crate::output::warn;
use crate::public_url::PublicUrl;
use crate::token::TokenKey;

pub(crate) const HELP: &str = "\
Environment:
  CLOUDINARY_URL  the account and API secret that sign delivery URLs and upload
                  forms and verify webhooks; upload forms need the API key:
                  cloudinary://<key>:<secret>@<cloud>[/<distribution>][?<options>]
  PROXY_KEY       the key that signs proxy URLs
  THUMBNAIL_KEY   the key that signs thumbnail paths
  TOKEN_KEY       the key that signs access tokens, at least 32 bytes
  DATABASE_URL    postgres://… or sqlite://…, used instead of the embedded
                  database; create its tables with `image-host migrate`
  RUST_LOG        the log level, such as `debug` [default: info]

A missing key has a demo value, with a warning, if the host uses the embedded
database and listens on a loopback address. The demo values are public: on any
other address, the host rejects them.";

const DEMO_CLOUDINARY_URL: &str = "cloudinary://demo:demo-secret@sadaasdasd";
const DEMO_PROXY_KEY: &str = "demo-proxy-key";
const DEMO_THUMBNAIL_KEY: &str = "demo-thumbnail-key";
const DEMO_TOKEN_KEY: &str = "demo-token-key, known to everybody";

/// The secret of [`DEMO_CLOUDINARY_URL`].
const DEMO_CLOUDINARY_SECRET: &str = "demo-secret";

/// The source of the keys.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeySource {
    /// True if a missing key has its demo value.
    pub(crate) replaces_missing: bool,
    /// True if a demo value is accepted, with a warning.
    pub(crate) accepts_demo: bool,
}

impl KeySource {
    pub(crate) fn cloud(self) -> Result<Cloud> {
        // The parts of the URL may also be set as separate variables.
        let cloud = if env::var_os("CLOUDINARY_CLOUD_NAME").is_none()
            && self.is_missing("CLOUDINARY_URL")?
        {
            warn("CLOUDINARY_URL is not set; using its demo value");
            DEMO_CLOUDINARY_URL.parse()?
        } else {
            for variable in ["CLOUDINARY_URL", "CLOUDINARY_API_SECRET"] {
                let value = env::var(variable).unwrap_or_default();
                let demo = format!(":{DEMO_CLOUDINARY_SECRET}@");
                if value == DEMO_CLOUDINARY_SECRET || value.contains(&demo) {
                    self.demo_is_set(variable)?;
                }
            }
            Cloud::from_env().context("cannot configure the Cloudinary account")?
        };
        for warning in cloud.warnings() {
            warn(&warning.to_string());
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
        let key = if self.is_missing("TOKEN_KEY")? {
            DEMO_TOKEN_KEY.to_owned()
        } else {
            let key = env::var("TOKEN_KEY").ok();
            key.context("TOKEN_KEY is not valid UTF-8")?
        };
        let token_key = TokenKey::new(key.as_bytes()).context("invalid TOKEN_KEY")?;
        // Rejects blank keys and newlines.
        self.secret("TOKEN_KEY", DEMO_TOKEN_KEY)?;
        Ok(token_key)
    }

    /// Returns whether the token key is missing and has its demo value.
    pub(crate) fn has_demo_token_key(self) -> bool {
        self.replaces_missing && env::var_os("TOKEN_KEY").is_none()
    }

    fn secret(self, variable: &str, demo: &str) -> Result<Secret> {
        if self.is_missing(variable)? {
            warn(&format!("{variable} is not set; using its demo value"));
            return Ok(Secret::new(demo)?);
        }
        let secret = Secret::from_env(variable)?;
        if env::var_os(variable).is_some_and(|value| value == demo) {
            self.demo_is_set(variable)?;
        }
        if let Some(reason) = secret.warning() {
            warn(&format!(
                "{variable} is probably not the intended key: {reason}"
            ));
        }
        if secret.is_short() {
            warn(&format!(
                "{variable} is short; use at least 32 random bytes"
            ));
        }
        Ok(secret)
    }

    /// Rejects a public demo value, or warns about it.
    fn demo_is_set(self, variable: &str) -> Result<()> {
        if !self.accepts_demo {
            bail!("{variable} has its public demo value, which needs a loopback address");
        }
        warn(&format!("{variable} has its public demo value"));
        Ok(())
    }

    /// Returns whether a variable is not set and has its demo value.
    fn is_missing(self, variable: &str) -> Result<bool> {
        if env::var_os(variable).is_some() {
            return Ok(false);
        }
        if !self.replaces_missing {
            bail!(
                "{variable} is not set; demo values need the embedded database and a loopback address"
            );
        }
        Ok(true)
    }
}

/// Warns if the host cannot create upload forms.
pub(crate) fn warn_about_uploads(cloud: &Cloud, public_url: Option<&PublicUrl>) {
    if cloud.api_key().is_none() {
        warn("the API key is not set in CLOUDINARY_URL; there are no upload forms (501)");
    } else if public_url.is_none() {
        warn("--public-url is not set; there are no upload forms (501)");
    }
}
