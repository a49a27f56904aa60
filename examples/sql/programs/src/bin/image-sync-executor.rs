//! An executor of a cluster that runs SQL with signed Cloudinary URLs.

#![forbid(unsafe_code)]

use std::fs;
use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use ballista_core::config::TaskSchedulingPolicy;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use clap::Parser;
use image_sync_sql::Signers;
use image_sync_sql_programs::arguments::{
    Bytes, Host, SchedulerAddress, advertised_host, url_host,
};
use image_sync_sql_programs::key_check::executor_id;
use image_sync_sql_programs::session::{cluster_config, registry, required_signers};
use image_sync_sql_programs::{process, stores};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::time;

const HELP: &str = "\
All executors of a cluster need the same keys. An executor has no access control: bind it
to an address of a private network.";

/// Runs the tasks of queries
#[derive(Debug, Parser)]
#[command(version, after_help = help())]
struct Arguments {
    /// The scheduler of the cluster
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50050")]
    scheduler: SchedulerAddress,
    /// Prints the fingerprint of the keys and exits
    #[arg(long)]
    print_fingerprint: bool,
    /// The IP address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    bind: IpAddr,
    /// The name or the address under which clients and the other processes reach this
    /// executor [default: the address to listen on]
    #[arg(long)]
    host: Option<Host>,
    /// The port for the results of tasks; 0 selects a free port
    #[arg(long, default_value_t = 50_051)]
    port: u16,
    /// The port for the scheduler; 0 selects a free port
    #[arg(long, value_name = "PORT", default_value_t = 50_052)]
    task_port: u16,
    /// The folder for the results of tasks [default: a temporary folder]
    #[arg(long, value_name = "FOLDER")]
    work_dir: Option<PathBuf>,
    /// The tasks that run at the same time [default: one per core]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    cores: Option<u16>,
    /// The memory of all tasks for sorting and grouping [default: 70 % of the memory of the
    /// machine]
    #[arg(long, value_name = "BYTES")]
    memory_limit: Option<Bytes>,
    /// Seconds between two heartbeats; less than `--executor-timeout` of the scheduler
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = process::seconds())]
    heartbeat: u64,
    /// Seconds to wait for the scheduler at the start
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = process::seconds())]
    connect_timeout: u64,
}

fn help() -> String {
    let environment = Signers::ENVIRONMENT_HELP;
    format!(
        "{HELP}\n\n{environment}\n  RUST_LOG        the log entries, such as `debug` [default: info]"
    )
}

fn main() -> ExitCode {
    process::run("info", Arguments::parse(), execute)
}

async fn execute(arguments: Arguments) -> Result<()> {
    let signers = required_signers()?;
    let fingerprint = signers.fingerprint().unwrap_or_default().to_owned();
    // A closed standard output is no reason to stop.
    if arguments.print_fingerprint {
        let _ = writeln!(io::stdout(), "{fingerprint}");
        return Ok(());
    }
    let _ = writeln!(io::stdout(), "key fingerprint {fingerprint}");
    tracing::info!("the fingerprint of the keys is {fingerprint}");
    let host = advertised_host(arguments.bind, arguments.host.as_ref())?;
    let [port, task_port] = free_ports(arguments.bind, [arguments.port, arguments.task_port])?;
    wait_for(&arguments.scheduler, arguments.connect_timeout).await?;

    // A temporary folder is removed at the end.
    let mut temporary = None;
    let work_dir = if let Some(folder) = &arguments.work_dir {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        folder.canonicalize()?
    } else {
        let folder = TempDir::with_prefix("image-sync-executor-")?;
        temporary.insert(folder).path().to_owned()
    };
    let Some(work_dir_text) = work_dir.to_str().map(str::to_owned) else {
        bail!("--work-dir {}: the path is not UTF-8", work_dir.display());
    };
    let config = ExecutorProcessConfig {
        executor_id: executor_id(&fingerprint),
        bind_host: url_host(arguments.bind),
        external_host: Some(host),
        port,
        grpc_port: task_port,
        scheduler_host: arguments.scheduler.host,
        scheduler_port: arguments.scheduler.port,
        vcores: arguments.cores.map_or(0, usize::from),
        task_scheduling_policy: TaskSchedulingPolicy::PushStaged,
        work_dir: Some(work_dir_text),
        executor_heartbeat_interval_seconds: arguments.heartbeat,
        memory_pool_size: memory(arguments.memory_limit),
        override_function_registry: Some(Arc::new(registry(&signers)?)),
        override_config_producer: Some(Arc::new(cluster_config)),
        override_runtime_producer: Some(Arc::new(move |_| stores::runtime(None, Some(&work_dir)))),
        ..ExecutorProcessConfig::default()
    };
    start_executor_process(Arc::new(config)).await?;
    Ok(())
}

/// Returns the given ports, and a free port for each 0. The number of a port is sent to
/// the scheduler before the executor listens on it.
fn free_ports(address: IpAddr, ports: [u16; 2]) -> Result<[u16; 2]> {
    let listen = |port| {
        let address = SocketAddr::new(address, port);
        TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))
    };
    let [first, second] = ports;
    // Both are open at the same time, so that the free ports differ.
    let (first, second) = (listen(first)?, listen(second)?);
    Ok([first.local_addr()?.port(), second.local_addr()?.port()])
}

fn memory(limit: Option<Bytes>) -> Option<u64> {
    limit.and_then(|Bytes(bytes)| u64::try_from(bytes).ok())
}

/// Waits until the scheduler accepts connections. Ballista would wait without an end.
async fn wait_for(scheduler: &SchedulerAddress, seconds: u64) -> Result<()> {
    let connected = time::timeout(Duration::from_secs(seconds), async {
        while let Err(error) = TcpStream::connect(scheduler.socket()).await {
            tracing::info!("waiting for the scheduler at {scheduler}: {error}");
            time::sleep(Duration::from_millis(500)).await;
        }
    });
    if connected.await.is_err() {
        bail!("no scheduler accepts connections at {scheduler} within {seconds} seconds");
    }
    Ok(())
}
