//! `verify_notification` and `verify_response`.

use anyhow::{Context, Result, ensure};
use url_signer::cloudinary::Cloud;

use crate::fields::Fields;

pub(crate) fn notification(cloud: &Cloud, fields: &Fields<'_>) -> Result<bool> {
    let body = fields.text("body")?.as_bytes();
    let timestamp = fields.text_or_number("timestamp")?;
    let signature = signature(fields)?;
    let now = fields.integer("now")?;
    let verified = match fields.optional_integer("valid_for")? {
        Some(seconds) => {
            let seconds = seconds
                .try_into()
                .ok()
                .context("invalid `valid_for`: expected a number of seconds")?;
            cloud.verify_webhook_within(seconds, &timestamp, signature, body, now)
        }
        None => cloud.verify_webhook(&timestamp, signature, body, now),
    };
    Ok(verified.is_ok())
}

pub(crate) fn response(cloud: &Cloud, fields: &Fields<'_>) -> Result<bool> {
    let public_id = fields.text("public_id")?;
    let signature = signature(fields)?;
    ensure!(fields.has("version"), "`version` is missing");
    if fields.optional("version").is_none() {
        // Cloudinary signs no response without a version.
        return Ok(false);
    }
    let version = fields.text_or_number("version")?;
    let version = version
        .parse()
        .ok()
        .context("invalid `version`: expected an integer that is not negative")?;
    Ok(cloud.verify_response(public_id, version, signature).is_ok())
}

/// Returns the signature. No message has the signature `null`.
fn signature<'a>(fields: &Fields<'a>) -> Result<&'a str> {
    ensure!(fields.has("signature"), "`signature` is missing");
    Ok(fields.optional_text("signature")?.unwrap_or_default())
}
