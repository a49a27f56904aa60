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
mod diagnosis;
mod explain;
mod parameters;
mod sign;
mod token;
mod verdict;
mod verify;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::SystemTime;

use anyhow::{Result, anyhow};
use clap::{Parser, Subcommand};

/// Signs, verifies and explains Cloudinary delivery URLs.
#[derive(Parser)]
#[command(after_help = account::HELP)]
struct Arguments {
    /// File with the configuration, in place of the environment
    #[arg(long, global = true, value_name = "FILE")]
    configuration: Option<PathBuf>,

    /// File with secrets that were in use before, one a line; they only verify
    #[arg(long, global = true, value_name = "FILE")]
    retired_secrets: Option<PathBuf>,

    /// Unix seconds to be taken for now
    #[arg(long, global = true, value_name = "SECONDS")]
    now: Option<i64>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Prints the URL of an asset
    Sign(sign::Arguments),
    /// Tells whether a URL was signed by the account: exit status 0, or 1 with the reason
    Verify(verdict::Asked),
    /// Shows each part of a URL, what is signed of it, and what is likely wrong with it; exit
    /// status 0 for any URL that can be read
    Explain(verdict::Asked),
    /// Makes and verifies access tokens
    #[command(subcommand)]
    Token(token::Command),
    /// Prints a URL for each line of JSON on standard input; exit status 1 if any failed
    #[command(after_help = batch::HELP)]
    Batch,
}

fn main() -> ExitCode {
    let mut output = io::BufWriter::new(io::stdout().lock());
    let done = run(&Arguments::parse(), &mut output).and_then(|code| {
        output
            .flush()
            .map_err(|error| anyhow!("standard output cannot be written: {error}"))?;
        Ok(code)
    });
    done.unwrap_or_else(|error| {
        let _ = writeln!(io::stderr(), "error: {error}");
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
        Command::Verify(asked) => verify::run(asked, &account()?, now, output),
        Command::Explain(asked) => explain::run(asked, &account()?, now, output),
        Command::Token(token) => token.run(arguments, now, output),
        Command::Batch => batch::run(arguments, now, output),
    }
}
