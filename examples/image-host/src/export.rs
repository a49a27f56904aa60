//! The export of all images, with signed URLs, to a file.

use std::fmt;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use sync_payload::{ImageSigner, PayloadEncoder, PayloadRecord, WireStyle};
use tempfile::{Builder, NamedTempFile};

use crate::output::print;
use crate::store::Store;

/// The end of the names of temporary files.
const TEMPORARY: &str = ".tmp";

/// The format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One image per line
    Ndjson,
    /// One JSON list, as in a response
    Payload,
}

/// One of several parts of equal size, such as `1/4` to `4/4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    number: i64,
    of: i64,
}

impl Shard {
    /// All images.
    pub(crate) const ALL: Self = Self { number: 1, of: 1 };
}

impl FromStr for Shard {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('/');
        let numbers = parts.and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err("expected a shard such as 1/4"),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// Streams a shard to a temporary file, then renames the file to `output`.
pub(crate) async fn export(
    store: &Store,
    signer: &ImageSigner,
    shard: Shard,
    format: Format,
    output: &Path,
) -> Result<()> {
    let output = &destination(output)?;
    let file = temporary_file(output)?;
    let mut writer = HashingWriter {
        file: BufWriter::new(file),
        digest: Sha256::new(),
    };
    let mut images = 0_u64;
    let mut records = store.shard(shard.number - 1, shard.of).await?;
    let mut payload = PayloadEncoder::new(WireStyle::Rails);
    while let Some(record) = records.try_next().await? {
        record.push_to(&mut payload, signer);
        match format {
            Format::Ndjson => {
                // Without the `[` or `,` before the image.
                let line = payload.as_bytes().get(1..);
                writer.write_all(line.unwrap_or_default())?;
                writer.write_all(b"\n")?;
            }
            Format::Payload => writer.write_all(payload.as_bytes())?,
        }
        payload.clear();
        images += 1;
    }
    if format == Format::Payload {
        writer.write_all(&payload.finish())?;
    }
    let file = writer.file.into_inner()?;
    file.as_file().sync_all()?;
    file.persist(output)
        .with_context(|| format!("cannot write {}", output.display()))?;
    let digest = writer.digest.finalize();
    let digest = digest.iter().map(|byte| format!("{byte:02x}"));
    let digest: String = digest.collect();
    print(format_args!("{images} images, sha256 {digest}"))
}

/// Returns the file that the export creates or replaces.
///
/// # Errors
///
/// - A path that is not a regular file, such as a device or a pipe: replacing it would
///   remove it for other programs.
/// - `-`, because standard output contains the number of images.
fn destination(output: &Path) -> Result<PathBuf> {
    if output == Path::new("-") {
        bail!("cannot export to standard output: name a file, such as `./-`");
    }
    // The target of a symbolic link is replaced, not the link.
    let target = match output.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(output.to_owned()),
        target => target.with_context(|| format!("cannot write {}", output.display()))?,
    };
    if !target.is_file() {
        bail!("cannot write {}: not a regular file", output.display());
    }
    Ok(target)
}

/// Creates a temporary file next to the output, and removes those of killed
/// exports to the same output.
fn temporary_file(output: &Path) -> Result<NamedTempFile> {
    let folder = match output.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let name = output.file_name().context("the output has no file name")?;
    let prefix = format!(".{}.", name.to_string_lossy());
    remove_leftovers(folder, &prefix)
        .and_then(|()| create_locked(folder, &prefix))
        .with_context(|| format!("cannot write to {}", folder.display()))
}

fn remove_leftovers(folder: &Path, prefix: &str) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !name.starts_with(prefix) || !name.ends_with(TEMPORARY) {
            continue;
        }
        // A running export holds the lock of its file.
        if let Ok(file) = fs::File::open(&path)
            && file.try_lock().is_ok()
        {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
    }
    Ok(())
}

fn create_locked(folder: &Path, prefix: &str) -> io::Result<NamedTempFile> {
    loop {
        let mut builder = Builder::new();
        let builder = builder.prefix(prefix).suffix(TEMPORARY);
        let file = builder.tempfile_in(folder)?;
        match file.as_file().lock() {
            // Files that cannot be locked are not removed by other exports.
            Err(error) if error.kind() != io::ErrorKind::Unsupported => return Err(error),
            _ => {}
        }
        // Another export may have removed the file before it was locked.
        if file.path().exists() {
            return Ok(file);
        }
    }
}

/// A file and the digest of its bytes.
struct HashingWriter {
    file: BufWriter<NamedTempFile>,
    digest: Sha256,
}

impl HashingWriter {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.digest.update(bytes);
        self.file.write_all(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_shard_is_in_range() {
        assert_eq!("1/1".parse(), Ok(Shard::ALL));
        assert_eq!("4/4".parse(), Ok(Shard { number: 4, of: 4 }));
        for text in ["", "1", "0/4", "5/4", "-1/4", "1/0", "1/4/4", "a/b", " 1/4"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
