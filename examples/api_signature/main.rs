//! Signs and verifies with the API secret of a Cloudinary account, one call per line of
//! JSON.
//!
//! ```sh
//! export CLOUDINARY_URL=cloudinary://key:abcd@demo
//! cargo run --example api_signature -- batch < lines.jsonl
//! ```

mod batch;
mod download;
mod fields;
mod number;
mod sign;
mod verify;

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use url_signer::cloudinary::Cloud;

const HELP: &str = "\
The account is configured by environment variables:
  CLOUDINARY_URL=cloudinary://<key>:<secret>@<cloud>[?<option>=<value>&…]
or
  CLOUDINARY_CLOUD_NAME=<cloud>
  CLOUDINARY_API_KEY=<key>
  CLOUDINARY_API_SECRET=<secret>
Of the options, signature_algorithm, signature_version and upload_prefix have an effect.";

/// Signs and verifies API parameters, webhooks, API responses and download URLs of Cloudinary.
#[derive(Parser)]
#[command(after_help = HELP)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print an answer for each line of JSON on standard input; the exit status is 1 if a line fails
    #[command(after_help = batch::HELP)]
    Batch,
}

fn main() -> ExitCode {
    run(&Arguments::parse()).unwrap_or_else(|error| {
        let is_closed_pipe = |error: &io::Error| error.kind() == ErrorKind::BrokenPipe;
        if error.downcast_ref().is_some_and(is_closed_pipe) {
            // The reader has all the answers that it needs.
            return ExitCode::SUCCESS;
        }
        let _ = writeln!(io::stderr(), "error: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(arguments: &Arguments) -> Result<ExitCode> {
    let cloud = Cloud::from_env()?;
    for warning in cloud.warnings() {
        warn(&warning.to_string());
    }
    match arguments.command {
        Command::Batch => batch::run(&cloud, &mut io::BufWriter::new(io::stdout().lock())),
    }
}

fn warn(warning: &str) {
    // A closed standard error is no reason to fail.
    let _ = writeln!(io::stderr(), "warning: {warning}");
}
