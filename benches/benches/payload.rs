//! Benchmarks of whole payloads: building, writing and reading.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros; benchmarks"
)]

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{
    BatchSize, BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main,
};
use image_model::{BorrowedUrl, PayloadDecoder, Unsigned};
use serde::Deserialize;
use sync_payload::{PayloadEncoder, StoredImage, WireStyle, to_vec};

const SIZES: [usize; 3] = [4, 100, 10_000];

/// Records to bytes with `push_signed`, into a buffer that is reused.
fn build(criterion: &mut Criterion) {
    let signer = benches::signer().unwrap();
    let mut group = criterion.benchmark_group("build");
    for size in SIZES {
        let records = benches::records(size).unwrap();
        group.throughput(Throughput::Elements(size as u64));
        for style in [WireStyle::Rails, WireStyle::Plain] {
            let mut encoder = PayloadEncoder::new(style);
            group.bench_function(BenchmarkId::new(format!("{style:?}"), size), |bencher| {
                bencher.iter(|| {
                    for (image, asset) in &records {
                        encoder.push_signed(&signer, image, asset);
                    }
                    black_box(encoder.as_bytes());
                    encoder.clear();
                });
            });
        }
    }
    group.finish();
}

/// Stored texts to bytes with `parse` and `push_stored`, into a buffer that is
/// reused. The time includes copying the texts.
fn build_from_stored_images(criterion: &mut Criterion) {
    let signer = benches::signer().unwrap();
    let mut group = criterion.benchmark_group("build from stored images");
    for size in SIZES {
        let records: Vec<_> = benches::records(size)
            .unwrap()
            .into_iter()
            .map(|(image, asset)| (StoredImage::new(&image).into_string(), asset))
            .collect();
        group.throughput(Throughput::Elements(size as u64));
        let mut encoder = PayloadEncoder::new(WireStyle::Rails);
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter(|| {
                for (text, asset) in &records {
                    let image = StoredImage::parse(&**text).unwrap();
                    encoder.push_stored(&signer, &image, asset);
                }
                black_box(encoder.as_bytes());
                encoder.clear();
            });
        });
    }
    group.finish();
}

/// Records to bytes with `sign` and `to_vec`. The time includes dropping the
/// images, but not cloning them.
fn build_from_signed_images(criterion: &mut Criterion) {
    let signer = benches::signer().unwrap();
    let mut group = criterion.benchmark_group("build from signed images");
    for size in SIZES {
        let records = benches::records(size).unwrap();
        group.throughput(Throughput::Elements(size as u64));
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter_batched(
                || records.iter().map(|(image, _)| image.clone()).collect(),
                |images: Vec<_>| {
                    let assets = records.iter().map(|(_, asset)| asset);
                    let images = images
                        .into_iter()
                        .zip(assets)
                        .map(|(image, asset)| signer.sign(image, asset));
                    to_vec(images, WireStyle::Rails).unwrap()
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

/// Images with URLs of type `String` to bytes.
fn write(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("write");
    for size in SIZES {
        let payload = benches::payload(size).unwrap();
        let images = image_model::from_slice::<String>(&payload).unwrap();
        group.throughput(Throughput::Bytes(payload.len() as u64));
        group.bench_with_input(
            BenchmarkId::from_parameter(size),
            &images,
            |bencher, images| {
                bencher.iter(|| to_vec(images, WireStyle::Rails).unwrap());
            },
        );
    }
    group.finish();
}

/// Bytes to images with URLs of type `U`.
fn read_into<'json, U: Deserialize<'json>>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    payload: &'json [u8],
    size: usize,
) {
    group.bench_function(BenchmarkId::new(name, size), |bencher| {
        bencher.iter_with_large_drop(|| image_model::from_slice::<U>(payload).unwrap());
    });
}

/// Bytes in chunks to images, which are dropped one by one.
fn decode(payload: &[u8]) {
    let mut decoder = PayloadDecoder::<String>::new();
    for chunk in payload.chunks(64 * 1024) {
        decoder.push(chunk);
        while let Some(image) = decoder.next_image() {
            black_box(image.unwrap());
        }
    }
    decoder.finish().unwrap();
}

fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    for size in SIZES {
        let payload = benches::payload(size).unwrap();
        group.throughput(Throughput::Bytes(payload.len() as u64));
        read_into::<String>(&mut group, "String", &payload, size);
        group.bench_function(BenchmarkId::new("PayloadDecoder", size), |bencher| {
            bencher.iter(|| decode(&payload));
        });
        read_into::<BorrowedUrl<'_>>(&mut group, "BorrowedUrl", &payload, size);
        read_into::<Unsigned>(&mut group, "Unsigned", &payload, size);
    }
    group.finish();
}

criterion_group!(
    payloads,
    build,
    build_from_stored_images,
    build_from_signed_images,
    write,
    read
);
criterion_main!(payloads);
