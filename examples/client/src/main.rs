//! Keeps a local SQLite copy of a host's images in sync.

mod copy;
mod endpoint;
mod error;
mod payload;

use std::env;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;

use crate::copy::{Changes, Copy};
use crate::endpoint::Endpoint;
use crate::error::{SyncError, retry_delay};

/// Keeps a local SQLite copy of a host's images in sync.
///
/// Prints one line per difference: `+` and the id of a new image, `~` and the id
/// of a changed image, `-` and the id of a removed image. The copy is updated in
/// one transaction after the complete payload was received.
#[derive(Parser)]
#[command(after_help = "Environment:\n  IMAGE_SYNC_TOKEN  the access token")]
struct Arguments {
    /// The URL of the endpoint: `https://…/api/v1/image_syncs`
    url: String,
    /// The SQLite database with the copy
    #[arg(long, value_name = "FILE", default_value = "images.sqlite")]
    database: PathBuf,
    /// Sync again after each interval
    #[arg(long, value_name = "SECONDS")]
    watch: Option<u64>,
    /// The maximum number of attempts per sync
    #[arg(long, default_value_t = 8)]
    tries: u32,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            print_error(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    // The error of `env::var` would show a token that is not valid UTF-8.
    let token = env::var("IMAGE_SYNC_TOKEN").ok();
    let token = token.context("IMAGE_SYNC_TOKEN is not set or not valid UTF-8")?;
    let endpoint = Endpoint::new(&arguments.url, &token)?;
    let mut copy = Copy::open(&arguments.database)?;
    loop {
        let synced = sync(&endpoint, &mut copy, arguments.tries);
        let Some(seconds) = arguments.watch else {
            return synced.map_err(SyncError::into_error);
        };
        match synced {
            Err(SyncError::Transient { error, .. }) => print_error(&error),
            synced => synced.map_err(SyncError::into_error)?,
        }
        sleep(Duration::from_secs(seconds));
    }
}

/// Fetches the payload and updates the copy. Retries after transient errors.
fn sync(endpoint: &Endpoint, copy: &mut Copy, tries: u32) -> Result<(), SyncError> {
    let mut failures = 0;
    let changes = loop {
        let updated = endpoint.fetch().and_then(|payload| copy.update(payload));
        match updated {
            Err(SyncError::Transient { error, retry_after }) if failures + 1 < tries => {
                let delay = retry_delay(failures, retry_after);
                let _ = writeln!(
                    io::stderr(),
                    "{error:#}; retrying in {:.1} s",
                    delay.as_secs_f64()
                );
                sleep(delay);
                failures += 1;
            }
            updated => break updated?,
        }
    };
    print(copy, &changes)?;
    // The host may repair an invalid image.
    changes.check().map_err(SyncError::transient)
}

fn print(copy: &Copy, changes: &Changes) -> Result<(), SyncError> {
    let mut output = io::stdout().lock();
    copy.each_change(|kind, id| writeln!(output, "{kind} {id}"))?;
    let Changes {
        images,
        new,
        changed,
        gone,
        ..
    } = changes;
    writeln!(
        output,
        "{images} images: {new} new, {changed} changed, {gone} gone"
    )?;
    Ok(output.flush()?)
}

fn print_error(error: &anyhow::Error) {
    let _ = writeln!(io::stderr(), "error: {error:#}");
}
