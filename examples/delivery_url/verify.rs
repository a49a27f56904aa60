//! `verify`: whether the account has signed a URL.

use std::io::Write;
use std::net::IpAddr;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use url_signer::cloudinary::DeliveryUrl;

use crate::account::{Account, warn};
use crate::verdict::{TokenVerdict, Verdict};

#[derive(Args)]
pub(crate) struct Arguments {
    /// The URL with its query, if it has one
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
        let url = match DeliveryUrl::parse(&self.url) {
            Ok(url) => url,
            Err(error) => {
                writeln!(output, "not verified: {error}")?;
                return Ok(ExitCode::FAILURE);
            }
        };
        let verdict = Verdict::of(account, &self.url, &url, self.ip, now);
        if let Some(reason) = verdict.reasons.first() {
            writeln!(output, "not verified: {reason}")?;
            return Ok(ExitCode::FAILURE);
        }
        if matches!(verdict.token, TokenVerdict::NotTried) {
            warn("its access token was not tried: the configuration has no `auth_token[key]`");
        }
        match &verdict.signed {
            Some(verified) => writeln!(output, "verified: {}", verified.signed())?,
            None => writeln!(output, "verified by its access token: {}", url.path())?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
