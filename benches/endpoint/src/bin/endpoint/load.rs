//! The load generator `wrk`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::process::Process;

/// A script that prints exact figures. It has no function per request, so it does not
/// slow `wrk` down.
const SCRIPT: &str = r#"
function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        '{"requests":%d,"bytes":%d,"duration_us":%d,"p50_us":%d,"p99_us":%d,' ..
        '"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d}\n',
        summary.requests, summary.bytes, summary.duration,
        latency:percentile(50), latency:percentile(99),
        errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end
"#;

/// The time limit of a response. wrk counts slower responses as errors.
const TIMEOUT: &str = "30s";

/// The load generator with an access token.
#[derive(Debug)]
pub(crate) struct Wrk {
    program: PathBuf,
    script: PathBuf,
    folder: PathBuf,
    authorization: String,
}

/// The figures of one run.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
pub(crate) struct Summary {
    /// The number of complete responses.
    pub(crate) requests: u64,
    /// The received bytes, also of incomplete responses.
    pub(crate) bytes: u64,
    pub(crate) duration_us: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    #[serde(flatten)]
    errors: Errors,
}

/// The numbers of errors of one run.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq)]
struct Errors {
    connect: u64,
    read: u64,
    write: u64,
    /// Responses whose status is greater than 399.
    status: u64,
    timeout: u64,
}

impl Wrk {
    pub(crate) fn new(program: &Path, token: &str, folder: &Path) -> Result<Self> {
        let script = folder.join("report.lua");
        fs::write(&script, SCRIPT)?;
        Ok(Self {
            program: program.to_owned(),
            script,
            folder: folder.to_owned(),
            authorization: format!("Authorization: Bearer {token}"),
        })
    }

    /// Loads a URL. Fails if a response is an error, or if there is no response.
    pub(crate) async fn run(&self, url: &str, connections: usize, seconds: u64) -> Result<Summary> {
        let mut command = Command::new(&self.program);
        command
            .arg("--threads=1")
            .arg(format!("--connections={connections}"))
            .arg(format!("--duration={seconds}s"))
            .arg(format!("--timeout={TIMEOUT}"))
            .arg("--script")
            .arg(&self.script)
            .args(["--header", &self.authorization, url]);
        let output = Process::start(&mut command, "wrk", &self.folder)?;
        let summary = Summary::parse(&output.finish().await?)?;
        let errors = summary.errors;
        ensure!(errors == Errors::default(), "wrk: {errors:?}");
        ensure!(
            summary.requests > 0,
            "no response was complete after {seconds} s; use a greater number of `--seconds`"
        );
        Ok(summary)
    }
}

impl Summary {
    /// Parses the output of `wrk`. The script prints the last line.
    fn parse(output: &str) -> Result<Self> {
        let line = output.lines().last().context("wrk printed nothing")?;
        serde_json::from_str(line).with_context(|| format!("unexpected output of wrk: {line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The output of wrk debian/4.1.0-3+b2 with the script, for a path that Python's
    /// `http.server` does not have.
    const OUTPUT: &str = r#"Running 1s test @ http://127.0.0.1:8765/missing?ids[]=1&ids[]=2
  1 threads and 1 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     3.94ms    8.72ms  63.32ms   91.46%
    Req/Sec     1.17k   676.22     2.33k    70.00%
  1173 requests in 1.02s, 595.66KB read
  Non-2xx or 3xx responses: 1173
Requests/sec:   1145.84
Transfer/sec:    581.87KB
{"requests":1173,"bytes":609960,"duration_us":1023702,"p50_us":308,"p99_us":48495,"connect":0,"read":0,"write":0,"status":1173,"timeout":0}
"#;

    #[test]
    fn output_of_wrk_contains_exact_figures() {
        let summary = Summary::parse(OUTPUT).unwrap();
        let errors = Errors {
            status: 1_173,
            ..Errors::default()
        };
        assert_eq!(
            summary,
            Summary {
                requests: 1_173,
                bytes: 609_960,
                duration_us: 1_023_702.0,
                p50_us: 308.0,
                p99_us: 48_495.0,
                errors,
            }
        );
        // `Requests/sec`, which wrk computes itself.
        let per_second = 1_173.0 / (summary.duration_us / 1e6);
        assert_eq!(format!("{per_second:.2}"), "1145.84");
        assert!(Summary::parse("unable to connect").is_err());
    }
}
