//! `verify`: whether the account has signed a URL.

use std::io::Write;
use std::net::IpAddr;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use url_signer::cloudinary::{DeliveryUrl, Token, TokenDefaults, TokenRequest};

use crate::account::Account;
use crate::diagnosis::diagnose;

#[derive(Args)]
pub(crate) struct Arguments {
    url: String,

    /// Address that the request comes from, for tokens that are for one
    #[arg(long)]
    ip: Option<IpAddr>,
}

impl Arguments {
    pub(crate) fn run(
        &self,
        account: &Account,
        now: i64,
        output: &mut impl Write,
    ) -> Result<ExitCode> {
        match verify(account, &self.url, self.ip, now) {
            Ok(what) => {
                writeln!(output, "verified: {what}")?;
                Ok(ExitCode::SUCCESS)
            }
            Err(reason) => {
                writeln!(output, "not verified: {reason}")?;
                Ok(ExitCode::FAILURE)
            }
        }
    }
}

/// What was signed, or the reason why nothing of it counts: for the eyes of
/// who holds the secret.
fn verify(account: &Account, text: &str, ip: Option<IpAddr>, now: i64) -> Result<String, String> {
    let url = DeliveryUrl::parse(text).map_err(|error| error.to_string())?;
    let query = url.query().unwrap_or_default();
    let token = token_of(query, account.cloud.token_defaults());
    let signature = match account.cloud.verify(text) {
        Ok(verified) => Some(verified.signed().into_owned()),
        // A URL may have a token instead of a signature.
        Err(_) if url.signature().is_none() && token.is_some() => None,
        Err(_) => {
            let likely = diagnose(account, text);
            return Err(likely.into_iter().next().unwrap_or_else(|| {
                "no secret of this account gave this signature, whatever was tried".to_owned()
            }));
        }
    };
    if let Some((text, tokens)) = token {
        let path = url.path();
        tokens
            .signer()
            .verify(text, &TokenRequest { path, ip, now })
            .map_err(|error| format!("access token: {error}"))?;
    }
    Ok(signature.unwrap_or_else(|| url.path().to_owned()))
}

/// The token in a query, if the account has a key for it.
pub(crate) fn token_of<'a>(
    query: &'a str,
    tokens: Option<&'a TokenDefaults>,
) -> Option<(&'a str, &'a TokenDefaults)> {
    let tokens = tokens?;
    query
        .split('&')
        .find(|pair| Token::parse(pair).is_ok_and(|token| token.name() == tokens.signer().name()))
        .map(|token| (token, tokens))
}
