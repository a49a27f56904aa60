//! Keeps a local SQLite copy of a host's images in sync.

mod copy;
mod endpoint;
mod error;
mod limits;
mod output;
mod payload;
mod progress;

use std::env;
use std::io::{self, Write};
use std::path::{self, Path, PathBuf};
use std::process::ExitCode;
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Parser, value_parser};

use crate::copy::{Changes, Copy};
use crate::endpoint::Endpoint;
use crate::error::{SyncError, retry_delay};
use crate::limits::Limits;
use crate::output::Output;
use crate::progress::Deadline;

/// Keeps a local SQLite copy of a host's images in sync.
///
/// Prints one line per difference: `+` and the id of a new image, `~` and the id
/// of a changed image, `-` and the id of a removed image. The copy is updated in
/// one transaction after the complete payload was received. The first sync also prints
/// where the copy is, to standard error.
///
/// Redirects are not followed, and the content type must be `application/json`. If a
/// limit is exceeded, the sync fails and the copy does not change.
#[derive(Parser)]
#[command(after_help = "Environment:\n  IMAGE_SYNC_TOKEN  the access token")]
struct Arguments {
    /// The URL of the endpoint: `https://…/api/v1/image_syncs`
    url: String,
    /// The SQLite database with the copy
    #[arg(long, value_name = "FILE", default_value = "images.sqlite")]
    database: PathBuf,
    /// Sync again after each interval
    #[arg(long, value_name = "SECONDS", value_parser = value_parser!(u64).range(1..))]
    watch: Option<u64>,
    /// The maximum number of attempts per sync
    #[arg(long, default_value_t = 8, value_parser = value_parser!(u32).range(1..))]
    tries: u32,
    #[command(flatten)]
    limits: Limits,
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
    let endpoint = Endpoint::new(&arguments.url, &token, &arguments.limits)?;
    let mut copy = Copy::open(&arguments.database)?;
    let mut output = Output::new(io::stdout().lock());
    loop {
        let synced = sync(&endpoint, &mut copy, arguments, &mut output);
        let Some(seconds) = arguments.watch else {
            return synced.map_err(SyncError::into_error);
        };
        match synced {
            Err(SyncError::Transient { error, .. } | SyncError::Rejected(error)) => {
                print_error(&error);
            }
            synced => synced.map_err(SyncError::into_error)?,
        }
        // Nobody reads the changes of further syncs.
        if output.is_closed() {
            return Ok(());
        }
        sleep(Duration::from_secs(seconds));
    }
}

/// Fetches the payload, updates the copy and prints the changes. Retries after
/// transient errors.
fn sync(
    endpoint: &Endpoint,
    copy: &mut Copy,
    arguments: &Arguments,
    output: &mut Output<impl Write>,
) -> Result<(), SyncError> {
    let limits = &arguments.limits;
    let deadline = Deadline::new(limits);
    let mut failures = 0;
    let changes = loop {
        let updated = endpoint
            .fetch(deadline)
            .and_then(|payload| copy.update(payload, limits, deadline));
        match updated {
            Err(SyncError::Transient { error, retry_after }) if failures + 1 < arguments.tries => {
                let delay = retry_delay(failures, retry_after);
                if delay >= deadline.remaining() {
                    return Err(SyncError::Transient { error, retry_after });
                }
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
    print(copy, &changes, output)?;
    if changes.is_first_sync() {
        print_location(&arguments.database);
    }
    changes.check()
}

fn print(copy: &Copy, changes: &Changes, output: &mut Output<impl Write>) -> Result<(), SyncError> {
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

/// Prints where the copy is. Standard output contains only the changes.
fn print_location(database: &Path) {
    let file = path::absolute(database);
    let file = file.as_deref().unwrap_or(database).display();
    let _ = writeln!(io::stderr(), "the copy is the table `images` of {file}");
}

fn print_error(error: &anyhow::Error) {
    let _ = writeln!(io::stderr(), "error: {error:#}");
}
