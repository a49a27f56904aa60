//! A temporary PostgreSQL server.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tokio::time::sleep;

use crate::process::Process;

/// Runs the server until standard input is closed, which also happens if this program
/// is killed.
const SCRIPT: &str = r#"
set -e
"$1/initdb" -D "$2/data" -A trust -U host --no-sync > "$2/log" 2>&1
"$1/postgres" -D "$2/data" -p "$3" -c listen_addresses=127.0.0.1 -c fsync=off \
    -c unix_socket_directories="$2" >> "$2/log" 2>&1 &
server=$!
echo $server > "$2/pid"
read -r line || true
kill -INT $server
wait $server || true
rm -rf "$2" 2> /dev/null || true
"#;

/// The number of attempts to connect to a new server, and the time between them.
const ATTEMPTS: u32 = 600;
const PAUSE: Duration = Duration::from_millis(100);

/// A server, which is stopped when this value is dropped.
#[derive(Debug)]
pub(crate) struct Cluster {
    psql: PathBuf,
    folder: PathBuf,
    port: u16,
    script: Child,
    /// Standard input of the script. The server runs while it is open.
    pipe: Option<ChildStdin>,
}

impl Cluster {
    /// Starts a server with the programs in a folder.
    pub(crate) async fn start(programs: &Path) -> Result<Self> {
        let directory = tempfile::Builder::new()
            .prefix("endpoint-postgres-")
            .tempdir()?;
        let folder = directory.path();
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = if fs::metadata("/proc/self")?.uid() == 0 {
            // PostgreSQL does not run as root.
            let mut chown = Command::new("chown");
            let status = chown.arg("postgres").arg(folder).status()?;
            ensure!(
                status.success(),
                "there is no user `postgres`, and PostgreSQL does not run as root"
            );
            let mut command = Command::new("setpriv");
            command.args([
                "--reuid=postgres",
                "--regid=postgres",
                "--clear-groups",
                "sh",
            ]);
            command
        } else {
            Command::new("sh")
        };
        let mut script = command
            .args(["-c", SCRIPT, "sh"])
            .arg(programs)
            .arg(folder)
            .arg(port.to_string())
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            // Ctrl+C reaches only this program, which then stops the server.
            .process_group(0)
            .spawn()
            .context("cannot start PostgreSQL")?;
        let mut cluster = Self {
            psql: programs.join("psql"),
            // The script removes the folder, also if this program is killed.
            folder: directory.keep(),
            port,
            pipe: script.stdin.take(),
            script,
        };
        for _ in 0..ATTEMPTS {
            if cluster.execute("SELECT 1").await.is_ok() {
                return Ok(cluster);
            }
            if cluster.script.try_wait()?.is_some() {
                bail!("PostgreSQL did not start: {}", cluster.log());
            }
            sleep(PAUSE).await;
        }
        bail!("PostgreSQL did not start in a minute: {}", cluster.log())
    }

    /// Returns the URL of the database.
    pub(crate) fn url(&self) -> String {
        format!("postgres://host@127.0.0.1:{}/postgres", self.port)
    }

    /// Returns the id of the server process, whose children are the backends.
    pub(crate) fn process(&self) -> Result<u32> {
        let id = fs::read_to_string(self.folder.join("pid"))?;
        Ok(id.trim().parse()?)
    }

    /// Runs a statement.
    pub(crate) async fn execute(&self, statement: &str) -> Result<()> {
        let folder = tempfile::tempdir()?;
        let mut command = Command::new(&self.psql);
        command
            .args(["-h", "127.0.0.1", "-U", "host", "-d", "postgres", "-q"])
            .args(["-p", &self.port.to_string(), "-c", statement]);
        let process = Process::start(&mut command, "psql", folder.path())?;
        process.finish().await.map(drop)
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.pipe.take());
        let _ = self.script.wait();
        // Empty, or complete if `initdb` failed.
        let _ = fs::remove_dir_all(&self.folder);
    }
}
