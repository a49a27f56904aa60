//! The option `auth_token` of the SDKs.

use std::net::IpAddr;

use super::error::{CloudError, ConfigurationWarning};
use super::option_value::OptionValue;
use crate::cloudinary::token::{Acl, TokenClaims, TokenClaimsError, TokenScope, TokenSigner};
use crate::secret::{KeyRing, Secret};

/// The keys of `auth_token` that are set.
#[derive(Clone, Debug, Default)]
pub(crate) struct TokenSettings {
    key: Option<Secret>,
    name: Option<String>,
    ip: Option<String>,
    start: Option<i64>,
    expiration: Option<i64>,
    duration: Option<i64>,
    acl: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) set_url_signature: Option<bool>,
}

impl TokenSettings {
    /// Sets a key of `auth_token`. Returns `false` if the key is unknown.
    pub(crate) fn set(&mut self, key: &str, value: OptionValue<'_>) -> Result<bool, CloudError> {
        let expected = |expected| CloudError::OptionValue {
            option: format!("auth_token[{key}]"),
            expected,
        };
        let integer = || value.integer().map(Some).map_err(expected);
        let text = || value.text().map_err(expected);
        match key {
            "key" => self.key = Some(Secret::from_hex(text()?).map_err(CloudError::TokenKey)?),
            "token_name" => self.name = Some(text()?.to_owned()),
            "ip" => {
                let ip = text()?;
                // The SDKs also sign an empty address, which matches no client.
                if !ip.is_empty() && ip.parse::<IpAddr>().is_err() {
                    return Err(TokenClaimsError::Ip(ip.to_owned()).into());
                }
                self.ip = Some(ip.to_owned());
            }
            "start_time" => self.start = integer()?,
            "expiration" => self.expiration = integer()?,
            "duration" => self.duration = integer()?,
            "acl" => self.acl = Some(text()?.to_owned()),
            "url" => self.url = Some(text()?.to_owned()),
            "set_url_signature" => {
                self.set_url_signature = Some(value.boolean().map_err(expected)?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Sets several patterns, any of which authorizes a path.
    #[cfg(feature = "sdk")]
    pub(crate) fn set_acl(&mut self, patterns: &[&str]) {
        self.acl = Some(patterns.join("!"));
    }

    /// Returns whether no token is configured.
    #[cfg(feature = "sdk")]
    pub(crate) const fn is_empty(&self) -> bool {
        self.key.is_none() && self.expiration.is_none() && self.duration.is_none()
    }

    pub(crate) fn signer(&self) -> Result<Option<TokenSigner>, CloudError> {
        let Some(key) = &self.key else {
            return Ok(None);
        };
        let signer = TokenSigner::new(KeyRing::new(key.clone()));
        Ok(Some(match &self.name {
            Some(name) => signer.with_name(name)?,
            None => signer,
        }))
    }

    /// Returns the claims, as unchecked as in the SDKs. Returns `None` without an
    /// expiration. A duration counts from the start, or from `now`.
    pub(crate) fn claims(&self, now: Option<i64>) -> Option<TokenClaims> {
        let expiration = self
            .expiration
            .or_else(|| self.start.or(now)?.checked_add(self.duration?))?;
        Some(TokenClaims {
            ip: self.ip.clone(),
            start: self.start,
            expiration,
        })
    }

    /// Rejects claims that never authorize a request.
    fn check_claims(&self) -> Result<(), CloudError> {
        if self.duration.is_some_and(|duration| duration <= 0) {
            return Err(CloudError::OptionValue {
                option: "auth_token[duration]".to_owned(),
                expected: "a positive number",
            });
        }
        match (self.start, self.expiration) {
            (Some(start), Some(expiration)) if start >= expiration => {
                Err(TokenClaimsError::Start { start, expiration }.into())
            }
            _ => Ok(()),
        }
    }

    /// Returns whether keys are set that have no effect without `key`.
    pub(crate) const fn lacks_key(&self) -> bool {
        self.key.is_none()
            && (self.name.is_some()
                || self.ip.is_some()
                || self.start.is_some()
                || self.expiration.is_some()
                || self.duration.is_some()
                || self.acl.is_some()
                || self.url.is_some()
                || self.set_url_signature.is_some())
    }

    /// Returns a warning for each option that does not affect the tokens of a cloud.
    pub(crate) fn ignored_options(&self) -> impl Iterator<Item = ConfigurationWarning> {
        let has_expiration = self.expiration.is_some();
        let ignored = [
            (
                self.url.is_some(),
                "url",
                "a token authorizes the URL that it is added to, or the acl",
            ),
            (
                self.set_url_signature.is_some(),
                "set_url_signature",
                "the caller decides whether a URL with a token has a signature",
            ),
            (
                has_expiration && self.duration.is_some(),
                "duration",
                "`auth_token[expiration]` is set",
            ),
        ];
        ignored
            .into_iter()
            .filter(|(is_ignored, ..)| *is_ignored)
            .map(|(_, option, reason)| ConfigurationWarning::TokenOptionIgnored { option, reason })
    }

    pub(crate) fn acl(&self) -> Result<Option<Acl>, CloudError> {
        self.acl
            .as_deref()
            .map(|acl| Acl::new(acl).map_err(CloudError::from))
            .transpose()
    }
}

/// The access token settings of a configuration: the signer, the acl and the default
/// claims.
///
/// ```
/// use url_signer::cloudinary::{Asset, Cloud, Transformation};
///
/// let cloud: Cloud = "cloudinary://key:abcd@demo?auth_token[key]=00112233FF99&auth_token[duration]=300".parse()?;
/// let tokens = cloud.token_defaults().ok_or("no token key")?;
/// let claims = tokens.claims(1_700_000_000).ok_or("no expiration")?;
/// let asset = Asset::new("sample")?;
/// let url = cloud.delivery(&asset, Transformation::NONE).authorize(tokens.signer(), &claims);
/// assert!(url.to_string().contains("/sample?__cld_token__=exp=1700000300~hmac="));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct TokenDefaults {
    signer: TokenSigner,
    acl: Option<Acl>,
    settings: TokenSettings,
}

impl TokenDefaults {
    pub(crate) fn new(signer: TokenSigner) -> Self {
        Self {
            signer,
            acl: None,
            settings: TokenSettings::default(),
        }
    }

    pub(crate) fn with_signer(self, signer: TokenSigner) -> Self {
        Self { signer, ..self }
    }

    pub(crate) fn from_settings(settings: &TokenSettings) -> Result<Option<Self>, CloudError> {
        let Some(signer) = settings.signer()? else {
            return Ok(None);
        };
        settings.check_claims()?;
        Ok(Some(Self {
            signer,
            acl: settings.acl()?,
            settings: settings.clone(),
        }))
    }

    /// Returns the signer and verifier of the tokens.
    #[must_use]
    pub const fn signer(&self) -> &TokenSigner {
        &self.signer
    }

    /// Returns the claims of a token that is created at the time `now`, in Unix
    /// seconds. Returns `None` if the configuration has neither an expiration nor a
    /// duration.
    #[must_use]
    pub fn claims(&self, now: i64) -> Option<TokenClaims> {
        self.settings.claims(Some(now))
    }

    /// Returns the acl of the tokens. Returns `None` if each token authorizes one URL.
    #[must_use]
    pub const fn acl(&self) -> Option<&Acl> {
        self.acl.as_ref()
    }

    /// Returns the scope of a token: the acl, or `path` if no acl is configured.
    #[must_use]
    pub fn scope<'a>(&'a self, path: &'a str) -> TokenScope<'a> {
        self.acl
            .as_ref()
            .map_or(TokenScope::Path(path), TokenScope::Acl)
    }
}
