//! The loop over the library that the SQL functions are compared with.

#![forbid(unsafe_code)]

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Parser;
use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::datatypes::Int64Type;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use image_sync_sql_programs::process;
use url_signer::cloudinary::{Asset, Cloud, CompiledTransformation, Transformation};

const COLUMNS: [&str; 3] = ["public_id", "version", "extension"];

/// Signs the delivery URLs of generated images in a loop, with one thread and without SQL
///
/// Prints the rows, the bytes of all URLs and the seconds. The environment variable
/// `CLOUDINARY_URL` contains the key.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The transformation of all URLs
    #[arg(long, default_value = "c_fill,h_300,w_400")]
    transformation: String,
    /// Prints this number of URLs instead
    #[arg(long, value_name = "ROWS")]
    print: Option<usize>,
    /// The folder with the Parquet files of `generate-images`
    images: PathBuf,
}

fn main() -> ExitCode {
    process::exit(run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> Result<()> {
    let started = Instant::now();
    let cloud = Cloud::from_env()?;
    let transformation = cloud.compile(Transformation::verbatim(&arguments.transformation)?);
    let mut rows = 0_usize;
    let mut bytes = 0_usize;
    let mut output = BufWriter::new(io::stdout().lock());
    for path in files(&arguments.images)? {
        let file = File::open(&path)?;
        let reader = ParquetRecordBatchReaderBuilder::try_new(file)?.with_batch_size(8192);
        let columns = ProjectionMask::columns(reader.parquet_schema(), COLUMNS);
        for batch in reader.with_projection(columns).build()? {
            let more = sign(&cloud, &transformation, &batch?, |url| {
                rows += 1;
                bytes += url.len();
                if let Some(print) = arguments.print {
                    if rows > print {
                        return Ok(false);
                    }
                    output.write_all(url)?;
                    output.write_all(b"\n")?;
                }
                Ok(true)
            })?;
            if !more {
                return Ok(output.flush()?);
            }
        }
    }
    if arguments.print.is_none() {
        let seconds = started.elapsed().as_secs_f64();
        writeln!(output, "rows {rows}\nbytes {bytes}\nseconds {seconds:.3}")?;
    }
    Ok(output.flush()?)
}

/// Passes each URL of a batch to `each`, until it returns `false`.
fn sign(
    cloud: &Cloud,
    transformation: &CompiledTransformation,
    batch: &RecordBatch,
    mut each: impl FnMut(&[u8]) -> Result<bool>,
) -> Result<bool> {
    let column = |name| {
        let column = batch.column_by_name(name);
        column.with_context(|| format!("the images have no column `{name}`"))
    };
    let public_ids = column("public_id")?.as_string::<i32>();
    let versions = column("version")?.as_primitive::<Int64Type>();
    let extensions = column("extension")?.as_string::<i32>();
    let mut url = Vec::new();
    for row in 0..batch.num_rows() {
        let asset = Asset::authenticated(public_ids.value(row))?
            .with_version(u64::try_from(versions.value(row))?)
            .with_extension(extensions.value(row))?;
        url.clear();
        cloud
            .asset_signer(&asset)
            .write_compiled(transformation, &mut url);
        if !each(&url)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns the Parquet files of a folder in the order of their names.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let context = || format!("cannot read {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(context)? {
        let path = entry.with_context(context)?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "parquet")
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
