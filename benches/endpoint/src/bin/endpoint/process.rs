//! Processes that end with this program.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tokio::time::sleep;

use crate::usage;

/// The time limit for the start of a server, which may generate images.
const START: Duration = Duration::from_mins(2);

/// The time between two looks at a process.
const PAUSE: Duration = Duration::from_millis(5);

/// A process that is killed when it is dropped. Its output is written to files.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    name: String,
    output: PathBuf,
    log: PathBuf,
}

impl Process {
    /// Starts a process. Its output is written to `NAME.out` and `NAME.log` in a folder.
    pub(crate) fn start(command: &mut Command, name: &str, folder: &Path) -> Result<Self> {
        let output = folder.join(format!("{name}.out"));
        let log = folder.join(format!("{name}.log"));
        let child = command
            .stdin(Stdio::null())
            .stdout(File::create(&output)?)
            .stderr(File::create(&log)?)
            // Ctrl+C reaches only this program, which then stops the process.
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        Ok(Self {
            child,
            name: name.to_owned(),
            output,
            log,
        })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the process has ended, and returns its output. Fails if the process
    /// fails.
    pub(crate) async fn finish(mut self) -> Result<String> {
        let status = loop {
            if let Some(status) = self.child.try_wait()? {
                break status;
            }
            sleep(PAUSE).await;
        };
        self.completed(status)
    }

    /// Waits until the process has ended, and returns its output and its usage.
    pub(crate) async fn finish_measured(mut self) -> Result<(String, Usage)> {
        let start = Instant::now();
        let mut peak_bytes = 0;
        // An ended process has a CPU time until it is waited for, but no memory.
        while !usage::is_ended(self.id())? {
            peak_bytes = usage::peak_bytes(self.id())?.unwrap_or(peak_bytes);
            sleep(PAUSE).await;
        }
        let usage = Usage {
            wall_seconds: start.elapsed().as_secs_f64(),
            cpu_seconds: usage::cpu_seconds(self.id())?,
            peak_bytes,
        };
        let status = self.child.wait()?;
        Ok((self.completed(status)?, usage))
    }

    fn completed(&self, status: ExitStatus) -> Result<String> {
        ensure!(
            status.success(),
            "{}: {status}: {}",
            self.name,
            self.log_end()
        );
        Ok(fs::read_to_string(&self.output)?)
    }

    /// Returns the last lines of standard error.
    pub(crate) fn log_end(&self) -> String {
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<_> = log.lines().rev().take(5).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The times and the memory of a process that has ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usage {
    pub(crate) wall_seconds: f64,
    pub(crate) cpu_seconds: f64,
    pub(crate) peak_bytes: u64,
}

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) process: Process,
    /// The URL without a path.
    pub(crate) url: String,
}

impl Server {
    /// Starts a server and waits until it prints the URL on which it listens.
    pub(crate) async fn start(command: &mut Command, name: &str, folder: &Path) -> Result<Self> {
        let mut process = Process::start(command, name, folder)?;
        let start = Instant::now();
        while start.elapsed() < START {
            let output = fs::read_to_string(&process.output)?;
            let complete = output.rsplit_once('\n').map_or("", |(lines, _)| lines);
            let mut lines = complete.lines();
            if let Some(url) = lines.find_map(|line| line.strip_prefix("listening on ")) {
                let url = url.to_owned();
                return Ok(Self { process, url });
            }
            if let Some(status) = process.child.try_wait()? {
                bail!("{name}: {status}: {}", process.log_end());
            }
            sleep(PAUSE).await;
        }
        bail!("{name} did not start in {START:?}: {}", process.log_end())
    }

    /// Stops the server with SIGTERM and waits until it has ended.
    pub(crate) async fn stop(self) -> Result<()> {
        // A command of every shell, because the program `kill` is not installed everywhere.
        let kill = format!("kill {}", self.process.id());
        Command::new("sh").args(["-c", &kill]).status()?;
        self.process.finish().await.map(drop)
    }
}
