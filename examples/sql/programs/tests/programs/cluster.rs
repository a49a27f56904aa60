//! Clusters of processes on this machine.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use super::{ACCOUNT, program, sql};

const PAUSE: Duration = Duration::from_millis(20);

/// A process whose output is in files. It is killed at the end.
pub(crate) struct Process {
    pub(crate) child: Child,
    log: PathBuf,
}

impl Process {
    pub(crate) fn start(command: &mut Command, log: PathBuf) -> Self {
        let file = File::create(&log).unwrap();
        command.stdin(Stdio::null()).stderr(file);
        let child = command.spawn().unwrap();
        Self { child, log }
    }

    /// Returns the first line of standard output, without what is before the last space.
    fn first_word(&mut self) -> String {
        let mut line = String::new();
        let mut output = BufReader::new(self.child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let word = line.trim_end().rsplit(' ').next().unwrap().to_owned();
        assert!(!word.is_empty(), "no output: {}", self.log());
        // The rest of the output is read, so that the process never waits for the test.
        thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        word
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Returns the folder with the results of the tasks of an executor.
    pub(crate) fn work_dir(&self) -> PathBuf {
        self.log.with_extension("work")
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Ends the process with SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for the exit status of an executor that the scheduler rejects.
    pub(crate) fn wait_until_rejected(&mut self) -> ExitStatus {
        while self.is_running() {
            let log = self.log();
            assert!(!log.contains("registration succeed"), "accepted: {log}");
            thread::sleep(PAUSE);
        }
        self.wait()
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A scheduler and executors.
pub(crate) struct Cluster {
    pub(crate) scheduler: Process,
    pub(crate) executors: Vec<Process>,
    address: String,
    fingerprint: String,
    environment: Vec<(String, String)>,
    folder: TempDir,
}

impl Cluster {
    /// Starts a cluster with the account of the tests.
    pub(crate) fn start(executors: usize) -> Self {
        Self::with(executors, &[("CLOUDINARY_URL", ACCOUNT)], &[])
    }

    /// Starts a cluster whose executors have this environment, and all processes the
    /// variables `all`.
    pub(crate) fn with(
        executors: usize,
        environment: &[(&str, &str)],
        all: &[(&str, &str)],
    ) -> Self {
        let folder = TempDir::new().unwrap();
        let mut command = program(env!("CARGO_BIN_EXE_image-sync-scheduler"));
        command.args(["--port", "0", "--executor-timeout", "10"]);
        command.args(["--check-interval", "1", "--min-ready-executors"]);
        command.arg(executors.to_string()).stdout(Stdio::piped());
        command.envs(all.iter().copied());
        let log = folder.path().join("scheduler.log");
        let mut scheduler = Process::start(&mut command, log);
        let address = scheduler.first_word();
        let environment = environment.iter().chain(all);
        let mut cluster = Self {
            scheduler,
            executors: Vec::new(),
            address,
            fingerprint: String::new(),
            environment: environment
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            folder,
        };
        for _ in 0..executors {
            let environment = cluster.environment.clone();
            let mut executor = cluster.start_executor(&environment);
            cluster.fingerprint = executor.first_word();
            cluster.executors.push(executor);
        }
        cluster.wait_until_ready();
        cluster
    }

    /// Starts another process as an executor, with this environment.
    pub(crate) fn start_executor(&self, environment: &[(String, String)]) -> Process {
        let number = fs::read_dir(self.folder.path()).unwrap().count();
        let mut command = program(env!("CARGO_BIN_EXE_image-sync-executor"));
        command.args([
            "--scheduler",
            &self.address,
            "--port",
            "0",
            "--task-port",
            "0",
        ]);
        command.args(["--cores", "1", "--heartbeat", "1", "--memory-limit", "512M"]);
        command
            .envs(environment.iter().cloned())
            .stdout(Stdio::piped());
        let log = self.folder.path().join(format!("executor-{number}.log"));
        command.arg("--work-dir").arg(log.with_extension("work"));
        Process::start(&mut command, log)
    }

    /// The address of the scheduler.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The fingerprint that the executors print.
    pub(crate) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Returns a client of the cluster, which has no keys.
    pub(crate) fn sql(&self) -> Command {
        let mut command = sql();
        command.args(["--scheduler", &self.address]);
        command
    }

    fn wait_until_ready(&mut self) {
        while !self.is_ready() {
            for process in self.executors.iter_mut().chain([&mut self.scheduler]) {
                assert!(process.is_running(), "{}", process.log());
            }
            thread::sleep(PAUSE);
        }
    }

    fn is_ready(&self) -> bool {
        let mut response = String::new();
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let request = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).unwrap();
        stream.read_to_string(&mut response).unwrap();
        response.starts_with("HTTP/1.1 200")
    }

    /// Returns the logs of all processes.
    pub(crate) fn logs(&self) -> Vec<String> {
        let processes = self.executors.iter().chain([&self.scheduler]);
        processes.map(Process::log).collect()
    }
}

/// Waits until a condition holds, while a process runs.
pub(crate) fn wait_while_running(process: &mut Process, mut holds: impl FnMut() -> bool) {
    while !holds() {
        assert!(process.is_running(), "the process ended: {}", process.log());
        thread::sleep(PAUSE);
    }
}
