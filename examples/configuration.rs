//! Loads the configuration of a host from a TOML file.
//!
//! ```sh
//! cargo run --example configuration [FILE]
//! ```

mod output;

use std::io::{self, Write};
use std::{env, fs};

use anyhow::{Context, Result, anyhow};
use image_model::uuid::Uuid;
use image_model::{Image, Timestamp};
use serde::Deserialize;
use sync_payload::{ImageSigner, UrlPrefix};
use url_signer::cloudinary::{Asset, Cloud};
use url_signer::{Authority, KeyRing, ProxySigner, ThumbnailSigner};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    cloudinary: Cloud,
    proxy_host: Authority,
    app_host: Authority,
    proxy_keys: KeyRing,
    thumbnail_keys: KeyRing,
    prefix: UrlPrefix,
}

impl Config {
    /// Parses a configuration. The error contains the line number and the reason, but
    /// no key.
    ///
    /// Use `KeyRing` or `Secret` for keys: their errors never contain a value. The errors
    /// of other types do, such as `Vec<Secret>` or `String`.
    fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).map_err(|error: toml::de::Error| {
            // `Display` of the error shows the invalid line and `Debug` shows the
            // whole file, so a key may end up in a log.
            match error.span() {
                // The error about a missing field has the span of the whole file.
                Some(span) if span.len() < text.trim_end().len() => {
                    let before = text.as_bytes().iter().take(span.start);
                    let line = 1 + before.filter(|byte| **byte == b'\n').count();
                    anyhow!("line {line}: {}", error.message())
                }
                _ => anyhow!("{}", error.message().to_owned()),
            }
        })
    }

    /// Creates the signer of all URLs of an image.
    fn into_signer(self) -> ImageSigner {
        let proxy = ProxySigner::new(self.proxy_host, self.app_host, self.proxy_keys);
        let thumbnails = ThumbnailSigner::new(self.thumbnail_keys);
        ImageSigner::new(self.cloudinary, proxy, thumbnails).with_prefix(self.prefix)
    }
}

fn main() -> Result<()> {
    output::unless_closed(run(), ())
}

fn run() -> Result<()> {
    let config = match env::args_os().nth(1) {
        None => Config::parse(include_str!("configuration.toml"))?,
        Some(file) => {
            let name = file.display();
            let text = fs::read_to_string(&file).with_context(|| format!("cannot read {name}"))?;
            Config::parse(&text).with_context(|| format!("{name}"))?
        }
    };
    for warning in config.cloudinary.warnings() {
        // A closed standard error is no reason to fail.
        let _ = writeln!(io::stderr(), "warning: {warning}");
    }
    let mut output = io::stdout().lock();
    writeln!(output, "cloud: {}", config.cloudinary.name())?;
    writeln!(output, "proxy host: {}", config.proxy_host)?;
    writeln!(output, "app host: {}", config.app_host)?;

    let signer = config.into_signer();
    let image = Image::new(
        Uuid::from_u128(7),
        Timestamp::from_unix_seconds(1_700_000_000)?,
    );
    let asset = Asset::authenticated("0b7e148bbd7c")?;
    let image = signer.sign(image, &asset);
    writeln!(output, "a signed URL: {}", image.thumbnails.mini)?;
    Ok(())
}
