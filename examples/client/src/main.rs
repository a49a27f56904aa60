//! Keeps a local SQLite copy of a host's images in sync.

mod copy;
mod endpoint;
mod failure;
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
use crate::failure::{Failure, wait};

/// Keeps a local SQLite copy of a host's images in sync.
///
/// Prints `+` for an image that is new, `~` for one that has changed and `-`
/// for one that is gone. The copy changes in one go, when the whole payload has
/// come.
#[derive(Parser)]
#[command(after_help = "The token that lets in is read from IMAGE_SYNC_TOKEN.")]
struct Arguments {
    /// Where the payload is: `https://…/api/v1/image_syncs`
    url: String,
    /// The copy
    #[arg(long, value_name = "FILE", default_value = "images.sqlite")]
    database: PathBuf,
    /// Go on, and ask again after so many seconds
    #[arg(long, value_name = "SECONDS")]
    watch: Option<u64>,
    /// How often a host that cannot be reached, or is not well, is asked
    #[arg(long, default_value_t = 8)]
    tries: u32,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say_error(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let token = env::var("IMAGE_SYNC_TOKEN").context("IMAGE_SYNC_TOKEN")?;
    let endpoint = Endpoint::new(&arguments.url, &token)?;
    let mut copy = Copy::open(&arguments.database)
        .with_context(|| format!("{} cannot be opened", arguments.database.display()))?;
    loop {
        let synced = sync(&endpoint, &mut copy, arguments.tries);
        let Some(seconds) = arguments.watch else {
            return synced.map_err(Failure::into_error);
        };
        match synced {
            Err(Failure::Passing { error, .. }) => say_error(&error),
            synced => synced.map_err(Failure::into_error)?,
        }
        sleep(Duration::from_secs(seconds));
    }
}

/// Fetches the payload and takes it over, with several tries.
fn sync(endpoint: &Endpoint, copy: &mut Copy, tries: u32) -> Result<(), Failure> {
    let mut failed = 0;
    let changes = loop {
        let synced = endpoint.fetch().and_then(|payload| copy.take_over(payload));
        match synced {
            Err(Failure::Passing { error, retry_after }) if failed + 1 < tries => {
                let wait = wait(failed, retry_after);
                let _ = writeln!(
                    io::stderr(),
                    "{error:#}; next try in {:.1} s",
                    wait.as_secs_f64()
                );
                sleep(wait);
                failed += 1;
            }
            synced => break synced?,
        }
    };
    say(copy, &changes).map_err(Failure::Lasting)?;
    // The host may mend what can't be read.
    changes.check().map_err(Failure::passing)
}

fn say(copy: &Copy, changes: &Changes) -> Result<()> {
    let mut output = io::stdout().lock();
    copy.each_change(|sign, id| Ok(writeln!(output, "{sign} {id}")?))?;
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

fn say_error(error: &anyhow::Error) {
    let _ = writeln!(io::stderr(), "error: {error:#}");
}
