//! The reference host: the image sync endpoint on axum, with an embedded
//! SQLite database or PostgreSQL.
//!
//! ```sh
//! cargo run --release -p image-host
//! ```

mod check;
mod command_line;
mod export;
#[cfg(feature = "gallery")]
mod gallery;
mod import;
mod keys;
mod options;
mod output;
mod progress;
mod public_url;
mod recorded;
mod report;
mod serve;
mod store;
mod token;
mod upload;

use std::env;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use mimalloc::MiMalloc;
use tokio::net::TcpListener;

use crate::keys::KeySource;
use crate::options::{Command, Serve};
use crate::output::print;
use crate::public_url::PublicUrl;
use crate::serve::{AppState, Connections, ShutdownSignals};
use crate::token::TokenKey;

/// A payload consists of many small allocations: with this allocator the host
/// serves a tenth more requests than with the allocator of the system.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// The lifetime of the printed token.
const DAY: Duration = Duration::from_hours(24);

fn main() -> ExitCode {
    let arguments = command_line::parse();
    let command = arguments.command.unwrap_or(Command::Serve(arguments.serve));
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {}", report::report(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(command: Command) -> Result<()> {
    match command {
        Command::Serve(serve) => start(serve).await,
        Command::Migrate { database } => Ok(database.connect().await?.migrate().await?),
        Command::Token { user, ttl } => print(key_source().token()?.issue(user, ttl)?),
        Command::Import {
            payload,
            user,
            database,
        } => import::import(&database.open_existing().await?, &payload, &user).await,
        Command::Check { database } => check::check(&database.open_existing().await?).await,
        Command::Export {
            output,
            shard,
            format,
            urls,
            database,
        } => {
            let signers = urls.signers(key_source())?;
            let store = database.open_existing().await?;
            export::export(&store, &signers.images, shard, format, &output).await
        }
    }
}

async fn start(serve: Serve) -> Result<()> {
    serve::start_log(serve.json_log);
    let is_loopback = serve.listen.ip().to_canonical().is_loopback();
    let keys = KeySource {
        replaces_missing: is_loopback && key_source().replaces_missing,
        accepts_demo: is_loopback,
    };
    let signers = serve.urls.signers(keys)?;
    let tokens = keys.token()?;
    let store = serve.database.open().await?;
    recorded::generate(&store, serve.images).await?;

    let listener = TcpListener::bind(serve.listen)
        .await
        .with_context(|| format!("cannot listen on {}", serve.listen))?;
    let address = listener.local_addr()?;
    let public_url = serve.public_url.or_else(|| PublicUrl::of_listener(address));
    keys::warn_about_uploads(&signers.cloud, public_url.as_ref());
    let app = Arc::new(AppState {
        store,
        cloud: signers.cloud,
        public_url,
        signer: Arc::new(signers.images),
        proxy: signers.proxy,
        thumbnails: signers.thumbnails,
        tokens,
        connections: Connections::new(serve.clients.limits()),
    });
    let is_demo = keys.has_demo_token_key();
    #[cfg(feature = "gallery")]
    let gallery = if is_demo {
        let (file, proxy_key) = (&serve.database.file, signers.proxy_key);
        let gallery = serve.gallery;
        gallery
            .start(&app, serve.listen, address, file, proxy_key)
            .await?
    } else {
        None
    };
    if is_demo {
        print_commands(address, &app.tokens)?;
    }
    // A program that reads this line may stop the host at once.
    let signals = ShutdownSignals::new()?;
    print(format_args!("listening on http://{address}"))?;
    #[cfg(feature = "gallery")]
    if let Some(gallery) = gallery {
        return gallery.serve(listener, app, signals).await;
    }
    serve::serve(listener, app, signals, |router| router).await
}

/// Prints commands to paste into another terminal: they set the token, sync a
/// local copy and request the recorded images.
fn print_commands(address: SocketAddr, tokens: &TokenKey) -> Result<()> {
    let endpoint = format!("http://{address}/api/v1/image_syncs");
    let token = tokens.issue(recorded::USER, DAY)?;
    let ids: Vec<_> = recorded::ids()?
        .iter()
        .map(|id| format!("ids[]={id}"))
        .collect();
    let query = ids.join("&");
    print(format_args!("export IMAGE_SYNC_TOKEN={token}"))?;
    print(format_args!("cargo run --release -p client -- {endpoint}"))?;
    print(format_args!(
        "curl -sg '{endpoint}?{query}' -H 'Authorization: Token token=\"{token}\"'"
    ))
}

/// Returns the source of the keys. Demo keys are for the embedded database
/// only: a configured database may contain real images.
fn key_source() -> KeySource {
    KeySource {
        replaces_missing: env::var_os("DATABASE_URL").is_none(),
        accepts_demo: true,
    }
}
