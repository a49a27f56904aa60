//! The account and its secrets, from the environment or from files. Arguments
//! never contain secrets, because other users of the machine can read them.

use std::env;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use url_signer::Secret;
use url_signer::cloudinary::{Cloud, sdk::Sdk};

use crate::Arguments;
use crate::warning::warn;

pub(crate) const HELP: &str = "\
The account is configured by environment variables, or by a configuration file
with one variable per line:
  CLOUDINARY_URL=cloudinary://<key>:<secret>@<cloud>[/<distribution>][?<option>=<value>&…]
or
  CLOUDINARY_CLOUD_NAME=<cloud>
  CLOUDINARY_API_SECRET=<secret>
  CLOUDINARY_<OPTION>=<value>
The options are those of the Cloudinary SDKs. The option auth_token[key] is the
key of access tokens, in hexadecimal.";

pub(crate) const PATH_ENCODING: &str = "\
Form in which paths are signed: encoded (SDKs for Python, Node, Java), decoded (Ruby), raw (PHP, Go) or dotnet";

/// The account with all keys.
pub(crate) struct Account {
    pub(crate) cloud: Cloud,
}

impl Account {
    pub(crate) fn load(arguments: &Arguments) -> Result<Self> {
        let mut cloud = match &arguments.configuration {
            Some(file) => {
                let text = read(file)?;
                Cloud::from_vars(variables(&text, file)?)
                    .with_context(|| file.display().to_string())?
            }
            None => Cloud::from_env()?,
        };
        for warning in cloud.warnings() {
            warn(warning);
        }
        if let Some(file) = &arguments.retired_secrets {
            let text = read(file)?;
            let secrets = text.lines().filter(|secret| !secret.is_empty());
            for (index, secret) in secrets.enumerate() {
                let secret = || Secret::new(secret);
                if let Some(reason) = secret()?.warning() {
                    let number = index + 1;
                    warn(format_args!(
                        "retired secret {number} is probably not the intended secret: {reason}"
                    ));
                }
                cloud = cloud.with_retired_key(secret()?);
            }
        }
        Ok(Self { cloud })
    }
}

/// Returns the SDK layer with the configured options, if there are any.
pub(crate) fn sdk(arguments: &Arguments) -> Result<Sdk> {
    if let Some(file) = &arguments.configuration {
        let text = read(file)?;
        return Sdk::from_vars(variables(&text, file)?).with_context(|| file.display().to_string());
    }
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    if is_set("CLOUDINARY_URL") || is_set("CLOUDINARY_CLOUD_NAME") {
        Ok(Sdk::from_env()?)
    } else {
        Ok(Sdk::new())
    }
}

/// Parses the lines of a file: `NAME=value`, or a single `cloudinary://…`.
fn variables<'a>(text: &'a str, file: &Path) -> Result<Vec<(&'a str, &'a str)>> {
    let mut variables = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with("cloudinary://") {
            variables.push(("CLOUDINARY_URL", line));
            continue;
        }
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once('=') else {
            // The line may be a secret, so it is not shown.
            bail!("{}: line {} has no `=`", file.display(), index + 1);
        };
        variables.push((name.trim(), unquoted(value.trim())));
    }
    Ok(variables)
}

fn unquoted(value: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(value)
}

pub(crate) fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}
