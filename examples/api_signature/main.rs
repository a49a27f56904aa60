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
#[path = "../lines.rs"]
mod lines;
mod number;
#[path = "../output.rs"]
mod output;
mod sign;
mod verify;
#[path = "../warning.rs"]
mod warning;

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use url_signer::cloudinary::Cloud;

use crate::output::unless_closed;
use crate::warning::warn;

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
    // If the pipe is closed, the reader has all the answers that it needs.
    unless_closed(run(&Arguments::parse()), ExitCode::SUCCESS).unwrap_or_else(|error| {
        let _ = writeln!(io::stderr(), "error: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(arguments: &Arguments) -> Result<ExitCode> {
    let cloud = Cloud::from_env()?;
    for warning in cloud.warnings() {
        warn(warning);
    }
    match arguments.command {
        Command::Batch => batch::run(&cloud, &mut io::BufWriter::new(io::stdout().lock())),
    }
}
