//! Databases for hosts, and the commands that use them.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::host::{Host, RECORDED, USER};
use crate::postgres::{self, Cluster};

pub(crate) const TOKEN_KEY: &str = "a token key of the tests, 32 or more";

/// The database of a host.
pub(crate) struct Database {
    folder: TempDir,
    /// `None` for the embedded database.
    pub(crate) url: Option<String>,
    has_token_key: bool,
}

/// The database management system of a test.
#[derive(Clone, Copy)]
pub(crate) enum Engine {
    Sqlite,
    Postgresql,
}

impl Engine {
    /// Runs a test on a new database with the recorded images.
    pub(crate) fn with(self, test: impl FnOnce(Database)) {
        test(match self {
            Self::Sqlite => Database::embedded(),
            Self::Postgresql => Database::on(postgres::shared()),
        });
    }

    /// Runs a test on a new database without tables.
    pub(crate) fn with_empty(self, test: impl FnOnce(Database)) {
        let folder = tempfile::tempdir().unwrap();
        let url = match self {
            Self::Sqlite => {
                let file = folder.path().join("empty.sqlite");
                format!("sqlite://{}?mode=rwc", file.display())
            }
            Self::Postgresql => postgres::shared().database(),
        };
        let url = Some(url);
        test(Database {
            folder,
            url,
            has_token_key: true,
        });
    }
}

impl Database {
    /// Names a new embedded database, which the host creates.
    pub(crate) fn embedded() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            url: None,
            has_token_key: true,
        }
    }

    /// Creates a PostgreSQL database with the recorded images.
    pub(crate) fn on(cluster: &Cluster) -> Self {
        let database = Self {
            folder: tempfile::tempdir().unwrap(),
            url: Some(cluster.database()),
            has_token_key: true,
        };
        database.stdout(&["migrate"], "");
        let printed = database.stdout(&["import", "-", "--user", USER], RECORDED);
        assert_eq!(printed, "4 images in 1 albums, for 1 users\n");
        database
    }

    /// Uses a database with this URL.
    pub(crate) fn at(mut self, url: String) -> Self {
        self.url = Some(url);
        self
    }

    /// Uses the demo token key, with which the host serves the gallery.
    #[cfg(feature = "gallery")]
    pub(crate) fn with_demo_token_key(mut self) -> Self {
        self.has_token_key = false;
        self
    }

    /// Uses a new role with a limited number of connections.
    pub(crate) fn with_limited_role(mut self, connections: u32) -> Self {
        self.execute(&format!(
            "CREATE ROLE limited LOGIN CONNECTION LIMIT {connections}; \
             GRANT ALL ON ALL TABLES IN SCHEMA public TO limited"
        ));
        let url = self.url.unwrap();
        self.url = Some(url.replace("://host@", "://limited@"));
        self
    }

    /// Returns a command that runs the host on this database.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_image-host"));
        command
            .current_dir(self.folder.path())
            .args(arguments)
            .env_clear()
            .env("CLOUDINARY_URL", "cloudinary://key:abcd@sadaasdasd")
            .env("PROXY_KEY", "proxy key")
            .env("THUMBNAIL_KEY", "thumbnail key")
            .envs(self.has_token_key.then_some(("TOKEN_KEY", TOKEN_KEY)))
            .envs(self.url.as_ref().map(|url| ("DATABASE_URL", url)));
        command
    }

    pub(crate) fn output(&self, arguments: &[&str], input: &str) -> Output {
        self.output_with(arguments, &[], input)
    }

    /// Runs the host with changes to its environment.
    pub(crate) fn output_with(
        &self,
        arguments: &[&str],
        variables: &[(&str, &str)],
        input: &str,
    ) -> Output {
        let mut child = self
            .command(arguments)
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that fails early does not read its input.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    }

    /// Returns the standard output of a command that succeeds.
    pub(crate) fn stdout(&self, arguments: &[&str], input: &str) -> String {
        let output = self.output(arguments, input);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts a host on a free port.
    pub(crate) fn host(&self, arguments: &[&str]) -> Host {
        self.host_with(arguments, &[])
    }

    /// Starts a host with changes to its environment.
    pub(crate) fn host_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Host {
        // A file, because a full pipe would block the host.
        let log = tempfile::tempfile().unwrap();
        let standard_error = log.try_clone().unwrap().into();
        self.start(arguments, variables, standard_error, log)
    }

    /// Starts a host that logs to `standard_error`. The log is read from `log`.
    pub(crate) fn host_with_log(
        &self,
        arguments: &[&str],
        standard_error: Stdio,
        log: File,
    ) -> Host {
        self.start(arguments, &[], standard_error, log)
    }

    fn start(
        &self,
        arguments: &[&str],
        variables: &[(&str, &str)],
        standard_error: Stdio,
        log: File,
    ) -> Host {
        let listen = ["serve", "--listen", "127.0.0.1:0"];
        let listen = if arguments.contains(&"--listen") {
            &listen[..1]
        } else {
            &listen
        };
        let token = self.stdout(&["token", "--user", USER], "");
        let mut command = self.command(&[listen, arguments].concat());
        command
            .envs(variables.iter().copied())
            .stderr(standard_error);
        Host::start(command, token.trim_end(), log)
    }
}
