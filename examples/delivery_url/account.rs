//! The account and its secrets: from the environment or from files, never from
//! an argument, which other users of the machine can read.

use std::env;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result};
use url_signer::Secret;
use url_signer::cloudinary::{Cloud, sdk::Sdk};

use crate::Arguments;

pub(crate) const HELP: &str = "\
The account and its secret come from the environment, or from the lines of the
configuration file, which are of the same form:
  CLOUDINARY_URL=cloudinary://<key>:<secret>@<cloud>[/<distribution>][?<option>=<value>&…]
or, in place of it,
  CLOUDINARY_CLOUD_NAME=<cloud>
  CLOUDINARY_API_SECRET=<secret>
  CLOUDINARY_<OPTION>=<value>
with the options of the provider's SDKs. The key of access tokens is the option
auth_token[key], in hex.";

/// The account with all of its keys, and with each one alone.
pub(crate) struct Account {
    pub(crate) cloud: Cloud,
    /// Each key by its name.
    pub(crate) keys: Vec<(String, Cloud)>,
}

impl Account {
    pub(crate) fn load(arguments: &Arguments) -> Result<Self> {
        let mut cloud = match &arguments.configuration {
            Some(file) => Cloud::from_vars(variables(&read(file)?))
                .with_context(|| file.display().to_string())?,
            None => Cloud::from_env()?,
        };
        for warning in cloud.warnings() {
            warn(&warning.to_string());
        }
        let mut keys = vec![("the signing secret".to_owned(), cloud.clone())];
        if let Some(file) = &arguments.retired_secrets {
            for (index, secret) in read(file)?.lines().enumerate() {
                let secret = || Secret::new(secret);
                let name = format!("retired secret {}", index + 1);
                let context = || format!("{}: {name}", file.display());
                let alone = cloud.clone().with_keys(secret().with_context(context)?);
                keys.push((name.clone(), alone));
                cloud = cloud.with_retired_key(secret().with_context(context)?);
            }
        }
        Ok(Self { cloud, keys })
    }
}

/// The SDKs as they are configured, or without a configuration if there is none.
pub(crate) fn sdk(arguments: &Arguments) -> Result<Sdk> {
    if let Some(file) = &arguments.configuration {
        let text = read(file)?;
        return Sdk::from_vars(variables(&text)).with_context(|| file.display().to_string());
    }
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    if is_set("CLOUDINARY_URL") || is_set("CLOUDINARY_CLOUD_NAME") {
        Ok(Sdk::from_env()?)
    } else {
        Ok(Sdk::new())
    }
}

/// The variables of a file: `NAME=value` on each line, or a `cloudinary://…` alone.
fn variables(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            if line.starts_with("cloudinary://") {
                return ("CLOUDINARY_URL", line);
            }
            let line = line.strip_prefix("export ").unwrap_or(line);
            let (name, value) = line.split_once('=').unwrap_or((line, ""));
            (name.trim_end(), value.trim_matches(['"', '\'']))
        })
}

pub(crate) fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}

pub(crate) fn warn(warning: &str) {
    // Who has closed standard error does not want to know.
    let _ = writeln!(io::stderr(), "warning: {warning}");
}
