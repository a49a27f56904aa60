//! `verify`: verifies the signature and the token of a URL.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use url_signer::cloudinary::DeliveryUrl;

use crate::account::{Account, warn};
use crate::verdict::{Arguments, TokenVerdict, Verdict};

pub(crate) fn run(
    arguments: &Arguments,
    account: &Account,
    now: i64,
    output: &mut impl Write,
) -> Result<ExitCode> {
    let url = match DeliveryUrl::parse(&arguments.url) {
        Ok(url) => url,
        Err(error) => {
            writeln!(output, "not verified: {error}")?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let verdict = Verdict::of(account, &arguments.url, &url, arguments.ip, now);
    if let Some(reason) = verdict.reasons.first() {
        writeln!(output, "not verified: {reason}")?;
        return Ok(ExitCode::FAILURE);
    }
    if matches!(verdict.token, TokenVerdict::NotVerified) {
        warn("the access token was not verified: the configuration has no `auth_token[key]`");
    }
    match &verdict.signed {
        Some(verified) => writeln!(output, "verified: {}", verified.signed_path())?,
        None => writeln!(output, "verified by its access token: {}", url.path())?,
    }
    Ok(ExitCode::SUCCESS)
}
