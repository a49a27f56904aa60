//! The tables and the JSON object.

#![allow(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a program that prints figures"
)]

mod files;
mod row;

use std::thread;

use anyhow::Result;
use serde_json::json;

use self::files::FileRow;
use self::row::Row;
use crate::arguments::{Arguments, Load};
use crate::files::FileResult;
use crate::measure::LoadResult;

/// Prints the results. The last line is a JSON object with all figures.
pub(crate) fn print(
    arguments: &Arguments,
    results: &[LoadResult],
    file_results: &[FileResult],
) -> Result<()> {
    let rounds = arguments.rounds;
    let cpus = thread::available_parallelism()?;
    println!(
        "median of {rounds} rounds of {} s on {cpus} CPUs; ratios to the constant-bytes server with \
         the same HTTP stack; CPU s per 1,000 responses, without (CPU s) and of (DB CPU) PostgreSQL",
        arguments.seconds
    );
    let mut endpoint = Vec::new();
    for result in results {
        print_load(result);
        let rows = Row::all(result);
        for row in &rows {
            println!("{}", row.line());
        }
        for line in rows.iter().filter_map(Row::query_line) {
            println!("{line}");
        }
        for row in rows {
            endpoint.push(serde_json::to_value(row)?);
        }
    }
    let mut files = Vec::new();
    if !file_results.is_empty() {
        println!("\n{}", FileRow::HEADER);
    }
    for result in file_results {
        let row = FileRow::new(result);
        println!("{}", row.line());
        files.push(serde_json::to_value(row)?);
    }
    println!(
        "\n{}",
        json!({
            "seconds": arguments.seconds,
            "rounds": rounds,
            "cpus": cpus,
            "endpoint": endpoint,
            "files": files,
        })
    );
    Ok(())
}

fn print_load(result: &LoadResult) {
    let Load { ids, connections } = result.load;
    let images = result.images;
    let request = match ids {
        0 => format!("all {images} images"),
        ids => format!("{ids} ids"),
    };
    let connections = match connections {
        1 => "1 connection".to_owned(),
        number => format!("{number} connections"),
    };
    println!("\n{request}, {connections}");
    let time = row::signing(result, |alone| alone.us_per_image);
    let cpu = row::signing(result, |alone| alone.cpu_us_per_image);
    if let Some((time, cpu)) = time.zip(cpu) {
        println!(
            "the last two ratios: to push_signed alone, {time:.2} µs and {cpu:.2} CPU µs per image"
        );
    }
    println!("{}", Row::header(result));
}

/// Returns a number with three significant digits, or `-`.
fn significant(number: Option<f64>) -> String {
    match number {
        None => "-".to_owned(),
        Some(number) if number >= 100.0 => format!("{number:.0}"),
        Some(number) if number >= 10.0 => format!("{number:.1}"),
        Some(number) if number >= 1.0 => format!("{number:.2}"),
        Some(number) => format!("{number:.3}"),
    }
}

fn mib(bytes: u64) -> f64 {
    bytes as f64 / 1024.0 / 1024.0
}
