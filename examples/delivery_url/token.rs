//! `token`: signs and verifies access tokens.

use std::io::Write;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use url_signer::Secret;
use url_signer::cloudinary::{Acl, TokenClaims, TokenContext, TokenScope, TokenSigner};

use crate::account::{Account, read};
use crate::request_path::{lower_case_warning, parse_acl, parse_path};
use crate::warning::warn;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Print a token
    Sign(Sign),
    /// Verify that a token authorizes a request; the exit status is 1 if it does not
    Verify(Verify),
}

#[derive(Args)]
struct Key {
    /// File with the key in hexadecimal [default: `auth_token[key]` of the configuration]
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,

    /// Name of the token [default: from the configuration, or `__cld_token__`]
    #[arg(long)]
    name: Option<String>,
}

#[derive(Args)]
pub(crate) struct Sign {
    #[command(flatten)]
    key: Key,

    /// Pattern of authorized paths, percent-encoded, with `*` as a wildcard; may be repeated
    #[arg(long, value_name = "PATTERN", value_parser = parse_acl, required_unless_present = "url")]
    acl: Vec<String>,

    /// Path of the authorized URL, beginning with `/`, percent-encoded and without a query
    #[arg(long, value_name = "PATH", value_parser = parse_path, conflicts_with = "acl")]
    url: Option<String>,

    /// Start of validity in Unix seconds
    #[arg(long, allow_negative_numbers = true)]
    start: Option<i64>,

    /// End of validity in Unix seconds [default: from the configuration]
    #[arg(
        long,
        allow_negative_numbers = true,
        required_unless_present = "duration"
    )]
    expires: Option<i64>,

    /// Duration of validity in seconds, from the start or from now
    #[arg(long, conflicts_with = "expires")]
    duration: Option<u64>,

    /// IP address that may use the token
    #[arg(long, value_parser = parse_ip)]
    ip: Option<IpAddr>,
}

#[derive(Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    key: Key,

    /// Token with its name: `__cld_token__=…`
    token: String,

    /// Path of the request, beginning with `/`
    #[arg(long)]
    path: String,

    /// IP address of the client
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
                let scope = acl.as_ref().map_or(TokenScope::Path(url), TokenScope::Acl);
                let claims = sign.claims(claims, now)?;
                sign.warn(&claims, now);
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
    /// Returns the signer and the configured claims.
    fn signer(
        &self,
        arguments: &crate::Arguments,
        now: i64,
    ) -> Result<(TokenSigner, Option<TokenClaims>)> {
        let (signer, claims) = if let Some(file) = &self.key_file {
            let key =
                Secret::from_hex(read(file)?.trim()).with_context(|| file.display().to_string())?;
            (TokenSigner::new(key), None)
        } else {
            let cloud = Account::load(arguments)?.cloud;
            let tokens = cloud
                .token_defaults()
                .context("no key: use `--key-file` or configure `auth_token[key]`")?;
            (tokens.signer().clone(), tokens.claims(now))
        };
        match &self.name {
            Some(name) => Ok((signer.with_name(name)?, claims)),
            None => Ok((signer, claims)),
        }
    }
}

impl Sign {
    /// Warns about a token that is probably not the intended one.
    fn warn(&self, claims: &TokenClaims, now: i64) {
        let texts = self.acl.iter().chain(&self.url);
        for warning in texts.filter_map(|text| lower_case_warning(text)) {
            warn(warning);
        }
        warn_if_expired(claims, now);
    }

    fn claims(&self, configured: Option<TokenClaims>, now: i64) -> Result<TokenClaims> {
        let mut claims = match (self.expires, self.duration) {
            (Some(expires), _) => TokenClaims::expires_at(expires),
            (None, Some(0)) => bail!("`--duration` must be at least 1"),
            (None, Some(duration)) => TokenClaims::expires_in(duration, self.start.unwrap_or(now))?,
            (None, None) => configured.context("no expiration: use `--expires` or `--duration`")?,
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

/// Warns about a token that is never valid.
pub(crate) fn warn_if_expired(claims: &TokenClaims, now: i64) {
    if claims.expiration() <= now {
        warn(format_args!("the token expired at {}", claims.expiration()));
    }
}

/// Parses the address of a client. Rejects addresses that no request comes from.
fn parse_ip(text: &str) -> Result<IpAddr, String> {
    let ip: IpAddr = text
        .parse()
        .map_err(|_| "invalid IP address; a token allows no networks".to_owned())?;
    let is_broadcast = matches!(ip, IpAddr::V4(ip) if ip.is_broadcast());
    if ip.is_unspecified() || ip.is_multicast() || is_broadcast {
        return Err("no client has this address".to_owned());
    }
    if ip.to_canonical() != ip {
        return Err(format!("write it as `{}`", ip.to_canonical()));
    }
    Ok(ip)
}
