//! `token`: access tokens on their own.

use std::io::Write;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, Subcommand};
use url_signer::Secret;
use url_signer::cloudinary::{Acl, TokenClaims, TokenContext, TokenScope, TokenSigner};

use crate::account::{Account, read};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Prints a token
    Sign(Sign),
    /// Tells whether a token lets a request in: exit status 0, or 1 with the reason
    Verify(Verify),
}

#[derive(Args)]
struct Key {
    /// File with the key in hex [default: `auth_token[key]` of the configuration]
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,

    /// Name of the token [default: as configured, or `__cld_token__`]
    #[arg(long)]
    name: Option<String>,
}

#[derive(Args)]
pub(crate) struct Sign {
    #[command(flatten)]
    key: Key,

    /// Paths that it is for, `*` being anything; may be given again
    #[arg(long, required_unless_present = "url")]
    acl: Vec<String>,

    /// Path of the one URL that it is for, from the `/` after the host
    #[arg(long, conflicts_with = "acl")]
    url: Option<String>,

    /// Unix seconds from which it is valid
    #[arg(long, allow_negative_numbers = true)]
    start: Option<i64>,

    /// Unix seconds from which it is valid no more [default: as configured]
    #[arg(
        long,
        allow_negative_numbers = true,
        required_unless_present = "duration"
    )]
    expires: Option<i64>,

    /// Seconds for which it is valid, from its start or from now
    #[arg(long, conflicts_with = "expires")]
    duration: Option<u64>,

    /// The one address from which it is valid
    #[arg(long)]
    ip: Option<IpAddr>,
}

#[derive(Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    key: Key,

    /// The token with its name: `__cld_token__=…`
    token: String,

    /// Path that is asked for, from the `/` after the host
    #[arg(long)]
    path: String,

    /// Address that the request comes from
    #[arg(long)]
    ip: Option<IpAddr>,
}

impl Command {
    pub(crate) fn run(
        &self,
        arguments: &crate::Arguments,
        now: i64,
        output: &mut impl Write,
    ) -> Result<ExitCode> {
        match self {
            Self::Sign(sign) => {
                let (signer, claims) = sign.key.signer(arguments, now)?;
                let acl = (!sign.acl.is_empty())
                    .then(|| Acl::any_of(&sign.acl))
                    .transpose()?;
                let url = sign.url.as_deref().unwrap_or_default();
                let scope = acl.as_ref().map_or(TokenScope::Url(url), TokenScope::Acl);
                let claims = sign.claims(claims, now)?;
                writeln!(output, "{}", signer.sign(&claims, scope))?;
            }
            Self::Verify(verify) => {
                let (signer, _) = verify.key.signer(arguments, now)?;
                let mut context = TokenContext::new(now);
                context.ip = verify.ip;
                if let Err(error) = signer.verify(&verify.token, &verify.path, &context) {
                    writeln!(output, "not verified: {error}")?;
                    return Ok(ExitCode::FAILURE);
                }
                writeln!(output, "verified")?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Key {
    /// What signs, and the configured claims.
    fn signer(
        &self,
        arguments: &crate::Arguments,
        now: i64,
    ) -> Result<(TokenSigner, Option<TokenClaims>)> {
        let (signer, claims) = if let Some(file) = &self.key_file {
            let key = Secret::from_hex(read(file)?.trim())
                .map_err(|error| anyhow!("{}: {error}", file.display()))?;
            (TokenSigner::new(key), None)
        } else {
            let cloud = Account::load(arguments)?.cloud;
            let tokens = cloud.token_defaults().context(
                "there is no `--key-file`, and the configuration has no `auth_token[key]`",
            )?;
            (tokens.signer().clone(), tokens.claims(now))
        };
        match &self.name {
            Some(name) => Ok((signer.with_name(name)?, claims)),
            None => Ok((signer, claims)),
        }
    }
}

impl Sign {
    fn claims(&self, configured: Option<TokenClaims>, now: i64) -> Result<TokenClaims> {
        let mut claims = match (self.expires, self.duration) {
            (Some(expires), _) => TokenClaims::expires_at(expires),
            (None, Some(0)) => bail!("`--duration 0` lets nobody in"),
            (None, Some(duration)) => TokenClaims::expires_in(duration, self.start.unwrap_or(now))?,
            (None, None) => configured
                .context("there is neither `--expires` nor `--duration`, and none is configured")?,
        };
        if let Some(start) = self.start {
            claims = claims.not_before(start)?;
        }
        if let Some(ip) = self.ip {
            claims = claims.with_ip(&ip.to_string())?;
        }
        Ok(claims)
    }
}
