//! Signs, verifies and explains delivery URLs.
//!
//! ```sh
//! export CLOUDINARY_URL=cloudinary://key:abcd@demo
//! cargo run --example delivery_url -- sign folder/image -t c_fit,w_300 --extension jpg
//! cargo run --example delivery_url -- explain https://res.cloudinary.com/demo/image/upload/s--bm9rWEpn--/v1/folder/test
//! cargo run --example delivery_url -- batch < lines.jsonl
//! ```

mod account;
mod batch;
mod explain;
#[path = "../lines.rs"]
mod lines;
#[path = "../output.rs"]
mod output;
mod request_path;
mod sign;
mod token;
mod verify;
#[path = "../warning.rs"]
mod warning;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::SystemTime;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

use crate::output::unless_closed;

/// Signs, verifies and explains Cloudinary delivery URLs.
#[derive(Parser)]
#[command(after_help = account::HELP)]
struct Arguments {
    /// File with the configuration; replaces the environment
    #[arg(long, global = true, value_name = "FILE")]
    configuration: Option<PathBuf>,

    /// File with retired API secrets, one per line; they verify but do not sign
    #[arg(long, global = true, value_name = "FILE")]
    retired_secrets: Option<PathBuf>,

    /// Current time in Unix seconds [default: the clock]
    #[arg(
        long,
        global = true,
        value_name = "SECONDS",
        allow_negative_numbers = true
    )]
    now: Option<i64>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Print the URL of an asset
    Sign(sign::Arguments),
    /// Verify the signature and the token of a URL; the exit status is 1 if one of them is invalid
    Verify(explain::Arguments),
    /// Print the parts of a URL, the signed text and the likely reason if the URL does not verify;
    /// the signature and the token are omitted, and the exit status is 1 only if the URL cannot be
    /// parsed
    Explain(explain::Arguments),
    /// Sign and verify access tokens
    #[command(subcommand)]
    Token(token::Command),
    /// Print a URL for each line of JSON on standard input; the exit status is 1 if a line fails
    #[command(after_help = batch::HELP)]
    Batch(batch::Options),
}

fn main() -> ExitCode {
    let mut output = io::BufWriter::new(io::stdout().lock());
    let ran = run(&Arguments::parse(), &mut output);
    let done = unless_closed(ran, ExitCode::SUCCESS).and_then(|code| {
        let flushed = output.flush().context("cannot write standard output");
        unless_closed(flushed, ())?;
        Ok(code)
    });
    done.unwrap_or_else(|error| {
        let _ = writeln!(io::stderr(), "error: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(arguments: &Arguments, output: &mut impl Write) -> Result<ExitCode> {
    let now = match arguments.now {
        Some(now) => now,
        None => SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)?
            .as_secs()
            .try_into()?,
    };
    let account = || account::Account::load(arguments);
    match &arguments.command {
        Command::Sign(sign) => sign.run(&account()?, now, output),
        Command::Verify(arguments) => verify::run(arguments, &account()?.cloud, now, output),
        Command::Explain(arguments) => arguments.run(&account()?.cloud, now, output),
        Command::Token(token) => token.run(arguments, now, output),
        Command::Batch(options) => batch::run(arguments, options, now, output),
    }
}
