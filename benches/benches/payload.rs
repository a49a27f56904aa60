//! Whole payloads: signed and written, only written, and read.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros; benchmarks"
)]

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use sync_payload::{WireStyle, to_vec};

const SIZES: [usize; 3] = [4, 100, 10_000];

/// From unsigned images to bytes. Copying the images is not timed, dropping
/// them is.
fn build(criterion: &mut Criterion) {
    let signer = benches::signer().unwrap();
    let mut group = criterion.benchmark_group("build");
    for size in SIZES {
        let images = benches::images(size).unwrap();
        let assets: Vec<_> = (0..size)
            .map(|index| benches::asset(index).unwrap())
            .collect();
        group.throughput(Throughput::Elements(size as u64));
        for style in [WireStyle::Rails, WireStyle::Plain] {
            group.bench_function(BenchmarkId::new(format!("{style:?}"), size), |bencher| {
                bencher.iter_batched(
                    || images.clone(),
                    |images| {
                        let images = images
                            .into_iter()
                            .zip(&assets)
                            .map(|(image, asset)| signer.sign(image, asset));
                        to_vec(images, style).unwrap()
                    },
                    BatchSize::LargeInput,
                );
            });
        }
    }
    group.finish();
}

fn payload(size: usize) -> Vec<u8> {
    let signer = benches::signer().unwrap();
    let assets: Vec<_> = (0..size)
        .map(|index| benches::asset(index).unwrap())
        .collect();
    let images = benches::images(size).unwrap().into_iter();
    let images = images
        .zip(&assets)
        .map(|(image, asset)| signer.sign(image, asset));
    to_vec(images, WireStyle::Rails).unwrap()
}

/// From images whose URLs are text to bytes.
fn write(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("write");
    for size in SIZES {
        let images = image_model::from_slice::<String>(&payload(size)).unwrap();
        group.throughput(Throughput::Elements(size as u64));
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

/// From bytes to images.
fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    for size in SIZES {
        let payload = payload(size);
        group.throughput(Throughput::Elements(size as u64));
        group.bench_with_input(
            BenchmarkId::from_parameter(size),
            &payload,
            |bencher, payload| {
                bencher
                    .iter_with_large_drop(|| image_model::from_slice::<String>(payload).unwrap());
            },
        );
    }
    group.finish();
}

criterion_group!(payloads, build, write, read);
criterion_main!(payloads);
