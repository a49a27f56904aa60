//! A payload that is read image by image.

use std::error::Error;
use std::io::{BufReader, Read};

use anyhow::{Context, anyhow};
use flate2::read::MultiGzDecoder;
use image_model::{DecodeError, DecodeErrorKind, Image, read_images};

use crate::error::{SyncError, printable};
use crate::progress::Progress;

/// The body of a response.
pub(crate) struct Payload<R> {
    pub(crate) reader: R,
    /// The body is compressed with gzip.
    pub(crate) gzip: bool,
}

/// An element of a payload.
pub(crate) struct Element<'a> {
    pub(crate) image: Image,
    /// The JSON of the image as received.
    pub(crate) record: &'a str,
}

/// Reads a complete payload and calls `take` with each image, or with the error
/// of an invalid image. Stops when `take` fails or a limit is exceeded.
pub(crate) fn each_image(
    payload: Payload<impl Read>,
    progress: &Progress<'_>,
    take: impl FnMut(Result<Element<'_>, anyhow::Error>) -> Result<(), SyncError>,
) -> Result<(), SyncError> {
    let received = progress.received(payload.reader);
    if payload.gzip {
        each_element(MultiGzDecoder::new(received), progress, take)
    } else {
        each_element(received, progress, take)
    }
}

fn each_element(
    payload: impl Read,
    progress: &Progress<'_>,
    mut take: impl FnMut(Result<Element<'_>, anyhow::Error>) -> Result<(), SyncError>,
) -> Result<(), SyncError> {
    let mut images = read_images(BufReader::new(progress.decoded(payload)));
    let mut index = 0;
    while let Some(image) = images.next() {
        let image = match image {
            Err(error) if error.is_final() || error.kind() == DecodeErrorKind::TooLong => {
                return Err(match progress.exceeded() {
                    Some(exceeded) => exceeded.context(format!("images[{index}]")),
                    None if error.is_retryable() => SyncError::transient(printed(&error)),
                    None => SyncError::Rejected(printed(&error)),
                });
            }
            image => image.map_err(|error| printed(&error)),
        };
        progress.image()?;
        take(image.and_then(|image| {
            // Unknown keys are not checked by the decoder.
            let record = str::from_utf8(images.raw_image());
            let record = record.with_context(|| format!("images[{index}]"))?;
            Ok(Element { image, record })
        }))?;
        index += 1;
    }
    Ok(())
}

/// Converts an error whose texts contain texts of the host.
fn printed(error: &DecodeError) -> anyhow::Error {
    let path = printable(error.path());
    match error.source() {
        Some(source) => anyhow!(printable(&source.to_string())).context(path),
        None => anyhow!(path),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;
    use crate::limits::Limits;
    use crate::progress::Deadline;

    const RECORDED: &str = include_str!("../../data/response_body.wire.json");

    fn read(payload: impl Read) -> (Vec<String>, Result<(), SyncError>) {
        read_within(
            &[],
            Payload {
                reader: payload,
                gzip: false,
            },
        )
    }

    fn read_within(
        arguments: &[&str],
        payload: Payload<impl Read>,
    ) -> (Vec<String>, Result<(), SyncError>) {
        let limits = Limits::parse(arguments);
        let progress = Progress::new(&limits, Deadline::new(&limits));
        let mut results = Vec::new();
        let read = each_image(payload, &progress, |element| {
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
    fn an_image_that_is_not_utf_8_is_invalid() {
        let (before, after) = RECORDED.split_once("},{\"id\"").unwrap();
        let payload = [
            before.as_bytes(),
            b",\"unknown\":\"\xff\"},{\"id\"",
            after.as_bytes(),
        ];
        let (results, all) = read(&*payload.concat());
        assert!(all.is_ok());
        assert_eq!(results.len(), 4);
        assert!(
            results[0].starts_with("images[0]: invalid utf-8"),
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
    fn an_invalid_payload_is_rejected() {
        for payload in ["{}", "<html>", "null", "[]]", "[1,]", "[] []"] {
            let (_, all) = read(payload.as_bytes());
            assert!(matches!(all, Err(SyncError::Rejected(_))), "{payload}");
        }
    }

    #[test]
    fn an_oversized_image_is_an_error() {
        let endless = io::repeat(b'a');
        let (results, all) = read((&b"[\""[..]).chain(endless));
        assert!(results.is_empty());
        assert_eq!(
            rejection(all),
            "images[0]: an image is longer than 16777216 bytes"
        );
    }

    fn rejection(all: Result<(), SyncError>) -> String {
        match all {
            Err(SyncError::Rejected(error)) => format!("{error:#}"),
            all => panic!("{all:?}"),
        }
    }

    #[test]
    fn the_size_of_a_payload_is_limited() {
        let length = RECORDED.len().to_string();
        let plain = |length: &str| {
            let payload = Payload {
                reader: RECORDED.as_bytes(),
                gzip: false,
            };
            read_within(&["--max-bytes", length], payload).1
        };
        assert!(plain(&length).is_ok());
        let error = rejection(plain("11774"));
        assert!(
            error.ends_with("the payload is longer than 11774 bytes (`--max-bytes`)"),
            "{error}"
        );
        let mut zipped = GzEncoder::new(Vec::new(), Compression::best());
        io::copy(
            &mut (&b"["[..]).chain(io::repeat(b' ').take(8 * 1024 * 1024)),
            &mut zipped,
        )
        .unwrap();
        let zipped = zipped.finish().unwrap();
        assert!(zipped.len() < 16 * 1024);
        let payload = Payload {
            reader: &*zipped,
            gzip: true,
        };
        let error = rejection(read_within(&["--max-bytes", "1000000"], payload).1);
        assert_eq!(
            error,
            "images[0]: the payload is longer than 1000000 bytes (`--max-bytes`)"
        );
    }

    /// Empty blocks are decompressed to nothing, so only their own size limits them.
    #[test]
    fn endless_empty_gzip_members_are_limited() {
        let empty = GzEncoder::new(Vec::new(), Compression::fast()).finish();
        let empty = empty.unwrap();
        let members = empty.repeat(100_000);
        let payload = Payload {
            reader: &*members,
            gzip: true,
        };
        let error = rejection(read_within(&["--max-bytes", "1000000"], payload).1);
        assert_eq!(
            error,
            "images[0]: the payload is longer than 1000000 bytes (`--max-bytes`)"
        );
    }

    #[test]
    fn an_error_message_is_short_and_printable() {
        let payload = format!("[\"{}\"]", "x".repeat(1_000_000));
        let (results, _) = read(payload.as_bytes());
        assert!(results[0].len() < 1_000, "{}", results[0].len());
        let payload = RECORDED.replacen("\"infos\":{", "\"infos\":{\"\u{202e}\\u001b[2J\":{},", 1);
        let (results, _) = read(
            payload
                .replacen("\"bytes\":", "\"bytes\":[],\"b\":", 1)
                .as_bytes(),
        );
        assert!(
            results.iter().all(|result| !result.contains('\u{1b}')),
            "{results:?}"
        );
    }

    #[test]
    fn the_number_of_images_is_limited() {
        let payload = |payload| Payload {
            reader: payload,
            gzip: false,
        };
        let all = read_within(&["--max-images", "4"], payload(RECORDED.as_bytes())).1;
        assert!(all.is_ok());
        let (images, all) = read_within(&["--max-images", "3"], payload(RECORDED.as_bytes()));
        assert_eq!(images.len(), 3);
        assert_eq!(
            rejection(all),
            "the payload has more than 3 images (`--max-images`)"
        );
    }
}
