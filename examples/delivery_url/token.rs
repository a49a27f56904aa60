//! `token`: signs and verifies access tokens.

use std::io::Write;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use url_signer::Secret;
use url_signer::cloudinary::{Acl, TokenClaims, TokenContext, TokenScope, TokenSigner};

use crate::account::{Account, read};

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

    /// Pattern of authorized paths, with `*` as a wildcard; may be repeated
    #[arg(long, required_unless_present = "url")]
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
    #[arg(long)]
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

/// Rejects a text that is not the path of a request: no request would match the token.
fn parse_path(text: &str) -> Result<String, String> {
    if !text.starts_with('/') {
        if let Some((_, rest)) = text.split_once("://") {
            let path = rest.find('/').and_then(|start| rest.get(start..));
            return Err(match path {
                Some(path) => format!("expected a path, not a URL; use `{path}`"),
                None => "expected a path, not a URL".to_owned(),
            });
        }
        return Err("expected a path that begins with `/`".to_owned());
    }
    for (position, char) in text.char_indices() {
        let reason = match char {
            '?' => "a token authorizes a path without its query".to_owned(),
            '#' => "percent-encode it as `%23`, or omit the fragment".to_owned(),
            '%' if !is_percent_encoded(text, position) => "percent-encode it as `%25`".to_owned(),
            '"' | '<' | '>' | '\\' | '`' | '{' | '|' | '}' => encoding_of(char),
            char if !char.is_ascii_graphic() => encoding_of(char),
            _ => continue,
        };
        return Err(format!("unexpected {char:?} at byte {position}; {reason}"));
    }
    let is_dot_segment = |segment: &str| {
        let decoded = segment.replace("%2e", ".").replace("%2E", ".");
        decoded == "." || decoded == ".."
    };
    if text.split('/').any(is_dot_segment) {
        return Err("unexpected dot segment (`.` or `..`), which clients resolve".to_owned());
    }
    Ok(text.to_owned())
}

fn is_percent_encoded(text: &str, position: usize) -> bool {
    let digits = text.as_bytes().get(position + 1..position + 3);
    digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

fn encoding_of(char: char) -> String {
    let mut buffer = [0; 4];
    let encoded = percent_encode(char.encode_utf8(&mut buffer).as_bytes(), NON_ALPHANUMERIC);
    format!("percent-encode it as `{encoded}`")
}
