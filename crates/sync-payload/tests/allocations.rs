//! Allocations while a payload is signed and written.

#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use image_model::{Crop, Image, Rotation, Unsigned};
use support::{recorded_images, reference_signer};
use sync_payload::{PayloadEncoder, WireStyle};
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
fn memory_does_not_grow_with_the_payload() {
    let needed = |times| {
        let allocated = allocation_counter::measure(|| {
            push_all(&mut PayloadEncoder::new(WireStyle::Rails), times);
        });
        allocated.bytes_max
    };
    assert_eq!(needed(2), needed(200));
}
