//! Writes Parquet files with generated images, for tests and benchmarks.

#![forbid(unsafe_code)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use image_sync_sql_programs::generated::{GeneratedFile, write};
use image_sync_sql_programs::process;
use image_sync_sql_programs::session::ROW_GROUP;

/// Writes Parquet files with generated images
///
/// The number of an image determines its other columns: two runs write the same rows, in
/// any number of files.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The number of images
    #[arg(long)]
    rows: u64,
    /// The number of files of nearly equal size
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    files: u64,
    /// The rows of a row group
    #[arg(long, value_name = "ROWS", default_value_t = ROW_GROUP)]
    row_group: usize,
    /// The folder for the files, which are `images-00000.parquet` and so on
    output: PathBuf,
}

fn main() -> ExitCode {
    process::exit(generate(&Arguments::parse()))
}

fn generate(arguments: &Arguments) -> Result<()> {
    let Arguments { rows, files, .. } = *arguments;
    anyhow::ensure!(arguments.row_group > 0, "a row group has at least one row");
    let output: &Path = &arguments.output;
    fs::create_dir_all(output).with_context(|| format!("cannot create {}", output.display()))?;
    // The products exceed 64 bits for more than 10^15 rows only.
    let start = |file: u64| u128::from(rows) * u128::from(file) / u128::from(files);
    for number in 0..files {
        let rows = u64::try_from(start(number))?..u64::try_from(start(number + 1))?;
        let file = GeneratedFile {
            rows,
            row_group: arguments.row_group,
        };
        write(&output.join(format!("images-{number:05}.parquet")), &file)?;
    }
    Ok(())
}
