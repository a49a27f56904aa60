//! The end-to-end benchmark: loads the hosts with `wrk` and compares them with
//! servers that send the same bytes from memory.

#![forbid(unsafe_code)]

mod arguments;
mod cluster;
mod fetch;
mod files;
mod load;
mod measure;
mod process;
mod programs;
mod report;
mod setup;
mod signing;
mod subject;
mod usage;

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

use self::arguments::{Arguments, Part};
use self::programs::Programs;
use self::setup::Setup;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Dropping `run` stops all processes and removes their files.
    let result = tokio::select! {
        result = run(&arguments) => result,
        result = interrupted() => result,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            progress(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<()> {
    if cfg!(debug_assertions) {
        progress("warning: this is a debug build; use benches/endpoint/run");
    }
    let programs = Programs::find(arguments)?;
    let mut results = Vec::new();
    if arguments.only.iter().any(|part| *part != Part::Files) {
        let setup = Setup::start(arguments, &programs).await?;
        results = measure::endpoint(arguments, &setup).await?;
    }
    let mut file_results = Vec::new();
    if arguments.only.contains(&Part::Files) {
        file_results = files::measure(arguments, &programs).await?;
    }
    report::print(arguments, &results, &file_results)
}

/// Waits for a signal that ends the program.
async fn interrupted() -> Result<()> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hang_up.recv() => {}
    }
    bail!("interrupted")
}

/// Prints the progress on standard error.
fn progress(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
