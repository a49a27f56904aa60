//! Memory of a decoder.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::iter;

use allocation_counter::measure;
use image_model::{PayloadDecoder, Unsigned, read_images};

const RECORDED: &str = include_str!("data/response_body.wire.json");

/// The shortest image.
const IMAGE: &[u8] = br#"{"id":"14364f29c30d4bbb992c19e6031244f7","public_id":"","infos":null,"exifs":null,"created_at":"2019-04-08T19:38:56Z","updated_at":"2019-04-08T19:38:56Z","rotation":0,"crop_x":0,"crop_y":0,"crop_w":0,"crop_h":0,"metadatas":null,"processed":true}"#;

/// Decodes images in pieces of a length and returns their number.
fn decode(images: impl Iterator<Item = &'static [u8]>, length: usize) -> usize {
    let mut decoder = PayloadDecoder::<Unsigned>::new();
    let mut count = 0;
    let mut chunk = Vec::with_capacity(length + RECORDED.len());
    decoder.push(b"[");
    for image in images {
        if count > 0 || !chunk.is_empty() {
            chunk.push(b',');
        }
        chunk.extend_from_slice(image);
        while chunk.len() >= length {
            decoder.push(chunk.get(..length).unwrap());
            chunk.drain(..length);
            while let Some(image) = decoder.next_image() {
                image.unwrap();
                count += 1;
            }
        }
    }
    decoder.push(&chunk);
    decoder.push(b"]");
    while let Some(image) = decoder.next_image() {
        image.unwrap();
        count += 1;
    }
    decoder.finish().unwrap();
    count
}

#[test]
fn memory_does_not_grow_over_a_million_images() {
    let needed = |images| {
        let memory = measure(|| assert_eq!(decode(iter::repeat_n(IMAGE, images), 4096), images));
        (memory.count_max, memory.bytes_max)
    };
    let thousand = needed(1_000);
    assert_eq!(needed(1_000_000), thousand);
    assert!(thousand.1 < 32 * 1024, "{thousand:?}");
}

#[test]
fn memory_does_not_grow_with_recorded_images() {
    let recorded = RECORDED.as_bytes();
    let recorded = recorded.get(1..recorded.len() - 1).unwrap();
    let needed = |times, length| {
        let memory = measure(|| {
            assert_eq!(decode(iter::repeat_n(recorded, times), length), 4 * times);
        });
        (memory.count_max, memory.bytes_max)
    };
    for length in [1000, 10_000, 100_000] {
        assert_eq!(needed(1_000, length), needed(200, length));
    }
}

#[test]
fn skipped_bytes_are_not_kept() {
    let needed = |megabytes| {
        let chunk = vec![b'['; 1 << 20];
        let memory = measure(|| {
            let mut decoder = PayloadDecoder::<Unsigned>::new();
            // An image that is too deep, and spaces.
            let pieces = iter::repeat_n(&*chunk, megabytes);
            let spaces = [b' '; 100];
            let pieces = iter::once(&b"["[..])
                .chain(iter::repeat_n(&spaces[..], megabytes))
                .chain(pieces);
            for piece in pieces {
                decoder.push(piece);
                while decoder.next_image().is_some() {}
            }
            assert!(decoder.finish().unwrap_err().is_retryable());
        });
        memory.bytes_max
    };
    assert_eq!(needed(100), needed(2));
}

#[test]
fn a_payload_in_memory_is_not_copied() {
    let recorded = RECORDED.as_bytes();
    let recorded = recorded.get(1..recorded.len() - 1).unwrap();
    let needed = |times| {
        let list = vec![recorded; times].join(&b',');
        let json = [b"[", &*list, b"]"].concat();
        let memory = measure(|| {
            let images = read_images::<Unsigned>(&*json);
            assert_eq!(images.map(Result::unwrap).count(), 4 * times);
        });
        memory.bytes_max
    };
    assert_eq!(needed(1_000), needed(200));
}
