//! Progress bars for long commands.

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};

/// Returns a progress bar on standard error. It is hidden if standard error is no
/// terminal.
pub(crate) fn bar(length: u64, unit: &str) -> Result<ProgressBar> {
    let template = format!("{{wide_bar}} {{human_pos}} of {{human_len}} {unit}, {{eta}} left");
    let style = ProgressStyle::with_template(&template)?;
    Ok(ProgressBar::new(length).with_style(style))
}
