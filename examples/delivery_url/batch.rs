//! `batch`: one URL per line of JSON.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, ensure};
use clap::Args;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};
use url_signer::cloudinary::PathEncoding;
use url_signer::cloudinary::sdk::{Sdk, SdkUrl};

use crate::Arguments;
use crate::account::{PATH_ENCODING, sdk, warn};

pub(crate) const HELP: &str = "\
Each line of the input is a JSON object:
  public_id       the public id, or the remote URL for the type `fetch`
  options         the options of the Cloudinary SDKs, such as type, version and
                  sign_url; they override the configuration
  transformation  the transformation as written in the URL; if it is missing, the
                  options define the transformation, as in the SDKs
Other keys are errors. Each line of the output is a URL, or `error: ` and the reason. URLs equal those of
the SDKs. A warning on standard error names the line and the position of what
Cloudinary rejects or parses differently, such as an empty parameter.";

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    public_id: Cow<'a, str>,
    #[serde(default)]
    options: Option<Map<String, Value>>,
    #[serde(borrow, default)]
    transformation: Option<Cow<'a, str>>,
    #[serde(flatten)]
    unknown: BTreeMap<String, IgnoredAny>,
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
        warn(&warning.to_string());
    }
    let mut input = io::stdin().lock();
    let mut line = Vec::new();
    let mut failed = false;
    for number in 1_u64.. {
        line.clear();
        let read = input
            .read_until(b'\n', &mut line)
            .context("cannot read standard input")?;
        if read == 0 {
            break;
        }
        let warn_of_line = |warning: &dyn Display| warn(&format!("line {number}: {warning}"));
        match url(&sdk, &line, &warn_of_line) {
            Ok(url) => {
                for warning in url.warnings() {
                    warn_of_line(warning);
                }
                writeln!(output, "{url}")?;
            }
            Err(error) => {
                failed = true;
                // Each input line has exactly one output line.
                let error = format!("{error:#}").replace(['\n', '\r'], " ");
                writeln!(output, "error: {error}")?;
            }
        }
    }
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn url(sdk: &Sdk, line: &[u8], warn: &dyn Fn(&dyn Display)) -> Result<SdkUrl> {
    let line = line.trim_ascii();
    ensure!(line.starts_with(b"{"), "the line is not a JSON object");
    let line: Line<'_> = serde_json::from_slice(line).map_err(|error| {
        let error = error.to_string();
        anyhow!("{}", error.replace(" at line 1 column ", " at column "))
    })?;
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
    };
    Ok(url?)
}
