//! Log entries on standard error.

use std::io::{self, IsTerminal};

use anyhow::{Context, Result};
use tracing_subscriber::EnvFilter;

/// Writes log entries to standard error: those that `RUST_LOG` selects, or those of the
/// level `default` and above. Only a terminal gets colors.
///
/// # Errors
///
/// `RUST_LOG` is invalid.
pub fn start(default: &str) -> Result<()> {
    let filter = match std::env::var(EnvFilter::DEFAULT_ENV) {
        Ok(filter) if !filter.is_empty() => {
            EnvFilter::try_new(filter).context("RUST_LOG is invalid")?
        }
        _ => EnvFilter::new(default),
    };
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .try_init()
        .map_err(|error| anyhow::anyhow!(error).context("cannot start the log"))
}
