//! `token`: access tokens on their own.

use std::io::Write;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use url_signer::Secret;
use url_signer::cloudinary::{Acl, TokenRequest, TokenScope, TokenSigner, TokenTerms};

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

    /// Path of the one URL that it is for
    #[arg(long, conflicts_with = "acl")]
    url: Option<String>,

    /// Unix seconds from which it is valid
    #[arg(long, allow_negative_numbers = true)]
    start: Option<i64>,

    /// Unix seconds from which it is valid no more
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

    token: String,

    /// Path that is asked for
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
                let signer = sign.key.signer(arguments)?;
                let acl = (!sign.acl.is_empty())
                    .then(|| Acl::any_of(&sign.acl))
                    .transpose()?;
                let url = sign.url.as_deref().unwrap_or_default();
                let scope = acl.as_ref().map_or(TokenScope::Url(url), TokenScope::Acl);
                writeln!(output, "{}", signer.sign(&sign.terms(now)?, scope))?;
            }
            Self::Verify(verify) => {
                let signer = verify.key.signer(arguments)?;
                let request = TokenRequest {
                    path: &verify.path,
                    ip: verify.ip,
                    now,
                };
                if let Err(error) = signer.verify(&verify.token, &request) {
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
    fn signer(&self, arguments: &crate::Arguments) -> Result<TokenSigner> {
        let signer = match &self.key_file {
            Some(file) => {
                let key = read(file)?;
                let key =
                    Secret::from_hex(key.trim()).with_context(|| file.display().to_string())?;
                TokenSigner::new(key)
            }
            None => Account::load(arguments)?
                .cloud
                .token_defaults()
                .context(
                    "there is no `--key-file`, and the configuration has no `auth_token[key]`",
                )?
                .signer()
                .clone(),
        };
        match &self.name {
            Some(name) => Ok(signer.with_name(name)?),
            None => Ok(signer),
        }
    }
}

impl Sign {
    fn terms(&self, now: i64) -> Result<TokenTerms> {
        let mut terms = match (self.expires, self.duration) {
            (Some(expires), _) => TokenTerms::until(expires),
            (None, duration) => {
                TokenTerms::lasting(duration.unwrap_or_default(), self.start.unwrap_or(now))?
            }
        };
        if let Some(start) = self.start {
            terms = terms.starting(start)?;
        }
        if let Some(ip) = self.ip {
            terms = terms.for_ip(&ip.to_string())?;
        }
        Ok(terms)
    }
}
