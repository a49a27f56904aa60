//! The import and the export of image-host.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use memchr::memchr_iter;

use crate::arguments::Arguments;
use crate::process::{Process, Usage};
use crate::programs::{Programs, USER};
use crate::progress;

/// The measurements of a command, one per round.
#[derive(Debug)]
pub(crate) struct FileResult {
    pub(crate) command: &'static str,
    /// The number of images that were imported or exported.
    pub(crate) images: usize,
    pub(crate) usages: Vec<Usage>,
}

/// Imports a payload into a new SQLite file and exports the images as NDJSON.
pub(crate) async fn measure(arguments: &Arguments, programs: &Programs) -> Result<Vec<FileResult>> {
    let directory = tempfile::Builder::new().prefix("endpoint-").tempdir()?;
    let folder = directory.path();
    let images = arguments.file_images;
    progress(&format!("generating {images} images"));
    let payload = benches::payload(images).map_err(|error| anyhow!("{error}"))?;
    fs::write(folder.join("payload.json"), payload)?;

    let mut import = FileResult {
        command: "import",
        images,
        usages: Vec::new(),
    };
    let mut export = FileResult {
        command: "export",
        images,
        usages: Vec::new(),
    };
    for round in 1..=arguments.rounds.get() {
        progress(&format!("import and export, round {round}"));
        // The default file, which contains the recorded images when it is new.
        let database = tempfile::tempdir_in(folder)?;
        let command = ["import", "../payload.json", "--user", USER];
        let (output, usage) = run(programs, database.path(), &command).await?;
        ensure!(
            output.starts_with(&format!("{images} images ")),
            "unexpected output of the import: {output}"
        );
        import.usages.push(usage);
        let command = ["export", "--format", "ndjson", "--output", "images.ndjson"];
        let (_, usage) = run(programs, database.path(), &command).await?;
        export.images = lines(&database.path().join("images.ndjson"))?;
        ensure!(
            export.images >= images,
            "the export has {} images; expected {images}",
            export.images
        );
        export.usages.push(usage);
    }
    Ok(vec![import, export])
}

async fn run(programs: &Programs, folder: &Path, arguments: &[&str]) -> Result<(String, Usage)> {
    let mut command = programs.command("image-host", folder);
    let process = Process::start(command.args(arguments), "image-host", folder)?;
    process.finish_measured().await
}

fn lines(file: &Path) -> Result<usize> {
    let mut reader = BufReader::with_capacity(1024 * 1024, File::open(file)?);
    let mut lines = 0;
    loop {
        let buffer = reader.fill_buf().context("cannot read the export")?;
        if buffer.is_empty() {
            return Ok(lines);
        }
        lines += memchr_iter(b'\n', buffer).count();
        let length = buffer.len();
        reader.consume(length);
    }
}
