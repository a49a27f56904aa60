//! Large payloads, and failures while encoding.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use std::error::Error;
use std::io::{self, Write};

use image_model::{Image, Urls};
use serde::{Serialize, Serializer, ser};
use support::RECORDED;
use sync_payload::{EncodeError, PayloadEncoder, WireStyle, to_vec, to_writer};

/// A URL that serializes, or fails to.
#[derive(Clone)]
struct Fragile(Option<String>);

impl Serialize for Fragile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(url) => serializer.serialize_str(url),
            None => Err(ser::Error::custom("this url is broken")),
        }
    }
}

fn recorded() -> Vec<Image> {
    image_model::from_str(RECORDED).unwrap()
}

fn whole(image: Image) -> Image<Fragile> {
    let urls = image.urls().map(|url| Fragile(Some(url.clone())));
    image.with_urls(urls)
}

/// An image whose last key fails to serialize.
fn broken(image: Image) -> Image<Fragile> {
    let mut image = whole(image);
    image.thumbnails.mini = Fragile(None);
    image
}

fn source(error: &EncodeError) -> String {
    error.source().unwrap().to_string()
}

/// Records each write.
#[derive(Default)]
struct Writes {
    writes: Vec<Vec<u8>>,
    flushed_after: Option<usize>,
}

impl Write for Writes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writes.push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.flushed_after = Some(self.writes.len());
        Ok(())
    }
}

#[test]
fn a_failed_image_leaves_no_bytes() {
    let images = recorded();
    for pretty in [false, true] {
        let encoder = || {
            if pretty {
                PayloadEncoder::pretty(WireStyle::Rails)
            } else {
                PayloadEncoder::new(WireStyle::Rails)
            }
        };
        let mut expected = encoder();
        let mut encoder = encoder();
        // Before the first, between two, and after the last.
        for image in &images {
            let error = encoder.push(&broken(image.clone())).unwrap_err();
            assert_eq!(source(&error), "this url is broken");
            encoder.push(&whole(image.clone())).unwrap();
            expected.push(image).unwrap();
            assert_eq!(encoder.as_bytes(), expected.as_bytes());
        }
        let error = encoder.push(&broken(images[0].clone())).unwrap_err();
        assert_eq!(error.to_string(), "images[4] cannot be serialized");
        assert_eq!(encoder.finish(), expected.finish());
    }
}

#[test]
fn a_payload_whose_only_image_fails_is_empty() {
    let mut encoder = PayloadEncoder::new(WireStyle::Rails);
    assert!(encoder.push(&broken(recorded().remove(0))).is_err());
    assert_eq!(encoder.as_bytes(), b"");
    assert_eq!(encoder.finish(), b"[]");
}

#[test]
fn to_writer_writes_in_chunks() {
    let images: Vec<Image> = recorded().into_iter().cycle().take(100).collect();
    let buffered = to_vec(&images, WireStyle::Rails).unwrap();
    assert!(buffered.len() > 4 * 65536);

    let mut writer = Writes::default();
    to_writer(&mut writer, &images, WireStyle::Rails).unwrap();
    assert_eq!(writer.writes.concat(), buffered);
    // A write exceeds the chunk size by less than one image.
    let (last, chunks) = writer.writes.split_last().unwrap();
    assert!(chunks.len() >= 4);
    assert!(
        chunks
            .iter()
            .all(|chunk| (65536..65536 + 8192).contains(&chunk.len()))
    );
    assert!(last.len() < 65536);
    assert_eq!(writer.flushed_after, Some(writer.writes.len()));
}

#[test]
fn taken_bytes_are_returned_once() {
    let images = recorded();
    let mut encoder = PayloadEncoder::new(WireStyle::Rails);
    let mut taken = Vec::new();
    for image in &images {
        encoder.push(image).unwrap();
        taken.extend(encoder.take());
        assert_eq!(encoder.as_bytes(), b"");
    }
    taken.extend(encoder.finish());
    assert_eq!(taken, RECORDED.as_bytes());
}

#[test]
fn an_error_names_the_writer_or_the_image() {
    struct Full;

    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::Error::other("disk is full"))
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let error = to_writer(Full, recorded(), WireStyle::Rails).unwrap_err();
    assert_eq!(error.to_string(), "the payload cannot be written");
    assert_eq!(source(&error), "disk is full");

    let images = recorded().into_iter().enumerate();
    let images = images.map(|(index, image)| {
        if index == 2 {
            broken(image)
        } else {
            whole(image)
        }
    });
    let error = to_vec(images, WireStyle::Rails).unwrap_err();
    assert_eq!(error.to_string(), "images[2] cannot be serialized");
    assert_eq!(source(&error), "this url is broken");
}

#[test]
fn urls_of_any_type_are_written() {
    let image = recorded().remove(0);
    let lengths = image.urls().map(String::len);
    let image = image.with_urls(Urls {
        original_url: 7,
        ..lengths
    });
    let written = to_vec([image], WireStyle::Plain).unwrap();
    assert!(
        String::from_utf8(written)
            .unwrap()
            .contains(r#""original_url":7,"#)
    );
}
