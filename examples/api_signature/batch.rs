//! `batch`: one call per line of JSON.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Result, bail};
use serde_json::{Map, Value};
use url_signer::cloudinary::Cloud;
use url_signer::cloudinary::api::ApiSignatureVersion;

use crate::fields::Fields;
use crate::lines::{answer_lines, parse_object};
use crate::{download, sign, verify};

pub(crate) const HELP: &str = "\
Each line of the input is a JSON object with the key `call` and the arguments of the call:
  sign_parameters      parameters
                       prints the signature of all parameters, as `api_sign_request` of the
                       SDKs does
  verify_notification  body, timestamp, signature, now and, optionally, valid_for (seconds,
                       by default 7200)
                       prints `true` or `false`; the timestamp is a number or a text
  verify_response      public_id, version, signature
                       prints `true` or `false`
  download_url         kind (private, archive, folder or backup) and options, as the SDKs name
                       them, with a timestamp
                       prints the URL
Each call may have an `algorithm` (sha1 or sha256) and a `signature_version` (1 or 2), which
replace those of the account. Each line of the output is the answer, or `error: ` and the
reason. A warning on standard error names a key that is not used.";

pub(crate) fn run(cloud: &Cloud, output: &mut impl Write) -> Result<ExitCode> {
    let code = answer_lines(output, |line, warn| {
        let (answer, unused) = answer(cloud, line)?;
        for key in unused {
            warn(&format_args!("`{}` is not used", key.escape_debug()));
        }
        Ok(answer)
    })?;
    output.flush()?;
    Ok(code)
}

/// Returns the answer, and the keys that were not used.
fn answer(cloud: &Cloud, line: &[u8]) -> Result<(String, Vec<String>)> {
    let line: Map<String, Value> = parse_object(line)?;
    let fields = Fields::new(&line);
    let cloud = with_settings(cloud, &fields)?;
    let mut unused = Vec::new();
    let answer = match fields.text("call")? {
        "sign_parameters" => sign::signature(&cloud, &fields)?,
        "verify_notification" => verify::notification(&cloud, &fields)?.to_string(),
        "verify_response" => verify::response(&cloud, &fields)?.to_string(),
        "download_url" => download::url(&cloud, &fields, &mut unused)?,
        call => bail!("unknown `call`: `{}`", call.escape_debug()),
    };
    unused.extend(fields.unused());
    Ok((answer, unused))
}

/// Applies the settings of a line.
fn with_settings(cloud: &Cloud, fields: &Fields<'_>) -> Result<Cloud> {
    let mut cloud = with_version(cloud.clone(), fields)?;
    if let Some(algorithm) = fields.optional_text("algorithm")? {
        cloud = cloud.with_signature_algorithm(algorithm.parse()?);
    }
    Ok(cloud)
}

/// Applies the version of signatures, which a line or its options may set.
pub(crate) fn with_version(cloud: Cloud, fields: &Fields<'_>) -> Result<Cloud> {
    match fields.optional_integer("signature_version")? {
        None => Ok(cloud),
        Some(1) => Ok(cloud.with_api_signature_version(ApiSignatureVersion::V1)),
        Some(2) => Ok(cloud.with_api_signature_version(ApiSignatureVersion::V2)),
        Some(_) => bail!("invalid `signature_version`: expected 1 or 2"),
    }
}
