//! A temporary PostgreSQL server for the tests.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

/// Runs the server until standard input is closed, which also happens when the
/// tests crash. A line on standard input stops the server; the next line starts
/// it again.
const SCRIPT: &str = r#"
set -e
start() {
    "$1/postgres" -D "$2/data" -p "$3" -c listen_addresses=127.0.0.1 -c fsync=off \
        -c unix_socket_directories="$2" -c max_connections=200 >> "$2/log" 2>&1 &
    server=$!
}
stop() {
    kill -INT $server
    wait $server || true
}
"$1/initdb" -D "$2/data" -A trust -U host --no-sync > "$2/log" 2>&1
start "$@"
while read -r line; do
    stop
    read -r line || break
    start "$@"
done
stop 2> "$2/stop"
rm -rf "$2"
"#;

pub(crate) struct Cluster {
    programs: PathBuf,
    port: u16,
    /// Standard input of the script. The server runs while it is open.
    pipe: ChildStdin,
}

/// Returns the server that the tests share.
pub(crate) fn shared() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(Cluster::start)
}

impl Cluster {
    /// Creates an empty database and returns its URL.
    pub(crate) fn database(&self) -> String {
        static DATABASES: AtomicU32 = AtomicU32::new(0);
        let name = format!("host_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        assert!(self.psql(&format!("CREATE DATABASE {name}")));
        format!("postgres://host@127.0.0.1:{}/{name}", self.port)
    }

    /// Stops a running server or starts a stopped server.
    pub(crate) fn stop_or_start(&mut self) {
        self.pipe.write_all(b"\n").unwrap();
    }

    /// Stops the server, starts it again and waits until it accepts connections.
    pub(crate) fn restart(&mut self) {
        let before = self.start_time();
        self.stop_or_start();
        self.stop_or_start();
        for _ in 0..600 {
            let now = self.start_time();
            if now.is_some() && now != before {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("PostgreSQL did not restart in a minute");
    }

    fn start_time(&self) -> Option<Vec<u8>> {
        let output = self.client("SELECT pg_postmaster_start_time()").output();
        let output = output.unwrap();
        output.status.success().then_some(output.stdout)
    }

    pub(crate) fn start() -> Self {
        let programs = programs().expect("PostgreSQL is installed");
        let folder = tempfile::Builder::new()
            .prefix("image-host-postgres-")
            .tempdir()
            .unwrap()
            .keep();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);

        let mut command = if is_root() {
            let owned = Command::new("chown").arg("postgres").arg(&folder).status();
            assert!(owned.unwrap().success(), "no user `postgres`");
            let mut command = as_postgres();
            command.arg("sh");
            command
        } else {
            Command::new("sh")
        };
        let mut server = command
            .args(["-c", SCRIPT, "sh"])
            .arg(&programs)
            .arg(&folder)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let cluster = Self {
            programs,
            port,
            pipe: server.stdin.take().unwrap(),
        };
        for _ in 0..600 {
            if cluster.psql("SELECT 1") {
                return cluster;
            }
            assert!(
                server.try_wait().unwrap().is_none(),
                "PostgreSQL did not start: {}",
                fs::read_to_string(folder.join("log")).unwrap_or_default()
            );
            thread::sleep(Duration::from_millis(100));
        }
        panic!("PostgreSQL did not start in a minute");
    }

    fn psql(&self, statement: &str) -> bool {
        self.client(statement).output().unwrap().status.success()
    }

    fn client(&self, statement: &str) -> Command {
        let mut command = Command::new(self.programs.join("psql"));
        command
            .args(["-h", "127.0.0.1", "-U", "host", "-d", "postgres", "-q"])
            .args(["-p", &self.port.to_string(), "-c", statement]);
        command
    }
}

/// Returns why the server cannot run on this machine.
pub(crate) fn missing() -> Option<&'static str> {
    static MISSING: OnceLock<Option<&str>> = OnceLock::new();
    *MISSING.get_or_init(|| {
        if programs().is_none() {
            return Some(
                "missing program: `initdb`, `postgres` or `psql`; \
                 install Debian's package `postgresql`",
            );
        }
        let switched = || as_postgres().arg("true").output();
        if is_root() && !switched().is_ok_and(|output| output.status.success()) {
            return Some(
                "missing program: `setpriv` and a user `postgres`, \
                 because PostgreSQL does not run as root",
            );
        }
        None
    })
}

/// Returns the folder that contains `initdb`, `postgres` and `psql`.
fn programs() -> Option<PathBuf> {
    fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .chain(std::env::split_paths(
            &std::env::var_os("PATH").unwrap_or_default(),
        ))
        .filter(|folder| {
            ["initdb", "postgres", "psql"]
                .iter()
                .all(|program| folder.join(program).exists())
        })
        .max()
}

/// PostgreSQL refuses to run as root.
fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| {
        use std::os::unix::fs::MetadataExt;
        process.uid() == 0
    })
}

/// Returns a command that runs its further arguments as the user `postgres`.
fn as_postgres() -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
    command
}
