//! `batch`: a URL for each line.

use std::borrow::Cow;
use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use anyhow::{Result, anyhow, ensure};
use serde::Deserialize;
use serde_json::{Map, Value};
use url_signer::cloudinary::Transformation;
use url_signer::cloudinary::sdk::{Sdk, SdkUrl};

use crate::Arguments;
use crate::account::{sdk, warn};

pub(crate) const HELP: &str = "\
Each line is an object of
  public_id       the public id, or the URL to fetch from
  options         the options of the provider's SDKs, such as type, version,
                  sign_url; they override the configuration
  transformation  the transformation in its final form; without it, the options
                  say that too, as with the SDKs
and gives a line with its URL, or with `error: ` and what is wrong with it.";

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    public_id: Cow<'a, str>,
    #[serde(default)]
    options: Option<Map<String, Value>>,
    #[serde(borrow, default)]
    transformation: Option<Cow<'a, str>>,
}

pub(crate) fn run(arguments: &Arguments, now: i64, output: &mut impl Write) -> Result<ExitCode> {
    let sdk = sdk(arguments)?.with_now(now);
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
            .map_err(|error| anyhow!("standard input cannot be read: {error}"))?;
        if read == 0 {
            break;
        }
        match url(&sdk, &line) {
            Ok(url) => {
                for warning in url.warnings() {
                    warn(&format!("line {number}: {warning}"));
                }
                writeln!(output, "{url}")?;
            }
            Err(error) => {
                failed = true;
                // One line in, one line out.
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

fn url(sdk: &Sdk, line: &[u8]) -> Result<SdkUrl> {
    let line = line.trim_ascii();
    ensure!(line.starts_with(b"{"), "the line is no object of JSON");
    let line: Line<'_> = serde_json::from_slice(line).map_err(|error| {
        let error = error.to_string();
        anyhow!("{}", error.replace(" at line 1 column ", " at column "))
    })?;
    let options = line.options.unwrap_or_default();
    let url = match &line.transformation {
        Some(transformation) => {
            let transformation = Transformation::verbatim(transformation)?;
            sdk.url_with_transformation(&line.public_id, &transformation, &options)
        }
        None => sdk.url(&line.public_id, &options),
    };
    Ok(url?)
}
