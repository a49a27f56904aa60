//! A payload reader that holds one image in memory at a time.

use std::cell::Cell;
use std::error::Error as _;
use std::fmt;
use std::io::{self, BufReader, Read};

use anyhow::anyhow;
use image_model::Image;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::SyncError;

/// The maximum number of bytes in one image.
const IMAGE_BYTES: u64 = 16 * 1024 * 1024;

/// An element of a payload.
pub(crate) struct Element<'a> {
    pub(crate) image: Image,
    /// The JSON of the image as received.
    pub(crate) record: &'a str,
}

/// Reads a complete payload and calls `take` with each image, or with the error
/// of an invalid image. Stops when `take` fails.
pub(crate) fn each_image(
    payload: impl Read,
    mut take: impl FnMut(Result<Element<'_>, anyhow::Error>) -> Result<(), SyncError>,
) -> Result<(), SyncError> {
    let left = Cell::new(IMAGE_BYTES);
    let payload = Limited {
        reader: payload,
        left: &left,
    };
    let mut deserializer = serde_json::Deserializer::from_reader(BufReader::new(payload));
    let mut stopped = None;
    let mut index = 0;
    let read = deserializer.deserialize_seq(Elements(|record: &RawValue| {
        left.set(IMAGE_BYTES);
        let taken = take(element(index, record.get()));
        index += 1;
        taken.map_err(|error| stopped = Some(error)).is_ok()
    }));
    let read = read.and_then(|()| deserializer.end());
    match (stopped, read) {
        (Some(error), _) => Err(error),
        (None, Ok(())) => Ok(()),
        // The connection was closed or failed.
        (None, Err(error)) if error.is_io() || error.is_eof() => {
            Err(SyncError::transient(error_at(index, error)))
        }
        (None, Err(error)) => Err(SyncError::Permanent(error_at(index, error))),
    }
}

fn error_at(index: usize, error: serde_json::Error) -> anyhow::Error {
    anyhow::Error::new(error).context(format!("images[{index}]"))
}

fn element(index: usize, record: &str) -> Result<Element<'_>, anyhow::Error> {
    match serde_json::from_str(record) {
        Ok(image) => Ok(Element { image, record }),
        Err(_) => match image_model::from_str::<String>(&format!("[{record}]")) {
            Ok(_) => Err(anyhow!("images[{index}]: invalid image")),
            // The path in the error is that of a list with one image.
            Err(error) => {
                let path = error.path().strip_prefix("images[0]").unwrap_or_default();
                let path = format!("images[{index}]{path}");
                Err(match error.source() {
                    Some(source) => anyhow!("{source}").context(path),
                    None => anyhow!(path),
                })
            }
        },
    }
}

/// Visits each element of a list until the function returns `false`.
struct Elements<F>(F);

impl<'de, F: FnMut(&RawValue) -> bool> Visitor<'de> for Elements<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of images")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(element) = list.next_element::<Box<RawValue>>()? {
            if !(self.0)(&element) {
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

/// A reader that fails after `left` bytes.
struct Limited<'a, R> {
    reader: R,
    left: &'a Cell<u64>,
}

impl<R: Read> Read for Limited<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        let left = self.left.get().checked_sub(read as u64);
        self.left.set(left.ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::FileTooLarge,
                "an image is longer than 16 MiB",
            )
        })?);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDED: &str = include_str!("../../data/response_body.wire.json");

    fn read(payload: impl Read) -> (Vec<String>, Result<(), SyncError>) {
        let mut results = Vec::new();
        let read = each_image(payload, |element| {
            results.push(match element {
                Ok(element) => element.image.id.to_string(),
                Err(error) => format!("{error:#}"),
            });
            Ok(())
        });
        (results, read)
    }

    #[test]
    fn an_invalid_image_is_named_and_the_rest_is_read() {
        let (ids, all) = read(RECORDED.as_bytes());
        assert!(all.is_ok());
        assert_eq!(ids.len(), 4);
        let payload = RECORDED.replacen("\"gps\":[48.", "\"gps\":[148.", 1);
        assert_ne!(payload, RECORDED);
        let (results, all) = read(payload.as_bytes());
        assert!(all.is_ok());
        let invalid = results
            .iter()
            .position(|result| result.starts_with("images["))
            .unwrap();
        let path = format!("images[{invalid}].gps[0]: ");
        assert!(results[invalid].starts_with(&path), "{results:?}");
        assert!(results[invalid].contains("latitude 148."), "{results:?}");
        assert_eq!(results.iter().filter(|id| ids.contains(id)).count(), 3);
        let (results, all) = read(&b"[5,[]]"[..]);
        assert!(
            all.is_ok()
                && results[0].starts_with("images[0]: ")
                && results[1].starts_with("images[1]"),
            "{results:?}"
        );
    }

    #[test]
    fn a_truncated_payload_is_a_transient_error() {
        for end in [0, 1, 5, 3_000, RECORDED.len() - 1] {
            let (_, all) = read(&RECORDED.as_bytes()[..end]);
            assert!(matches!(all, Err(SyncError::Transient { .. })), "{end}");
        }
    }

    #[test]
    fn an_invalid_payload_is_a_permanent_error() {
        for payload in ["{}", "<html>", "null", "[]]", "[1,]", "[] []"] {
            let (_, all) = read(payload.as_bytes());
            assert!(matches!(all, Err(SyncError::Permanent(_))), "{payload}");
        }
    }

    #[test]
    fn an_oversized_image_is_an_error() {
        let endless = io::repeat(b'a');
        let (results, all) = read((&b"[\""[..]).chain(endless));
        assert!(results.is_empty());
        let error = format!("{:#}", all.unwrap_err().into_error());
        assert!(
            error.starts_with("images[0]: an image is longer than 16 MiB"),
            "{error}"
        );
    }
}
