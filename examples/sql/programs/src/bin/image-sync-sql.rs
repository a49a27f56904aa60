//! Runs SQL with signed Cloudinary URLs, in one process or on a cluster.

#![forbid(unsafe_code)]

use std::fs;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{ArgGroup, Parser};
use image_sync_sql::Signers;
use image_sync_sql_programs::arguments::{Bytes, Fingerprint, SchedulerAddress};
use image_sync_sql_programs::output::{Format, Output};
use image_sync_sql_programs::session::{self, Place, Settings};
use image_sync_sql_programs::tables::{NamedTable, add_table, with_paths_as_tables};
use image_sync_sql_programs::{process, query, stores};

const HELP: &str = "\
Paths of files are names of tables: SELECT * FROM 'images.parquet'. COPY (SELECT …) TO
'urls.parquet' writes a file. SHOW FUNCTIONS LIKE '%delivery_url%' describes functions.

With --scheduler, the executors need the keys, and this process needs none.";

/// Runs SQL with signed Cloudinary URLs
#[derive(Debug, Parser)]
#[command(version, after_help = help(), group = ArgGroup::new("sql").required(true))]
struct Arguments {
    /// The statements to run, separated by `;`
    #[arg(long, short, value_name = "SQL", group = "sql")]
    query: Option<String>,
    /// A file with the statements to run, `-` for standard input
    #[arg(long, short, value_name = "PATH", group = "sql")]
    file: Option<PathBuf>,
    /// A table: a file or a folder of Parquet, NDJSON or CSV; can be repeated
    #[arg(long, short, value_name = "NAME=PATH")]
    table: Vec<NamedTable>,
    /// The format of the results
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// The rows of a result that `--format table` prints
    #[arg(long, value_name = "ROWS", default_value_t = 100)]
    max_rows: usize,
    /// Runs the queries on the cluster of this scheduler
    #[arg(long, value_name = "HOST:PORT")]
    scheduler: Option<SchedulerAddress>,
    /// Runs the queries in this process, but in stages and tasks as on a cluster
    #[arg(long, conflicts_with = "scheduler")]
    standalone: bool,
    /// Fails if a process signs with keys of another fingerprint
    #[arg(long, value_name = "FINGERPRINT")]
    key_fingerprint: Option<Fingerprint>,
    /// The parts of a query that run at the same time [default: one per core; 16 on a
    /// cluster]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    partitions: Option<u16>,
    /// The memory for sorting and grouping; larger data is written to temporary files
    #[arg(long, value_name = "BYTES", conflicts_with_all = ["scheduler", "standalone"])]
    memory_limit: Option<Bytes>,
}

fn help() -> String {
    let environment = Signers::ENVIRONMENT_HELP;
    format!(
        "{HELP}\n\n{environment}\n  RUST_LOG        the log entries, such as `info` [default: warn]"
    )
}

fn main() -> ExitCode {
    // The error of a failed job is printed at the end.
    let log_levels = "warn,ballista_core::execution_plans::distributed_query=off";
    process::run(log_levels, Arguments::parse(), run_statements)
}

async fn run_statements(arguments: Arguments) -> Result<()> {
    let sql = sql(&arguments)?;
    let settings = Settings {
        partitions: arguments.partitions.map(usize::from),
        key_fingerprint: arguments.key_fingerprint,
    };
    let place = match &arguments.scheduler {
        Some(scheduler) => Place::Cluster(scheduler.clone()),
        None if arguments.standalone => Place::Standalone(session::signers()?),
        None => Place::Process(session::signers()?),
    };
    let runtime = stores::runtime(arguments.memory_limit, None)?;
    let session = session::open(place, &settings, runtime).await?;
    let session = with_paths_as_tables(session);
    for table in &arguments.table {
        add_table(&session, table).await?;
    }
    let mut output = Output::new(io::stdout(), arguments.format, arguments.max_rows);
    let scheduler = arguments.scheduler.as_ref();
    if !query::run(&session, &sql, scheduler, &mut output).await? {
        let rows = arguments.max_rows;
        let _ = writeln!(
            io::stderr(),
            "warning: only the first {rows} rows are printed; use --max-rows, --format or COPY"
        );
    }
    Ok(())
}

fn sql(arguments: &Arguments) -> Result<String> {
    match (&arguments.query, &arguments.file) {
        (Some(query), _) => Ok(query.clone()),
        (None, Some(path)) if path.as_os_str() != "-" => {
            fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
        }
        _ => {
            let mut sql = String::new();
            let read = io::stdin().read_to_string(&mut sql);
            read.context("cannot read standard input")?;
            Ok(sql)
        }
    }
}
