//! Sessions of one process and of a cluster, and their parts that all processes share.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use ballista::prelude::{SessionConfigExt, SessionContextExt};
use ballista_core::registry::BallistaFunctionRegistry;
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::prelude::{SessionConfig, SessionContext};
use image_sync_sql::{EnvironmentError, ImageSyncOptions, Signers, functions, register};
use tokio::net::TcpStream;
use tokio::time;

use crate::arguments::{Fingerprint, SchedulerAddress};

/// The rows of a row group of a Parquet file that is written. A cluster divides a file
/// into its row groups, and a writer keeps a row group in memory.
pub const ROW_GROUP: usize = 100_000;

/// The stack of a thread. Plans of queries are recursive.
pub const STACK: usize = 32 << 20;

/// The time in which a scheduler accepts the connection of a client.
const CONNECT: Duration = Duration::from_secs(10);

/// Reads the keys of a process that runs queries, as [`required_signers`]. Queries without
/// signatures need no keys.
///
/// # Errors
///
/// A variable has an invalid value.
pub fn signers() -> Result<Signers, EnvironmentError> {
    match required_signers() {
        Err(EnvironmentError::NoKeys) => Ok(Signers::none()),
        signers => signers,
    }
}

/// Reads the keys of a process from its environment, and logs warnings about them.
///
/// # Errors
///
/// No variable is set, or a variable has an invalid value.
pub fn required_signers() -> Result<Signers, EnvironmentError> {
    let signers = Signers::from_env()?;
    for warning in signers.warnings() {
        tracing::warn!("{warning}");
    }
    Ok(signers)
}

/// Where queries run.
#[derive(Clone, Debug)]
pub enum Place {
    /// In this process.
    Process(Signers),
    /// In this process, but as on a cluster.
    Standalone(Signers),
    /// On a cluster.
    Cluster(SchedulerAddress),
}

/// The settings of a session that are options of the command line.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The number of partitions.
    pub partitions: Option<usize>,
    /// The fingerprint that the keys of all executors must have.
    pub key_fingerprint: Option<Fingerprint>,
}

impl Settings {
    fn apply(&self, config: SessionConfig) -> SessionConfig {
        let options = ImageSyncOptions {
            key_fingerprint: self.key_fingerprint.as_ref().map(Fingerprint::to_string),
        };
        let config = config.with_option_extension(options);
        match self.partitions {
            Some(partitions) => config.with_target_partitions(partitions),
            None => config,
        }
    }
}

/// Returns the configuration that the sessions of a scheduler and of executors start with.
#[must_use]
pub fn cluster_config() -> SessionConfig {
    with_row_groups(SessionConfig::new_with_ballista())
        .with_option_extension(ImageSyncOptions::default())
}

fn process_config() -> SessionConfig {
    with_row_groups(SessionConfig::new().with_information_schema(true))
}

fn with_row_groups(config: SessionConfig) -> SessionConfig {
    config.set_usize("datafusion.execution.parquet.max_row_group_size", ROW_GROUP)
}

/// Returns the functions of an executor, which sign with its keys.
///
/// # Errors
///
/// A function cannot be registered.
pub fn registry(signers: &Signers) -> datafusion::error::Result<BallistaFunctionRegistry> {
    let mut state = SessionStateBuilder::new().with_default_features().build();
    functions(signers).register_into(&mut state)?;
    Ok(BallistaFunctionRegistry::from(&state))
}

/// Returns the state of a session of a scheduler, which plans and has no keys.
///
/// # Errors
///
/// A function cannot be registered.
pub fn scheduler_state(
    config: SessionConfig,
    runtime: Arc<RuntimeEnv>,
) -> datafusion::error::Result<SessionState> {
    let state = ballista_core::utils::default_session_builder(config)?;
    let mut state = SessionStateBuilder::new_from_existing(state)
        .with_runtime_env(runtime)
        .build();
    functions(&Signers::none()).register_into(&mut state)?;
    Ok(state)
}

/// Opens a session.
///
/// # Errors
///
/// The scheduler cannot be reached, or a function cannot be registered.
pub async fn open(
    place: Place,
    settings: &Settings,
    runtime: Arc<RuntimeEnv>,
) -> Result<SessionContext> {
    let config = match &place {
        Place::Process(_) => process_config(),
        _ => cluster_config(),
    };
    let state = SessionStateBuilder::new()
        .with_default_features()
        .with_config(settings.apply(config))
        .with_runtime_env(runtime)
        .build();
    match place {
        Place::Process(signers) => {
            let session = SessionContext::new_with_state(state);
            register(&session, signers)?;
            Ok(session)
        }
        Place::Standalone(signers) => {
            let session = SessionContext::new_with_state(state);
            register(&session, signers)?;
            let session = SessionContext::standalone_with_state(session.state()).await?;
            // The client of a cluster has only the functions of DataFusion.
            register(&session, Signers::none())?;
            Ok(session)
        }
        Place::Cluster(scheduler) => {
            connect(&scheduler).await?;
            let url = format!("df://{scheduler}");
            let session = SessionContext::remote_with_state(&url, state).await?;
            register(&session, Signers::none())?;
            Ok(session)
        }
    }
}

/// Connects to a scheduler once, for a clear error before the first query.
async fn connect(scheduler: &SchedulerAddress) -> Result<()> {
    let context = || format!("cannot connect to the scheduler at {scheduler}");
    let connected = time::timeout(CONNECT, TcpStream::connect(scheduler.socket())).await;
    let connected = connected.with_context(|| {
        let seconds = CONNECT.as_secs();
        format!("{} within {seconds} seconds", context())
    })?;
    connected.with_context(context)?;
    Ok(())
}
