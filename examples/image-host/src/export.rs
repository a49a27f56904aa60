//! Writes all of the host's images, signed, into a file.

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

/// What an export looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// An image a line
    Ndjson,
    /// The documented payload
    Payload,
}

/// One of several parts of equal size, `1/4` to `4/4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    number: i64,
    of: i64,
}

impl Shard {
    /// All of it.
    pub(crate) const WHOLE: Self = Self { number: 1, of: 1 };
}

impl FromStr for Shard {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('/');
        let numbers = parts.and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((number, of)) if (1..=of).contains(&number) => Ok(Self { number, of }),
            _ => Err("a shard is written 1/4 to 4/4"),
        }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

/// Streams a shard into a file that appears under its name when it is whole.
pub(crate) async fn export(
    store: &Store,
    signer: &ImageSigner,
    shard: Shard,
    format: Format,
    output: &Path,
) -> Result<()> {
    let beside = match output.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let file = NamedTempFile::new_in(beside)
        .with_context(|| format!("{} cannot be written", beside.display()))?;
    let mut written = Written {
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
                written.write_all(line.unwrap_or_default())?;
                written.write_all(b"\n")?;
            }
            Format::Payload => {
                payload.push(&image)?;
                written.write_all(payload.as_bytes())?;
                payload.clear();
            }
        }
        images += 1;
    }
    if format == Format::Payload {
        written.write_all(&payload.finish())?;
    }
    let file = written.file.into_inner()?;
    file.as_file().sync_all()?;
    file.persist(output)
        .with_context(|| format!("{} cannot be written", output.display()))?;
    let digest = written.digest.finalize();
    let mut output = io::stdout().lock();
    write!(output, "{images} images, sha256 ")?;
    for byte in digest {
        write!(output, "{byte:02x}")?;
    }
    writeln!(output)?;
    Ok(())
}

/// A file and the digest of what went into it.
struct Written {
    file: BufWriter<NamedTempFile>,
    digest: Sha256,
}

impl Written {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.digest.update(bytes);
        self.file.write_all(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_is_one_of_those_there_are() {
        assert_eq!("1/1".parse(), Ok(Shard::WHOLE));
        assert_eq!("4/4".parse(), Ok(Shard { number: 4, of: 4 }));
        for text in ["", "1", "0/4", "5/4", "-1/4", "1/0", "1/4/4", "a/b", " 1/4"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
