//! `verify`: verifies the signature and the token of a URL.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use url_signer::cloudinary::explain::TokenVerdict;
use url_signer::cloudinary::{Cloud, DeliveryUrl};

use crate::explain::Arguments;
use crate::warning::warn;

pub(crate) fn run(
    arguments: &Arguments,
    cloud: &Cloud,
    now: i64,
    output: &mut impl Write,
) -> Result<ExitCode> {
    let explanation = arguments.explain(cloud, now);
    if let Some(cause) = explanation.likely_cause() {
        writeln!(output, "not verified: {cause}")?;
        return Ok(ExitCode::FAILURE);
    }
    if matches!(explanation.token(), TokenVerdict::NotVerified) {
        warn("the access token was not verified: the configuration has no `auth_token[key]`");
    }
    if let Some(verified) = explanation.verified() {
        writeln!(output, "verified: {}", verified.signed_path())?;
    } else {
        let path = explanation.parts().map_or("", DeliveryUrl::path);
        writeln!(output, "verified by its access token: {path}")?;
    }
    Ok(ExitCode::SUCCESS)
}
