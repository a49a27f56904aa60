//! The reference host: the image sync endpoint on axum, with an embedded
//! SQLite database or PostgreSQL.
//!
//! ```sh
//! cargo run --release -p image-host
//! ```

mod export;
mod import;
mod keys;
mod recorded;
mod serve;
mod store;
mod token;

use std::env;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use mimalloc::MiMalloc;
use sync_payload::{ImageSigner, UrlPrefix};
use tokio::net::TcpListener;
use url_signer::{Authority, ProxySigner, ThumbnailSigner};
use uuid::Uuid;

use crate::export::{Format, Shard};
use crate::keys::Keys;
use crate::serve::Settings;
use crate::store::{PoolLimits, Store};

/// A payload is many small allocations: this one serves a tenth more requests
/// than the system's.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// For how long the token of the printed request lets in.
const DAY: Duration = Duration::from_hours(24);

/// Serves images, their sync payload and their thumbnails.
#[derive(Parser)]
#[command(after_help = keys::HELP, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    serve: Serve,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the images (what is done without a command)
    Serve(Serve),
    /// Make the tables of the database, or bring them up to date
    Migrate {
        #[command(flatten)]
        database: Database,
    },
    /// Print a token that lets a user in
    Token {
        /// Whom it lets in
        #[arg(long)]
        user: Uuid,
        /// For how long: 90s, 15m, 4h or 7d
        #[arg(long, default_value = "4h", value_parser = ttl)]
        ttl: Duration,
    },
    /// Take over the images of a documented payload, all or none
    Import {
        /// The payload, `-` for standard input
        payload: PathBuf,
        /// Who may see the albums of the images
        #[arg(long)]
        user: Vec<Uuid>,
        #[command(flatten)]
        database: Database,
    },
    /// Write all images, signed, into a file
    Export {
        /// The file, which appears when it is whole
        #[arg(long)]
        output: PathBuf,
        /// A part of the images: 1/4 to 4/4
        #[arg(long, default_value_t = Shard::WHOLE)]
        shard: Shard,
        /// How they are written
        #[arg(long, value_enum, default_value = "ndjson")]
        format: Format,
        #[command(flatten)]
        urls: Urls,
        #[command(flatten)]
        database: Database,
    },
}

#[derive(Args)]
struct Serve {
    /// Where to listen; port 0 is a free one
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    /// How many made images there are to be beside the recorded ones
    #[arg(long, default_value_t = 0)]
    images: u64,
    /// Log as JSON
    #[arg(long)]
    json_log: bool,
    #[command(flatten)]
    urls: Urls,
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
struct Urls {
    /// What stands before the delivery URLs of pages
    #[arg(long, default_value = "/assets/blank.jpg#")]
    prefix: UrlPrefix,
    /// Where the proxy URLs lead
    #[arg(long, default_value = "sharinpix-proxy-dev.herokuapp.com")]
    proxy_host: Authority,
    /// Where the proxy fetches
    #[arg(long, default_value = "localhost")]
    app_host: Authority,
}

#[derive(Args)]
struct Database {
    /// The embedded database, if `DATABASE_URL` is not set
    #[arg(
        long = "database",
        value_name = "FILE",
        default_value = "image-host.sqlite"
    )]
    file: PathBuf,
    /// How many connections to the database there may be
    #[arg(long, default_value_t = 16)]
    connections: u32,
    /// For how many milliseconds a request waits for one
    #[arg(long, default_value_t = 2_000)]
    pool_wait_ms: u64,
    /// For how many milliseconds who reads all images may take none of them,
    /// before the answer breaks off
    #[arg(long, default_value_t = 30_000)]
    reader_wait_ms: u64,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let command = arguments.command.unwrap_or(Command::Serve(arguments.serve));
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(command: Command) -> Result<()> {
    match command {
        Command::Serve(serve) => start(serve).await,
        Command::Migrate { database } => database.connect().await?.migrate().await,
        Command::Token { user, ttl } => {
            let token = keys_of_embedded().token()?.issue(user, ttl)?;
            writeln!(io::stdout(), "{token}")?;
            Ok(())
        }
        Command::Import {
            payload,
            user,
            database,
        } => import::import(&database.open().await?, &payload, &user).await,
        Command::Export {
            output,
            shard,
            format,
            urls,
            database,
        } => {
            let (signer, ..) = urls.signers(keys_of_embedded())?;
            let store = database.open().await?;
            export::export(&store, &signer, shard, format, &output).await
        }
    }
}

async fn start(serve: Serve) -> Result<()> {
    serve::log(serve.json_log);
    let keys = if serve.listen.ip().is_loopback() {
        keys_of_embedded()
    } else {
        Keys::Set
    };
    let (signer, proxy, thumbnails) = serve.urls.signers(keys)?;
    let tokens = keys.token()?;
    let store = serve.database.open().await?;
    recorded::generate(&store, serve.images).await?;

    let listener = TcpListener::bind(serve.listen)
        .await
        .with_context(|| format!("{} cannot be listened on", serve.listen))?;
    let address = listener.local_addr()?;
    let mut output = io::stdout();
    writeln!(output, "listening on http://{address}")?;
    if keys.demo_tokens() {
        let ids: Vec<_> = recorded::ids()?
            .iter()
            .map(|id| format!("ids[]={id}"))
            .collect();
        let token = tokens.issue(recorded::USER, DAY)?;
        writeln!(
            output,
            "curl -g 'http://{address}/api/v1/image_syncs?{}' -H 'Authorization: Token token=\"{token}\"'",
            ids.join("&")
        )?;
    }
    output.flush()?;
    serve::serve(
        listener,
        Settings {
            store,
            signer,
            proxy,
            thumbnails,
            tokens,
        },
    )
    .await
}

/// Demo keys for the embedded database alone: others hold what is real.
fn keys_of_embedded() -> Keys {
    match env::var_os("DATABASE_URL") {
        Some(_) => Keys::Set,
        None => Keys::OrDemo,
    }
}

impl Urls {
    fn signers(self, keys: Keys) -> Result<(ImageSigner, ProxySigner, ThumbnailSigner)> {
        let proxy = ProxySigner::new(self.proxy_host, self.app_host, keys.proxy()?);
        let thumbnails = ThumbnailSigner::new(keys.thumbnail()?);
        let signer = ImageSigner::new(keys.cloud()?, proxy.clone(), thumbnails.clone());
        Ok((signer.with_prefix(self.prefix), proxy, thumbnails))
    }
}

impl Database {
    /// The database with its tables; the embedded one is made and filled if it
    /// is new.
    async fn open(&self) -> Result<Store> {
        let store = self.connect().await?;
        if env::var_os("DATABASE_URL").is_none() {
            let new = store.check().await.is_err();
            store.migrate().await?;
            if new {
                recorded::fill(&store).await?;
            }
        }
        store
            .check()
            .await
            .context("the database has no images table; has `image-host migrate` been run?")?;
        Ok(store)
    }

    async fn connect(&self) -> Result<Store> {
        let limits = PoolLimits {
            connections: self.connections,
            wait: Duration::from_millis(self.pool_wait_ms),
            reader: Duration::from_millis(self.reader_wait_ms),
        };
        match env::var("DATABASE_URL") {
            Ok(url) => Store::open(&url, limits).await,
            Err(env::VarError::NotPresent) => Store::open_file(&self.file, limits).await,
            Err(error) => Err(error).context("DATABASE_URL"),
        }
    }
}

/// A time as `90s`, `15m`, `4h` or `7d`.
fn ttl(text: &str) -> Result<Duration, &'static str> {
    let units = [('s', 1), ('m', 60), ('h', 60 * 60), ('d', 24 * 60 * 60)];
    units
        .into_iter()
        .find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)))
        .and_then(|(number, seconds)| number.parse::<u64>().ok()?.checked_mul(seconds))
        .filter(|seconds| *seconds > 0)
        .map(Duration::from_secs)
        .ok_or("a time is written 90s, 15m, 4h or 7d")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit_and_is_not_nothing() {
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
