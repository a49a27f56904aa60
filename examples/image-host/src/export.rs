//! The export of all images, with signed URLs, to a file.

use std::fmt;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::str::FromStr;

use anyhow::{Context, Result};
use clap::ValueEnum;
use futures_util::TryStreamExt;
use sha2::{Digest, Sha256};
use sync_payload::{ImageSigner, PayloadEncoder, WireStyle, to_vec};
use tempfile::NamedTempFile;

use crate::store::{Record, Store};

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
    let folder = match output.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let file = NamedTempFile::new_in(folder)
        .with_context(|| format!("cannot write to {}", folder.display()))?;
    let mut writer = HashingWriter {
        file: BufWriter::new(file),
        digest: Sha256::new(),
    };
    let mut images = 0_u64;
    let mut records = store.shard(shard.number - 1, shard.of).await?;
    let mut payload = PayloadEncoder::new(WireStyle::Rails);
    while let Some(Record { image, asset }) = records.try_next().await? {
        let image = signer.sign(image, asset.as_ref());
        match format {
            Format::Ndjson => {
                let list = to_vec([image], WireStyle::Rails)?;
                let line = list
                    .strip_prefix(b"[")
                    .and_then(|line| line.strip_suffix(b"]"));
                writer.write_all(line.unwrap_or_default())?;
                writer.write_all(b"\n")?;
            }
            Format::Payload => {
                payload.push(&image)?;
                writer.write_all(payload.as_bytes())?;
                payload.clear();
            }
        }
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
    let mut output = io::stdout().lock();
    write!(output, "{images} images, sha256 ")?;
    for byte in digest {
        write!(output, "{byte:02x}")?;
    }
    writeln!(output)?;
    Ok(())
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
