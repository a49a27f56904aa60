//! Serves Cloudinary delivery URLs from a folder of originals.

#![forbid(unsafe_code)]

use std::env;
use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Parser;
use local_delivery::named::NamedTransformations;
use local_delivery::{AssetKey, LocalDelivery, Settings};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::net::TcpListener;
use tokio::signal::ctrl_c;
use tracing_subscriber::filter::LevelFilter;
use url_signer::Authority;
use url_signer::cloudinary::{Asset, Cloud, DeliveryType, Transformation};

/// The account for a machine without `CLOUDINARY_URL`.
const DEMO_CLOUDINARY_URL: &str = "cloudinary://demo:demo-secret@demo";

/// The secret of [`DEMO_CLOUDINARY_URL`].
const DEMO_CLOUDINARY_SECRET: &str = "demo-secret";

/// The transformation of the example.
const EXAMPLE: &str = "c_fill,h_400,w_600/q_auto,f_auto";

/// The unit of `--cache-size`.
const MEGABYTE: u64 = 1_000_000;

const ENVIRONMENT: &str = "\
Environment:
  CLOUDINARY_URL  the account, whose secret verifies URLs and upload forms:
                  cloudinary://<key>:<secret>@<cloud>[?<options>]
                  [default: the public demo value cloudinary://demo:demo-secret@demo,
                  on loopback addresses only]";

/// Serves Cloudinary delivery URLs from a folder of originals, and accepts uploads.
#[derive(Debug, Parser)]
#[command(version, after_help = ENVIRONMENT)]
struct Arguments {
    /// The folder of originals. Created if it does not exist.
    #[arg(long, value_name = "DIR")]
    originals: PathBuf,
    /// The address to listen on.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:3001")]
    listen: SocketAddr,
    /// The host and port in the URLs [default: the address of --listen]. Requests for other
    /// hosts are rejected, except for names and addresses of this machine.
    #[arg(long, value_name = "HOST[:PORT]")]
    authority: Option<String>,
    /// A folder for derived images, so that they survive a restart.
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// The maximum size of the folder of derived images, in megabytes.
    #[arg(long, value_name = "MB", default_value_t = Settings::DEFAULT_CACHE_BYTES / MEGABYTE)]
    cache_size: u64,
    /// A file with named transformations, one `name = transformation` per line.
    #[arg(long, value_name = "FILE")]
    named: Option<PathBuf>,
    /// Rejects unsigned URLs with a transformation.
    #[arg(long)]
    strict: bool,
    /// Requires an access token in URLs of private and authenticated images.
    #[arg(long)]
    require_token: bool,
    /// The seconds for which clients may reuse a response. 0: clients always revalidate.
    #[arg(long, value_name = "SECONDS", default_value_t = Settings::DEFAULT_MAX_AGE.as_secs())]
    max_age: u64,
    /// A host other than a loopback address to which webhooks are sent and
    /// callbacks redirect. Repeatable.
    #[arg(long, value_name = "HOST[:PORT]")]
    webhook_host: Vec<String>,
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_max_level(LevelFilter::INFO)
        .init();
    let arguments = Arguments::parse();
    let cloud = cloud(arguments.listen)?;
    let listener = TcpListener::bind(arguments.listen).await.with_context(|| {
        let address = arguments.listen;
        format!("cannot listen on {address}; choose another address with --listen")
    })?;
    let address = listener.local_addr()?;
    let authority = arguments.authority.clone();
    let authority = authority.unwrap_or_else(|| address.to_string());
    let settings = settings(arguments, cloud, &authority)?;
    let folder = settings.originals.clone();
    let delivery = LocalDelivery::new(settings)?;

    let mut lines = vec![format!("listening on http://{address}")];
    if let Some(key) = delivery.originals().any() {
        lines.push(format!("example: {}", example(&delivery, &key)?));
    } else {
        let key = AssetKey::image(DeliveryType::Upload, "photo")?;
        let url = example(&delivery, &key)?;
        let folder = folder.display();
        lines.push(format!("the folder {folder} has no picture"));
        lines.push(format!("example, after you put photo.jpg into it: {url}"));
    }
    writeln!(io::stdout(), "{}", lines.join("\n"))?;
    delivery.serve(listener, shutdown()).await;
    Ok(())
}

/// Reads the account from the environment.
fn cloud(listen: SocketAddr) -> Result<Cloud> {
    let is_missing =
        env::var_os("CLOUDINARY_URL").is_none() && env::var_os("CLOUDINARY_CLOUD_NAME").is_none();
    let has_demo_secret = ["CLOUDINARY_URL", "CLOUDINARY_API_SECRET"]
        .iter()
        .filter_map(|variable| env::var(variable).ok())
        .any(|value| {
            value == DEMO_CLOUDINARY_SECRET
                || value.contains(&format!(":{DEMO_CLOUDINARY_SECRET}@"))
        });
    if (is_missing || has_demo_secret) && !listen.ip().to_canonical().is_loopback() {
        bail!(
            "{} is not a loopback address and the demo secret is public; set CLOUDINARY_URL to \
             an account with a secret of your own",
            listen.ip()
        );
    }
    if is_missing {
        tracing::warn!("CLOUDINARY_URL is not set; using its demo value {DEMO_CLOUDINARY_URL}");
        return Ok(DEMO_CLOUDINARY_URL.parse()?);
    }
    let cloud = Cloud::from_env().context("cannot configure the Cloudinary account")?;
    for warning in cloud.warnings() {
        tracing::warn!("{warning}");
    }
    Ok(cloud)
}

fn settings(arguments: Arguments, cloud: Cloud, authority: &str) -> Result<Settings> {
    let authority = Authority::new(authority).context("invalid --authority")?;
    let mut settings = Settings::new(cloud, authority, arguments.originals);
    settings.cache = arguments.cache;
    settings.cache_bytes = arguments.cache_size.saturating_mul(MEGABYTE);
    settings.strict = arguments.strict;
    settings.require_token = arguments.require_token;
    settings.max_age = Duration::from_secs(arguments.max_age);
    if let Some(file) = &arguments.named {
        settings.named = NamedTransformations::read(file)
            .with_context(|| format!("cannot read {}", file.display()))?;
    }
    for host in arguments.webhook_host {
        let host = Authority::new(&host).context("invalid --webhook-host")?;
        settings.webhook_hosts.push(host);
    }
    Ok(settings)
}

/// Returns a signed URL of an image.
fn example(delivery: &LocalDelivery, key: &AssetKey) -> Result<String> {
    let public_id = utf8_percent_encode(key.public_id(), NON_ALPHANUMERIC).to_string();
    let asset = Asset::new(&public_id)?
        .with_delivery_type(key.delivery_type().clone())?
        .with_extension("jpg")?;
    let transformation = Transformation::verbatim(EXAMPLE)?;
    let url = delivery.cloud().sign(&asset, &transformation);
    Ok(url.to_string())
}

/// Waits for SIGINT or SIGTERM.
async fn shutdown() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = ctrl_c() => {}
            }
            return;
        }
    }
    let _ = ctrl_c().await;
}
