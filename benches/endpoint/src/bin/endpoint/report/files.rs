//! The figures of the import and of the export.

use serde::Serialize;

use super::row::median;
use super::{mib, significant};
use crate::files::FileResult;
use crate::process::Usage;

/// Medians, except the peak memory, which is the maximum.
#[derive(Debug, Serialize)]
pub(super) struct FileRow {
    command: &'static str,
    images: usize,
    wall_seconds: f64,
    cpu_seconds: f64,
    peak_bytes: u64,
    images_per_second: f64,
    us_per_image: f64,
}

impl FileRow {
    pub(super) const HEADER: &str =
        "SQLite          images  wall s   CPU s  peak MiB  images/s  µs/image";

    pub(super) fn new(result: &FileResult) -> Self {
        let of = |figure: fn(&Usage) -> f64| {
            let figures: Vec<_> = result.usages.iter().map(figure).collect();
            median(&figures).unwrap_or_default()
        };
        let wall_seconds = of(|usage| usage.wall_seconds);
        let peaks = result.usages.iter().map(|usage| usage.peak_bytes);
        let images = result.images as f64;
        Self {
            command: result.command,
            images: result.images,
            wall_seconds,
            cpu_seconds: of(|usage| usage.cpu_seconds),
            peak_bytes: peaks.max().unwrap_or_default(),
            images_per_second: images / wall_seconds,
            us_per_image: wall_seconds * 1e6 / images,
        }
    }

    pub(super) fn line(&self) -> String {
        format!(
            "{:<12}{:>10}{:>8}{:>8}{:>10}{:>10}{:>10}",
            self.command,
            self.images,
            significant(Some(self.wall_seconds)),
            significant(Some(self.cpu_seconds)),
            significant(Some(mib(self.peak_bytes))),
            significant(Some(self.images_per_second)),
            significant(Some(self.us_per_image)),
        )
    }
}
