//! A payload, image by image: no more than one is in memory.

use std::cell::Cell;
use std::error::Error as _;
use std::fmt;
use std::io::{self, BufReader, Read};

use anyhow::anyhow;
use image_model::Image;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::failure::Failure;

/// Bytes that an image may have: what is longer is no image.
const IMAGE_BYTES: u64 = 16 * 1024 * 1024;

/// An image of a payload, and its bytes as they came.
pub(crate) struct Element<'a> {
    pub(crate) image: Image,
    pub(crate) record: &'a str,
}

/// Reads a payload to its end. What is no image is given as its error, and the
/// others go on.
pub(crate) fn each_image(
    payload: impl Read,
    mut take: impl FnMut(Result<Element<'_>, anyhow::Error>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let left = Cell::new(IMAGE_BYTES);
    let payload = Limited {
        reader: payload,
        left: &left,
    };
    let mut deserializer = serde_json::Deserializer::from_reader(BufReader::new(payload));
    let mut failure = None;
    let mut index = 0;
    let read = deserializer.deserialize_seq(Elements(|record: &RawValue| {
        left.set(IMAGE_BYTES);
        let taken = take(element(index, record.get()));
        index += 1;
        taken.map_err(|stopped| failure = Some(stopped)).is_ok()
    }));
    let read = read.and_then(|()| deserializer.end());
    match (failure, read) {
        (Some(failure), _) => Err(failure),
        (None, Ok(())) => Ok(()),
        // The connection broke.
        (None, Err(error)) if error.is_io() || error.is_eof() => {
            Err(Failure::passing(error_at(index, &error)))
        }
        (None, Err(error)) => Err(Failure::Lasting(error_at(index, &error))),
    }
}

fn error_at(index: usize, error: &serde_json::Error) -> anyhow::Error {
    anyhow!("images[{index}]: {error}")
}

fn element(index: usize, record: &str) -> Result<Element<'_>, anyhow::Error> {
    match serde_json::from_str(record) {
        Ok(image) => Ok(Element { image, record }),
        Err(_) => match image_model::from_str::<String>(&format!("[{record}]")) {
            Ok(_) => Err(anyhow!("images[{index}]: it is not one image")),
            // The path is that within a list of one image.
            Err(error) => {
                let place = error.path().strip_prefix("images[0]").unwrap_or_default();
                let text = format!("failed to decode images[{index}]{place}");
                Err(match error.source() {
                    Some(source) => anyhow!("{source}").context(text),
                    None => anyhow!(text),
                })
            }
        },
    }
}

/// Gives each element of a list away, until that says to stop.
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

/// Fails when more is read than `left`.
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

    fn read(payload: impl Read) -> (Vec<String>, Result<(), Failure>) {
        let mut said = Vec::new();
        let read = each_image(payload, |element| {
            said.push(match element {
                Ok(element) => element.image.id.to_string(),
                Err(error) => format!("{error:#}"),
            });
            Ok(())
        });
        (said, read)
    }

    #[test]
    fn an_image_that_cannot_be_read_is_named_and_the_others_are_read() {
        let (ids, all) = read(RECORDED.as_bytes());
        assert!(all.is_ok());
        assert_eq!(ids.len(), 4);
        let payload = RECORDED.replacen("\"gps\":[48.", "\"gps\":[148.", 1);
        assert_ne!(payload, RECORDED);
        let (said, all) = read(payload.as_bytes());
        assert!(all.is_ok());
        let unreadable = said
            .iter()
            .position(|said| said.starts_with("failed to decode images["))
            .unwrap();
        let place = format!("failed to decode images[{unreadable}].gps[0]: latitude 148.");
        assert!(said[unreadable].starts_with(&place), "{said:?}");
        assert_eq!(said.iter().filter(|said| ids.contains(said)).count(), 3);
        let (said, all) = read(&b"[5,[]]"[..]);
        assert!(
            all.is_ok()
                && said[0].starts_with("failed to decode images[0]: ")
                && said[1].starts_with("failed to decode images[1]"),
            "{said:?}"
        );
    }

    #[test]
    fn a_payload_that_breaks_off_may_come_whole_the_next_time() {
        for end in [0, 1, 5, 3_000, RECORDED.len() - 1] {
            let (_, all) = read(&RECORDED.as_bytes()[..end]);
            assert!(matches!(all, Err(Failure::Passing { .. })), "{end}");
        }
    }

    #[test]
    fn what_is_no_payload_never_will_be() {
        for payload in ["{}", "<html>", "null", "[]]", "[1,]", "[] []"] {
            let (_, all) = read(payload.as_bytes());
            assert!(matches!(all, Err(Failure::Lasting(_))), "{payload}");
        }
    }

    #[test]
    fn an_image_without_end_is_given_up() {
        let endless = io::repeat(b'a');
        let (said, all) = read((&b"[\""[..]).chain(endless));
        assert!(said.is_empty());
        let error = all.unwrap_err().into_error().to_string();
        assert!(
            error.starts_with("images[0]: an image is longer than 16 MiB"),
            "{error}"
        );
    }
}
