//! The processes of a cluster.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::builder::RangedU64ValueParser;
use tokio::signal;

use crate::logging;
use crate::report::report;
use crate::session::STACK;

/// Runs a process until it ends or fails. The error is printed on standard error.
pub fn run<A, F>(arguments: A, process: impl FnOnce(A) -> F) -> ExitCode
where
    F: Future<Output = Result<()>> + Send + 'static,
{
    let result = logging::start("info").and_then(|()| {
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_stack_size(STACK)
            .build()?
            .block_on(async { tokio::spawn(process(arguments)).await? })
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {}", report(error.as_ref()));
            ExitCode::FAILURE
        }
    }
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
