//! What is allocated while a payload is signed and written.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use image_model::{Crop, Image, Rotation, Unsigned};
use support::{documented_signer, recorded_images};
use sync_payload::{PayloadEncoder, WireStyle};
use url_signer::cloudinary::Asset;

/// The recorded images, and the same cropped and turned.
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
    let (signer, records) = (documented_signer(), records());
    for (image, asset) in (0..times).flat_map(|_| &records) {
        encoder.push_signed(&signer, image, asset).unwrap();
        encoder.clear();
    }
}

#[test]
fn once_there_is_memory_nothing_is_allocated_for_an_image() {
    for style in [WireStyle::Rails, WireStyle::Plain] {
        let (signer, records) = (documented_signer(), records());
        let mut encoder = PayloadEncoder::new(style);
        let mut push_all = || {
            for (image, asset) in &records {
                encoder.push_signed(&signer, image, asset).unwrap();
                encoder.push_signed(&signer, image, None).unwrap();
                encoder.clear();
            }
        };
        push_all();
        let allocated = allocation_counter::measure(push_all);
        assert_eq!(allocated.count_total, 0, "{style:?}: {allocated:?}");
    }
}

#[test]
fn what_a_stream_needs_does_not_grow_with_its_length() {
    let needed = |times| {
        let allocated = allocation_counter::measure(|| {
            push_all(&mut PayloadEncoder::new(WireStyle::Rails), times);
        });
        allocated.bytes_max
    };
    assert_eq!(needed(2), needed(200));
}
