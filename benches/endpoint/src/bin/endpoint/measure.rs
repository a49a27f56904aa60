//! The measurement of the servers under load.

use anyhow::{Context, Error, Result};
use tokio::time::{Duration, sleep};

use crate::arguments::{Arguments, Load};
use crate::cluster::Cluster;
use crate::process::Server;
use crate::progress;
use crate::setup::Setup;
use crate::signing::SigningSample;
use crate::subject::Subject;
use crate::usage;

/// The time after a measurement in which a server ends the responses that nobody reads.
const PAUSE: Duration = Duration::from_millis(100);

/// One measurement of a server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) per_second: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    /// The CPU time of the server per 1,000 responses.
    pub(crate) cpu_seconds: f64,
    /// The CPU time of PostgreSQL per 1,000 responses.
    pub(crate) database_cpu_seconds: Option<f64>,
    pub(crate) peak_bytes: u64,
}

/// The measurements of a server with one load, one per round.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) subject: Subject,
    pub(crate) samples: Vec<Sample>,
}

/// The measurements of all servers with one load. The servers were measured in turn.
#[derive(Debug)]
pub(crate) struct LoadResult {
    pub(crate) load: Load,
    /// The number of images in a response.
    pub(crate) images: usize,
    pub(crate) servers: Vec<Measured>,
    /// Signing and encoding without a server, one measurement per round. Empty for requests
    /// with ids.
    pub(crate) signing: Vec<SigningSample>,
}

/// Measures all servers with all loads.
pub(crate) async fn endpoint(arguments: &Arguments, setup: &Setup) -> Result<Vec<LoadResult>> {
    let loads = arguments.loads();
    let busiest = loads.iter().filter(|load| load.ids > 0);
    if let Some(load) = busiest.max_by_key(|load| load.connections) {
        progress("warming up");
        for (subject, server) in &setup.servers {
            let url = setup.url(server, load.ids)?;
            let warm_up = setup.wrk.run(&url, load.connections, 1).await;
            warm_up.map_err(|error| failure(error, *subject, server))?;
        }
    }
    let mut results = Vec::new();
    for load in loads {
        let servers = setup.servers.iter().map(|(subject, _)| Measured {
            subject: *subject,
            samples: Vec::new(),
        });
        let mut result = LoadResult {
            load,
            images: setup.payload(load.ids)?.images,
            servers: servers.collect(),
            signing: Vec::new(),
        };
        for round in 1..=arguments.rounds.get() {
            let Load { ids, connections } = load;
            progress(&format!(
                "{ids} ids, {connections} connections, round {round}"
            ));
            for ((subject, server), measured) in setup.servers.iter().zip(&mut result.servers) {
                let sample = sample(setup, *subject, server, load, arguments.seconds).await;
                let sample = sample.map_err(|error| failure(error, *subject, server))?;
                measured.samples.push(sample);
            }
            if ids == 0 {
                result.signing.push(setup.signing.measure()?);
            }
        }
        results.push(result);
    }
    Ok(results)
}

/// Prints the end of the server's log and returns an error that names the server.
fn failure(error: Error, subject: Subject, server: &Server) -> Error {
    progress(&server.process.log_end());
    error.context(subject.name())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "numbers of requests and bytes are below 2^53"
)]
async fn sample(
    setup: &Setup,
    subject: Subject,
    server: &Server,
    load: Load,
    seconds: u64,
) -> Result<Sample> {
    let process = server.process.id();
    let cluster = setup.cluster.as_ref();
    let database = cluster.filter(|_| subject.uses_postgresql());
    let database = database.map(Cluster::process).transpose()?;
    let cpu = || -> Result<_> {
        let database = database.map(usage::cpu_seconds_with_children).transpose()?;
        Ok((usage::cpu_seconds(process)?, database))
    };
    let url = setup.url(server, load.ids)?;
    sleep(PAUSE).await;
    usage::reset_peak(process)?;
    let (cpu_before, database_before) = cpu()?;
    let summary = setup.wrk.run(&url, load.connections, seconds).await?;
    let (cpu_after, database_after) = cpu()?;
    // Few responses with all images end within a measurement, so their bytes are counted,
    // also those of incomplete responses. The heads are less than 0.1 % of the bytes.
    let responses = if load.ids == 0 {
        summary.bytes as f64 / setup.payload(0)?.bytes.len() as f64
    } else {
        summary.requests as f64
    };
    let per_1000 = |seconds: f64| seconds * 1_000.0 / responses;
    let database = database_after.zip(database_before);
    Ok(Sample {
        per_second: responses / (summary.duration_us / 1e6),
        p50_us: summary.p50_us,
        p99_us: summary.p99_us,
        cpu_seconds: per_1000(cpu_after - cpu_before),
        database_cpu_seconds: database.map(|(after, before)| per_1000(after - before)),
        peak_bytes: usage::peak_bytes(process)?.context("the server has ended")?,
    })
}
