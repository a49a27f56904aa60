//! Starts and stops chromedriver.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use tempfile::TempDir;

const MISSING: &str = "missing program: chromium (Debian: chromium chromium-driver)";

/// Returns the reason for which the tests are ignored, if a program is not installed.
pub(crate) fn missing() -> Option<&'static str> {
    let installed = ["chromium", "chromedriver"].map(installed);
    installed.contains(&None).then_some(MISSING)
}

fn installed(program: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// A running chromedriver. Stops when it is dropped, also during a panic.
pub(crate) struct Driver {
    pub(crate) url: String,
    process: Child,
    /// Not closed before the process ends, because it may print more.
    _output: BufReader<ChildStdout>,
    /// The home and the temporary folder of the processes. Contains the profile.
    folder: TempDir,
}

impl Driver {
    /// Starts chromedriver on a free port and waits until it accepts connections.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new(installed("chromedriver").unwrap())
            // The system chooses the port, so that tests do not compete for one.
            .arg("--port=0")
            .current_dir(folder.path())
            .env("HOME", folder.path())
            .env("TMPDIR", folder.path())
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_CACHE_HOME")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut port = None;
        let mut printed = String::new();
        while port.is_none() && output.read_line(&mut printed).unwrap() > 0 {
            port = printed
                .rsplit_once("was started successfully on port ")
                .map(|(_, port)| port.trim_end().trim_end_matches('.').to_owned());
        }
        let driver = Self {
            url: format!("http://127.0.0.1:{}", port.as_deref().unwrap_or_default()),
            process,
            _output: output,
            folder,
        };
        // After the construction, so that the process is stopped.
        assert!(port.is_some(), "chromedriver did not start: {printed}");
        driver
    }

    /// Returns the path of an empty profile.
    pub(crate) fn profile(&self) -> PathBuf {
        self.folder.path().join("profile")
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
