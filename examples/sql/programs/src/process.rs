//! The start and the end of a process.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::builder::RangedU64ValueParser;
use tokio::signal;

use crate::logging;
use crate::report::report;
use crate::session::STACK;

/// Prints the error of a program on standard error, and returns the exit status.
#[must_use]
pub fn exit(result: Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {}", report(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// Runs a process until it ends or fails. `RUST_LOG` replaces `log_levels`.
pub fn run<A, F>(log_levels: &str, arguments: A, process: impl FnOnce(A) -> F) -> ExitCode
where
    F: Future<Output = Result<()>> + Send + 'static,
{
    exit(logging::start(log_levels).and_then(|()| {
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_stack_size(STACK)
            .build()?
            .block_on(async { tokio::spawn(process(arguments)).await? })
    }))
}

/// Returns the parser of options that are numbers of seconds.
#[must_use]
pub fn seconds() -> RangedU64ValueParser {
    RangedU64ValueParser::new().range(1..=86_400)
}

/// Waits for SIGTERM or Ctrl+C.
///
/// # Errors
///
/// The operating system rejects the handler.
pub async fn stop_signal() -> Result<()> {
    tokio::select! {
        pressed = signal::ctrl_c() => pressed?,
        terminated = terminated() => terminated?,
    }
    tracing::info!("shutting down");
    Ok(())
}

#[cfg(unix)]
async fn terminated() -> io::Result<()> {
    let mut terminated = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    terminated.recv().await;
    Ok(())
}

#[cfg(not(unix))]
async fn terminated() -> io::Result<()> {
    std::future::pending().await
}
