//! The scheduler of a cluster that runs SQL with signed Cloudinary URLs.

#![forbid(unsafe_code)]

use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use ballista_core::config::TaskSchedulingPolicy;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::{create_scheduler, start_grpc_service_with_listener};
use clap::Parser;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use image_sync_sql_programs::arguments::{Fingerprint, Host, SCHEDULER_PORT, advertised_host};
use image_sync_sql_programs::key_check::{KeyCheck, checked};
use image_sync_sql_programs::session::{cluster_config, scheduler_state};
use image_sync_sql_programs::{process, stores};
use tokio::net::TcpListener;

const HELP: &str = "\
The scheduler needs no keys. It has no access control: every program that can connect to
its port can have URLs signed. Bind it to an address of a private network. RUST_LOG selects
log entries.";

/// Plans queries and distributes them to executors
#[derive(Debug, Parser)]
#[command(version, after_help = HELP)]
struct Arguments {
    /// The IP address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    bind: IpAddr,
    /// The name or the address under which executors reach this scheduler [default: the
    /// address to listen on]
    #[arg(long)]
    host: Option<Host>,
    /// The port for clients and executors; 0 selects a free port
    #[arg(long, default_value_t = SCHEDULER_PORT)]
    port: u16,
    /// The fingerprint that the keys of all executors must have [default: that of the first
    /// executor]
    #[arg(long, value_name = "FINGERPRINT")]
    key_fingerprint: Option<Fingerprint>,
    /// The executors without which `/readyz` responds with 503
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    min_ready_executors: usize,
    /// Seconds without a heartbeat after which an executor is lost and its tasks run again;
    /// more than `--heartbeat` of the executors
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = process::seconds())]
    executor_timeout: u64,
    /// Seconds between two checks for lost executors
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = process::seconds())]
    check_interval: u64,
    /// Seconds for which executors keep the data of a finished job
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = process::seconds())]
    keep_data: u64,
}

fn main() -> ExitCode {
    process::run("info", Arguments::parse(), serve)
}

async fn serve(arguments: Arguments) -> Result<()> {
    let host = advertised_host(arguments.bind, arguments.host.as_ref())?;
    let address = SocketAddr::new(arguments.bind, arguments.port);
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}"))?;
    let address = listener.local_addr()?;
    let runtime = stores::runtime(None, None)?;
    let config = SchedulerConfig {
        bind_host: address.ip().to_string(),
        bind_port: address.port(),
        external_host: host,
        scheduling_policy: TaskSchedulingPolicy::PushStaged,
        min_ready_executors: arguments.min_ready_executors,
        executor_timeout_seconds: arguments.executor_timeout,
        no_executors_grace_period_seconds: arguments.executor_timeout,
        expire_dead_executor_interval_seconds: arguments.check_interval,
        finished_job_data_clean_up_interval_seconds: arguments.keep_data,
        override_config_producer: Some(Arc::new(cluster_config)),
        override_session_builder: Some(Arc::new(move |config| {
            scheduler_state(config, Arc::clone(&runtime))
        })),
        ..SchedulerConfig::default()
    };
    config.validate()?;
    let cluster = BallistaCluster::new_from_config(&config).await?;
    let cluster = checked(&cluster, KeyCheck::new(arguments.key_fingerprint));
    let scheduler =
        create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, Arc::new(config)).await?;
    // A closed standard output is no reason to stop.
    let _ = writeln!(io::stdout(), "listening on {address}");
    tokio::select! {
        ended = start_grpc_service_with_listener(listener, scheduler) => Ok(ended?),
        signal = process::stop_signal() => signal,
    }
}
