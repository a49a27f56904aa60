//! The limits of a sync.

use std::time::Duration;

use clap::{Args, value_parser};

/// The longest time limit, in seconds: one year.
const LONGEST: u64 = 365 * 24 * 60 * 60;

/// The options that limit a sync.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Limits")]
pub(crate) struct Limits {
    /// The maximum time until the first image and between two images
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = value_parser!(u64).range(1..=LONGEST))]
    image_timeout: u64,
    /// The maximum time of a sync, including its retries
    #[arg(long, value_name = "SECONDS", default_value_t = 3_600, value_parser = value_parser!(u64).range(1..=LONGEST))]
    sync_timeout: u64,
    /// The maximum number of images in a payload
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000_000)]
    pub(crate) max_images: u64,
    /// The maximum size of a payload, compressed and decompressed
    #[arg(long, value_name = "BYTES", default_value_t = 4 * 1024 * 1024 * 1024)]
    pub(crate) max_bytes: u64,
    /// The maximum number of invalid images in a payload
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000)]
    pub(crate) max_invalid: u64,
    /// The maximum share of the copy that a sync removes; 100 allows every removal
    #[arg(long, value_name = "PERCENT", default_value_t = 50, value_parser = value_parser!(u8).range(..=100))]
    pub(crate) max_removed: u8,
}

impl Limits {
    pub(crate) const fn image_timeout(&self) -> Duration {
        Duration::from_secs(self.image_timeout)
    }

    pub(crate) const fn sync_timeout(&self) -> Duration {
        Duration::from_secs(self.sync_timeout)
    }

    /// Parses command-line arguments.
    #[cfg(test)]
    pub(crate) fn parse(arguments: &[&str]) -> Self {
        use clap::{Command, FromArgMatches};

        let command = Self::augment_args(Command::new("client").no_binary_name(true));
        Self::from_arg_matches(&command.get_matches_from(arguments)).unwrap()
    }
}
