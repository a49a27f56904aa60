//! `batch`: one URL per line of JSON.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde::Deserialize;
use serde_json::{Map, Value};
use url_signer::cloudinary::PathEncoding;
use url_signer::cloudinary::sdk::{Sdk, SdkUrl};

use crate::Arguments;
use crate::account::{PATH_ENCODING, sdk};
use crate::lines::{answer_lines, parse_object};
use crate::warning::warn;

pub(crate) const HELP: &str = "\
Each line of the input is a JSON object:
  public_id       the public id, or the remote URL for the type `fetch`
  options         the options of the Cloudinary SDKs, such as type, version and
                  sign_url; they override the configuration
  transformation  the transformation as written in the URL; if it is missing, the
                  options define the transformation, as in the SDKs
Each line of the output is a URL, or `error: ` and the reason. URLs equal those of
the SDKs. A warning on standard error names the line and a key that is ignored, or the
position of what Cloudinary rejects or parses differently, such as an empty parameter.";

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    public_id: Cow<'a, str>,
    #[serde(default)]
    options: Option<Map<String, Value>>,
    #[serde(borrow, default)]
    transformation: Option<Cow<'a, str>>,
    #[serde(flatten)]
    unknown: Map<String, Value>,
}

#[derive(Args)]
pub(crate) struct Options {
    #[arg(long, value_name = "FORM", default_value = "encoded", help = PATH_ENCODING)]
    path_encoding: PathEncoding,
}

pub(crate) fn run(
    arguments: &Arguments,
    options: &Options,
    now: i64,
    output: &mut impl Write,
) -> Result<ExitCode> {
    let sdk = sdk(arguments)?
        .with_now(now)
        .with_path_encoding(options.path_encoding);
    for warning in sdk.warnings() {
        warn(warning);
    }
    answer_lines(output, |line, warn| url(&sdk, line, warn))
}

fn url(sdk: &Sdk, line: &[u8], warn: &dyn Fn(&dyn Display)) -> Result<SdkUrl> {
    let line: Line<'_> = parse_object(line)?;
    for key in line.unknown.keys() {
        warn(&format_args!(
            "unknown key `{}` is ignored",
            key.escape_debug()
        ));
    }
    let options = line.options.unwrap_or_default();
    let url = match &line.transformation {
        Some(transformation) => {
            sdk.url_with_raw_transformation(&line.public_id, transformation, &options)
        }
        None => sdk.url(&line.public_id, &options),
    }?;
    for warning in url.warnings() {
        warn(warning);
    }
    Ok(url)
}
