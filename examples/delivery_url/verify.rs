//! `verify`: whether the account has signed a URL.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use url_signer::cloudinary::DeliveryUrl;

use crate::account::{Account, warn};
use crate::verdict::{Asked, TokenVerdict, Verdict};

pub(crate) fn run(
    asked: &Asked,
    account: &Account,
    now: i64,
    output: &mut impl Write,
) -> Result<ExitCode> {
    let url = match DeliveryUrl::parse(&asked.url) {
        Ok(url) => url,
        Err(error) => {
            writeln!(output, "not verified: {error}")?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let verdict = Verdict::of(account, &asked.url, &url, asked.ip, now);
    if let Some(reason) = verdict.reasons.first() {
        writeln!(output, "not verified: {reason}")?;
        return Ok(ExitCode::FAILURE);
    }
    if matches!(verdict.token, TokenVerdict::NotTried) {
        warn("its access token was not tried: the configuration has no `auth_token[key]`");
    }
    match &verdict.signed {
        Some(verified) => writeln!(output, "verified: {}", verified.signed_path())?,
        None => writeln!(output, "verified by its access token: {}", url.path())?,
    }
    Ok(ExitCode::SUCCESS)
}
