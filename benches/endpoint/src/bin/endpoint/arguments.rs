//! The command line.

use std::num::NonZeroUsize;

use clap::{Parser, ValueEnum, value_parser};

/// Loads the hosts with wrk and compares them with servers that send the same bytes
/// from memory. Prints tables, and all figures as JSON in the last line.
#[derive(Debug, Parser)]
#[command(name = "benches/endpoint/run")]
pub(crate) struct Arguments {
    /// The duration of one measurement in seconds
    #[arg(long, default_value_t = 2, value_parser = value_parser!(u64).range(1..))]
    pub(crate) seconds: u64,
    /// The number of measurements, whose median is printed
    #[arg(long, default_value_t = NonZeroUsize::MIN.saturating_add(2))]
    pub(crate) rounds: NonZeroUsize,
    /// The parts to measure
    #[arg(
        long,
        value_enum,
        value_name = "NAME,…",
        value_delimiter = ',',
        default_values = ["sqlite", "postgres", "actix", "files"]
    )]
    pub(crate) only: Vec<Part>,
    /// The numbers of ids in a request; 0 requests all images
    #[arg(long, value_name = "NUMBER,…", value_delimiter = ',', default_values_t = [4, 100, 0])]
    pub(crate) ids: Vec<usize>,
    /// The numbers of connections for requests with ids
    #[arg(long, value_name = "NUMBER,…", value_delimiter = ',', default_values_t = [1, 16, 64])]
    pub(crate) connections: Vec<usize>,
    /// The numbers of connections for requests of all images
    #[arg(long, value_name = "NUMBER,…", value_delimiter = ',', default_values_t = [1, 4])]
    pub(crate) all_connections: Vec<usize>,
    /// The number of generated images that the hosts serve
    #[arg(long, value_name = "NUMBER", default_value_t = 10_000)]
    pub(crate) images: u32,
    /// The number of images to import and export
    #[arg(long, value_name = "NUMBER", default_value_t = 100_000)]
    pub(crate) file_images: usize,
}

/// A part of the benchmark.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Part {
    /// image-host on SQLite
    Sqlite,
    /// image-host on PostgreSQL
    Postgres,
    /// actix-host
    Actix,
    /// Import and export of image-host
    Files,
}

/// The load of a measurement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    /// The number of ids in a request. 0 requests all images.
    pub(crate) ids: usize,
    pub(crate) connections: usize,
}

impl Arguments {
    pub(crate) fn loads(&self) -> Vec<Load> {
        let loads = self.ids.iter().flat_map(|ids| {
            let connections = match ids {
                0 => &self.all_connections,
                _ => &self.connections,
            };
            connections.iter().map(|connections| Load {
                ids: *ids,
                connections: *connections,
            })
        });
        loads.collect()
    }
}
