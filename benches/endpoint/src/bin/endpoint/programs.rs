//! The programs that the benchmark runs.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, ensure};

use crate::arguments::{Arguments, Part};

/// The user of the recorded request, who may see the recorded and the generated images.
pub(crate) const USER: &str = "40b7f36a-1e4b-4987-931f-88910a37c451";

/// The paths of the programs.
#[derive(Debug)]
pub(crate) struct Programs {
    /// The folder of the programs of this workspace.
    built: PathBuf,
    /// Empty if no server is measured.
    pub(crate) wrk: PathBuf,
    /// The folder of `initdb`, `postgres` and `psql`. Empty without PostgreSQL.
    pub(crate) postgresql: PathBuf,
}

impl Programs {
    /// Finds all programs that the arguments need.
    pub(crate) fn find(arguments: &Arguments) -> Result<Self> {
        let built = env::current_exe()?;
        let built = built.parent().context("no folder")?.to_owned();
        for name in [
            "image-host",
            "actix-host",
            "constant_host",
            "constant_actix_host",
            "query_host",
        ] {
            let is_built = built.join(name).exists();
            ensure!(
                is_built,
                "{name} is not built; use benches/endpoint/run, which builds it"
            );
        }
        let is_loaded = arguments.only.iter().any(|part| *part != Part::Files);
        let wrk = if is_loaded {
            let folders = in_path(&["wrk"]).next();
            folders
                .context("`wrk` is not installed; run `apt-get install wrk`")?
                .join("wrk")
        } else {
            PathBuf::new()
        };
        let postgresql = if arguments.only.contains(&Part::Postgres) {
            postgresql().context(
                "PostgreSQL is not installed; run `apt-get install postgresql`, or omit it with \
                 `--only sqlite,actix,files`",
            )?
        } else {
            PathBuf::new()
        };
        Ok(Self {
            built,
            wrk,
            postgresql,
        })
    }

    /// Returns a command that runs a program of this workspace in a folder, with keys
    /// that are equal to those of [`benches::signer`].
    pub(crate) fn command(&self, name: &str, folder: &Path) -> Command {
        let cloudinary = format!("cloudinary://key:{}@sadaasdasd", benches::API_SECRET);
        let mut command = Command::new(self.built.join(name));
        command
            .current_dir(folder)
            .env_clear()
            .env("CLOUDINARY_URL", cloudinary)
            .env("PROXY_KEY", "proxy key")
            .env("THUMBNAIL_KEY", "thumbnail key")
            .env("TOKEN_KEY", "a token key of the benchmark, 32 or more");
        command
    }
}

/// Returns the newest folder with the programs of PostgreSQL. Debian installs them
/// outside of `PATH`.
fn postgresql() -> Option<PathBuf> {
    const PROGRAMS: [&str; 3] = ["initdb", "postgres", "psql"];
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    versions
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .filter(|folder| contains(folder, &PROGRAMS))
        .max()
        .or_else(|| in_path(&PROGRAMS).next())
}

/// Returns the folders of `PATH` with these programs.
fn in_path(programs: &[&str]) -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = env::split_paths(&path).collect();
    let is_complete = move |folder: &PathBuf| contains(folder, programs);
    folders.into_iter().filter(is_complete)
}

fn contains(folder: &Path, programs: &[&str]) -> bool {
    let mut programs = programs.iter();
    programs.all(|program| folder.join(program).exists())
}
