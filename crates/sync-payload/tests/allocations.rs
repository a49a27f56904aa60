//! Allocations while a payload is signed and written.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use image_model::{Crop, Image, Rotation, Unsigned};
use support::{recorded_images, reference_signer};
use sync_payload::{PayloadEncoder, StoredImage, WireStyle};
use url_signer::cloudinary::Asset;

/// The recorded images, plain and then cropped and rotated.
fn records() -> Vec<(Image<Unsigned>, Asset)> {
    let recorded = recorded_images();
    let crop = Crop::new(1.0, 2.5, 30.0, 40.0).unwrap();
    let edited = recorded.clone().into_iter().map(|(image, asset)| {
        let image = Image {
            crop_x: crop.x,
            crop_y: crop.y,
            crop_w: crop.w,
            crop_h: crop.h,
            rotation: Rotation::new(-90).unwrap(),
            filename: Some("Été à la mer, 2019 (1).jpg".to_owned()),
            ..image
        };
        (image, asset)
    });
    recorded.iter().cloned().chain(edited).collect()
}

fn push_all(encoder: &mut PayloadEncoder, times: usize) {
    let (signer, records) = (reference_signer(), records());
    for (image, asset) in (0..times).flat_map(|_| &records) {
        encoder.push_signed(&signer, image, asset);
        encoder.clear();
    }
}

#[test]
fn push_signed_does_not_allocate() {
    for style in [WireStyle::Rails, WireStyle::Plain] {
        let (signer, records) = (reference_signer(), records());
        let mut encoder = PayloadEncoder::new(style);
        let mut push_all = || {
            for (image, asset) in &records {
                encoder.push_signed(&signer, image, asset);
                encoder.push_signed(&signer, image, None);
                encoder.clear();
            }
        };
        // The first round allocates the memory that later rounds reuse.
        push_all();
        let allocated = allocation_counter::measure(push_all);
        assert_eq!(allocated.count_total, 0, "{style:?}: {allocated:?}");
    }
}

#[test]
fn a_stored_image_allocates_its_name_and_format() {
    let (signer, records) = (reference_signer(), records());
    let mut encoder = PayloadEncoder::new(WireStyle::Rails);
    let mut push_all = || {
        let texts: Vec<_> = records
            .iter()
            .map(|(image, asset)| (StoredImage::new(image).into_string(), asset))
            .collect();
        allocation_counter::measure(|| {
            for (text, asset) in texts {
                let image = StoredImage::parse(text).unwrap();
                encoder.push_stored(&signer, &image, asset);
                encoder.clear();
            }
        })
    };
    push_all();
    assert_eq!(push_all().count_total, 2 * records.len() as u64);
}

#[test]
fn memory_does_not_grow_with_the_payload() {
    let needed = |times| {
        let allocated = allocation_counter::measure(|| {
            push_all(&mut PayloadEncoder::new(WireStyle::Rails), times);
        });
        allocated.bytes_max
    };
    assert_eq!(needed(2), needed(200));
}

#[cfg(feature = "stream")]
#[test]
fn a_stream_allocates_once_for_each_chunk() {
    use std::convert::Infallible;
    use std::task::{Context, Poll, Waker};

    use futures_util::{StreamExt, stream};
    use sync_payload::PayloadStream;

    let (signer, records) = (reference_signer(), records());
    let measure = |images| {
        let mut chunks = 0;
        let allocated = allocation_counter::measure(|| {
            let records = records.iter().cycle().take(images).map(Ok::<_, Infallible>);
            let mut payload = PayloadStream::new(&signer, stream::iter(records));
            let mut context = Context::from_waker(Waker::noop());
            while let Poll::Ready(Some(chunk)) = payload.poll_next_unpin(&mut context) {
                chunk.unwrap();
                chunks += 1;
            }
        });
        (chunks, allocated)
    };
    let (few_chunks, few) = measure(100);
    let (many_chunks, many) = measure(10_000);
    assert!(many_chunks > 90 * few_chunks);
    assert_eq!(many.count_total - few.count_total, many_chunks - few_chunks);
    // The memory of the encoder, which doubles, and two chunks.
    assert!(many.bytes_max <= few.bytes_max + 8192, "{few:?} {many:?}");
    assert!(many.bytes_max < 5 * 32 * 1024, "{many:?}");
}
