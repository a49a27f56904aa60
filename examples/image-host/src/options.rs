//! The options and the commands of the program.

use std::env;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};
use sync_payload::{ImageSigner, UrlPrefix};
#[cfg(feature = "gallery")]
use url_signer::Secret;
use url_signer::cloudinary::Cloud;
use url_signer::{Authority, ProxySigner, ThumbnailSigner};
use uuid::Uuid;

use crate::export::{Format, Shard};
#[cfg(feature = "gallery")]
use crate::gallery::GalleryOptions;
use crate::keys::{self, KeySource};
use crate::output::warn;
use crate::public_url::PublicUrl;
use crate::recorded;
use crate::serve::ClientLimits;
use crate::store::{PoolLimits, Store};

/// The file of the embedded database.
const DEFAULT_FILE: &str = "image-host.sqlite";

/// Serves images, their sync payload and their thumbnails.
#[derive(Parser)]
#[command(after_help = keys::HELP)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    #[command(flatten)]
    pub(crate) serve: Serve,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve the images (the default command)
    Serve(Serve),
    /// Create or update the tables of the database
    Migrate {
        #[command(flatten)]
        database: Database,
    },
    /// Print an access token for a user
    Token {
        /// The id of the user
        #[arg(long)]
        user: Uuid,
        /// The lifetime of the token: 90s, 15m, 4h or 7d
        #[arg(long, default_value = "4h", value_parser = ttl)]
        ttl: Duration,
    },
    /// Import all images of a payload, in one transaction; an invalid image, or one
    /// of more than 16 MiB, cancels the import
    Import {
        /// The file of the payload, `-` for standard input
        payload: PathBuf,
        /// A user who may see the albums of the images; may be repeated
        #[arg(long)]
        user: Vec<Uuid>,
        #[command(flatten)]
        database: Database,
    },
    /// List the images that cannot be read; fails if there are any
    Check {
        #[command(flatten)]
        database: Database,
    },
    /// Export all images, with signed URLs, to a file
    Export {
        /// The file, which is created when the export is complete
        #[arg(long)]
        output: PathBuf,
        /// The part of the images to export: 1/4 to 4/4
        #[arg(long, default_value_t = Shard::ALL)]
        shard: Shard,
        /// The format of the file
        #[arg(long, value_enum, default_value = "ndjson")]
        format: Format,
        #[command(flatten)]
        urls: Urls,
        #[command(flatten)]
        database: Database,
    },
}

#[derive(Args)]
pub(crate) struct Serve {
    /// The address to listen on; port 0 selects a free port
    #[arg(long, global = true, default_value = "127.0.0.1:3000")]
    pub(crate) listen: SocketAddr,
    /// The URL under which the storage provider reaches this host, for the webhook
    /// that reports an upload [default: the address to listen on]
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<PublicUrl>,
    /// The number of generated images, in addition to the recorded images
    #[arg(long, global = true, default_value_t = 0)]
    pub(crate) images: u64,
    /// Write the log as JSON
    #[arg(long, global = true)]
    pub(crate) json_log: bool,
    #[command(flatten)]
    pub(crate) clients: Clients,
    #[command(flatten)]
    pub(crate) urls: Urls,
    #[command(flatten)]
    pub(crate) database: Database,
    #[cfg(feature = "gallery")]
    #[command(flatten)]
    pub(crate) gallery: GalleryOptions,
}

#[derive(Args)]
pub(crate) struct Urls {
    /// The text before each delivery URL in `thumbnails` and `external_urls`
    #[arg(long, global = true, default_value = "/assets/blank.jpg#")]
    prefix: UrlPrefix,
    /// The host of the proxy URLs
    #[arg(
        long,
        global = true,
        default_value = "sharinpix-proxy-dev.herokuapp.com"
    )]
    proxy_host: Authority,
    /// The host from which the proxy fetches thumbnails
    #[arg(long, global = true, default_value = "localhost")]
    app_host: Authority,
}

#[derive(Args)]
pub(crate) struct Database {
    /// The file of the embedded database; ignored if `DATABASE_URL` is set
    #[arg(
        long = "database",
        global = true,
        value_name = "FILE",
        default_value = DEFAULT_FILE
    )]
    pub(crate) file: PathBuf,
    /// The maximum number of connections to PostgreSQL; a host with SQLite uses a few for
    /// each CPU
    #[arg(long, global = true, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..))]
    connections: u32,
    /// The time in milliseconds that a request waits for a connection
    #[arg(long, global = true, default_value_t = 2_000)]
    pool_wait_ms: u64,
}

#[derive(Args)]
pub(crate) struct Clients {
    /// The maximum number of open connections of clients; a further connection
    /// replaces one whose client sends no request or does not read its response
    #[arg(long, global = true, value_name = "NUMBER", default_value = "1024")]
    client_connections: NonZeroUsize,
    /// The maximum number of open connections from one IPv4 address or IPv6 /64
    /// network; by default, there is no limit, because clients of a reverse proxy
    /// share an address
    #[arg(long, global = true, value_name = "NUMBER")]
    client_connections_per_address: Option<NonZeroUsize>,
    /// The time in milliseconds for which a client may accept no bytes of its
    /// response before the connection is aborted
    #[arg(long, global = true, default_value_t = 30_000)]
    reader_wait_ms: u64,
}

/// The account and the signers of its URLs.
pub(crate) struct Signers {
    pub(crate) cloud: Cloud,
    pub(crate) images: ImageSigner,
    pub(crate) proxy: ProxySigner,
    pub(crate) thumbnails: ThumbnailSigner,
    #[cfg(feature = "gallery")]
    pub(crate) proxy_key: Secret,
}

impl Urls {
    pub(crate) fn signers(self, keys: KeySource) -> Result<Signers> {
        let proxy_key = keys.proxy()?;
        let proxy = ProxySigner::new(self.proxy_host, self.app_host, proxy_key.clone());
        let thumbnails = ThumbnailSigner::new(keys.thumbnail()?);
        let cloud = keys.cloud()?;
        let images = ImageSigner::new(cloud.clone(), proxy.clone(), thumbnails.clone());
        Ok(Signers {
            cloud,
            images: images.with_prefix(self.prefix),
            proxy,
            thumbnails,
            #[cfg(feature = "gallery")]
            proxy_key,
        })
    }
}

impl Clients {
    pub(crate) fn limits(&self) -> ClientLimits {
        ClientLimits {
            connections: self.client_connections,
            per_address: self.client_connections_per_address,
            reader: Duration::from_millis(self.reader_wait_ms),
        }
    }
}

impl Database {
    /// Connects to the database, as [`open`](Self::open), for a command that expects
    /// images in it.
    pub(crate) async fn open_existing(&self) -> Result<Store> {
        let is_missing = Self::is_embedded() && !self.file.exists();
        let store = self.open().await?;
        if is_missing && self.file != Path::new(DEFAULT_FILE) {
            // The name is probably misspelled.
            let file = self.file.display();
            warn(&format!(
                "{file} did not exist; created it with the recorded images"
            ));
        }
        Ok(store)
    }

    /// Connects to the database and checks its tables. A new embedded database
    /// is created and filled with the recorded images.
    pub(crate) async fn open(&self) -> Result<Store> {
        let store = self.connect().await?;
        if Self::is_embedded() {
            store.migrate_and_fill(Some(recorded::initial()?)).await?;
        }
        store
            .check()
            .await
            .context("the database has no table `images`; run `image-host migrate`")?;
        Ok(store)
    }

    fn is_embedded() -> bool {
        env::var_os("DATABASE_URL").is_none()
    }

    pub(crate) async fn connect(&self) -> Result<Store> {
        let limits = PoolLimits {
            connections: self.connections,
            wait: Duration::from_millis(self.pool_wait_ms),
        };
        match env::var("DATABASE_URL") {
            Ok(url) if url.is_empty() => bail!("DATABASE_URL is empty"),
            Ok(url) => Store::open(&url, limits).await.context("DATABASE_URL"),
            Err(env::VarError::NotPresent) => Store::open_file(&self.file, limits).await,
            // The error would show the value, which contains a password.
            Err(env::VarError::NotUnicode(_)) => bail!("DATABASE_URL is not valid UTF-8"),
        }
    }
}

/// Parses a duration such as `90s`, `15m`, `4h` or `7d`.
fn ttl(text: &str) -> Result<Duration, &'static str> {
    let units = [('s', 1), ('m', 60), ('h', 60 * 60), ('d', 24 * 60 * 60)];
    units
        .into_iter()
        .find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)))
        .and_then(|(number, seconds)| number.parse::<u64>().ok()?.checked_mul(seconds))
        .filter(|seconds| *seconds > 0)
        .map(Duration::from_secs)
        .ok_or("expected a positive number and a unit, such as 90s, 15m, 4h or 7d")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ttl_is_a_positive_number_and_a_unit() {
        for (text, seconds) in [("90s", 90), ("15m", 900), ("4h", 14_400), ("7d", 604_800)] {
            assert_eq!(ttl(text), Ok(Duration::from_secs(seconds)));
        }
        for text in [
            "",
            "4",
            "h",
            "-1h",
            "1.5h",
            "0s",
            "4 h",
            "99999999999999999999d",
            "4H",
        ] {
            assert!(ttl(text).is_err(), "{text}");
        }
    }
}
