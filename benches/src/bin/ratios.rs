//! The costs of the crates as ratios. Each ratio compares two measurements that
//! alternate within one run.
//!
//! The *floor* of an image is the minimum work that the protocol requires: the
//! compressions of its digests and a copy of its bytes. See [`benches::floor`].

#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a program that prints figures"
)]

use std::error::Error;
use std::hint::black_box;
use std::io;
use std::time::Instant;

use benches::Record;
use benches::floor::Compressions;
use benches::plain_model::PlainImage;
use image_model::{BorrowedUrl, DecodeError, PayloadDecoder, Unsigned};
use serde::Deserialize;
use serde_json::json;
use sync_payload::{ImageSigner, PayloadEncoder, StoredImage, WireStyle, par_to_writer};
use url_signer::Secret;
use url_signer::cloudinary::{Cloud, Size, Transformation};

/// The number of images that exceed every cache.
const COLD: usize = 100_000;

/// The number of images that fit into the nearest caches.
const HOT: usize = 200;

const ROUNDS: usize = 15;

/// The number of images in a payload that is read.
const READ: usize = 1_000;

/// The number of bytes that are sent or received at once.
const CHUNK: usize = 64 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let signer = benches::signer()?;
    let cold = benches::records(COLD)?;
    let hot = benches::records(HOT)?;
    println!("each row: median of {ROUNDS} rounds ± half of the interquartile range\n");

    let cold = build("distinct images (cold caches)", &signer, &cold, 1)?;
    let hot = build("repeated images (hot caches)", &signer, &hot, COLD / HOT)?;
    let stored = stored(&signer)?;
    let plain = signed(&signer)?;
    let payload = benches::payload(READ)?;
    let read_all = read::<String>("  image_model::from_slice", &payload)?;
    let borrowed = read::<BorrowedUrl<'_>>("  image_model::from_slice, borrowed URLs", &payload)?;
    let partial = read::<Unsigned>("  image_model::from_slice, without URLs", &payload)?;
    let decoder = decoder(&payload)?;
    let threads = threads(&signer)?;
    let verify = verify()?;
    println!(
        "\n{}",
        json!({
            "build_cold_us": cold.ours, "floor_cold_us": cold.other, "build_cold_ratio": cold.ratio(),
            "build_hot_us": hot.ours, "floor_hot_us": hot.other, "build_hot_ratio": hot.ratio(),
            "build_stored_us": stored.ours, "build_stored_ratio": stored.ratio(),
            "sign_and_push_us": plain.ours, "push_signed_us": plain.other, "sign_and_push_ratio": plain.ratio(),
            "read_us": read_all.ours, "serde_json_us": read_all.other, "read_ratio": read_all.ratio(),
            "read_borrowed_us": borrowed.ours, "read_borrowed_ratio": borrowed.ratio(),
            "read_without_urls_us": partial.ours, "read_without_urls_ratio": partial.ratio(),
            "read_decoder_us": decoder.ours, "from_slice_us": decoder.other, "read_decoder_ratio": decoder.ratio(),
            "one_thread_us": threads.ours, "two_threads_us": threads.other, "threads_ratio": threads.ratio(),
            "verify_us": verify.ours, "sign_us": verify.other, "verify_ratio": verify.ratio(),
        })
    );
    Ok(())
}

/// Two times per item, in microseconds.
struct Pair {
    ours: f64,
    other: f64,
}

impl Pair {
    fn ratio(&self) -> f64 {
        self.ours / self.other
    }

    /// Measures two functions in turn. Each processes `items` items.
    fn measure(
        names: [&str; 2],
        items: usize,
        mut ours: impl FnMut(),
        mut other: impl FnMut(),
    ) -> Self {
        let mut times = [Vec::new(), Vec::new()];
        for round in 0..=ROUNDS {
            let [ours, other] = [&mut ours as &mut dyn FnMut(), &mut other].map(|work| {
                let start = Instant::now();
                work();
                start.elapsed().as_secs_f64() * 1e6 / items as f64
            });
            // The first round is a warm-up.
            if round > 0 {
                for (times, time) in times.iter_mut().zip([ours, other]) {
                    times.push(time);
                }
            }
        }
        let [ours, other] = times.map(|mut times| {
            times.sort_by(f64::total_cmp);
            let at = |part: usize| {
                times
                    .get(times.len() * part / 4)
                    .copied()
                    .unwrap_or_default()
            };
            (at(2), (at(3) - at(1)) / 2.0)
        });
        for (name, (median, spread)) in names.iter().zip([ours, other]) {
            println!("{name:<44}{median:>9.3} µs ± {spread:.3}");
        }
        let pair = Self {
            ours: ours.0,
            other: other.0,
        };
        println!("{:<44}{:>9.2}", "ratio", pair.ratio());
        pair
    }
}

/// The wire payload from records, against the hashes and a copy of the bytes.
fn build(
    name: &str,
    signer: &ImageSigner,
    records: &[Record],
    times: usize,
) -> Result<Pair, Box<dyn Error>> {
    let floors = records
        .iter()
        .map(|(image, asset)| Compressions::of(signer, image, asset))
        .collect::<Result<Vec<_>, _>>()?;
    let mean = |count: fn(&Compressions) -> usize| {
        floors.iter().map(count).sum::<usize>() as f64 / floors.len() as f64
    };
    let mut encoder = PayloadEncoder::new(WireStyle::Rails);
    let mut bytes = Vec::new();
    for (image, asset) in records.iter().take(HOT) {
        encoder.push_signed(signer, image, asset);
        bytes.push(encoder.take());
    }
    println!(
        "build, {name}: {} images; per image {:.2} SHA-1 compressions, {:.2} SHA-256 compressions, {:.0} bytes",
        records.len(),
        mean(|floor| floor.sha1.iter().sum()),
        mean(|floor| floor.sha256.iter().sum()),
        bytes.iter().map(Vec::len).sum::<usize>() as f64 / bytes.len() as f64,
    );
    let mut encoder = PayloadEncoder::new(WireStyle::Rails);
    let mut out = Vec::new();
    let pair = Pair::measure(
        ["  records to bytes, per image", "  floor, per image"],
        records.len() * times,
        || {
            for (image, asset) in (0..times).flat_map(|_| records) {
                encoder.push_signed(signer, image, asset);
                send(&mut encoder);
            }
        },
        || {
            let floors = (0..times).flat_map(|_| &floors);
            for (floor, bytes) in floors.zip(bytes.iter().cycle()) {
                floor.compress();
                out.extend_from_slice(black_box(bytes));
                if out.len() >= CHUNK {
                    black_box(&out);
                    out.clear();
                }
            }
        },
    );
    Ok(pair)
}

/// Clears an encoder that has a full chunk.
fn send(encoder: &mut PayloadEncoder) {
    if encoder.as_bytes().len() >= CHUNK {
        black_box(encoder.as_bytes());
        encoder.clear();
    }
}

/// Compares building images from their stored texts with building them from records.
fn stored(signer: &ImageSigner) -> Result<Pair, Box<dyn Error>> {
    let records = benches::records(READ)?;
    let texts: Vec<_> = records
        .iter()
        .map(|(image, asset)| (StoredImage::new(image).into_string(), asset))
        .collect();
    println!("build from stored images: {READ} images");
    let [mut ours, mut other] = [(); 2].map(|()| PayloadEncoder::new(WireStyle::Rails));
    Ok(Pair::measure(
        ["  parse and push_stored", "  push_signed"],
        READ,
        || {
            for (text, asset) in &texts {
                // The time includes copying the text.
                if let Ok(image) = StoredImage::parse(&**text) {
                    ours.push_stored(signer, &image, *asset);
                }
                send(&mut ours);
            }
        },
        || {
            for (image, asset) in &records {
                other.push_signed(signer, image, asset);
                send(&mut other);
            }
        },
    ))
}

/// Compares building images with URLs first with signing them directly.
fn signed(signer: &ImageSigner) -> Result<Pair, Box<dyn Error>> {
    let records = benches::records(READ)?;
    let mut images: Vec<_> = records
        .iter()
        .map(|(image, asset)| (Some(image.clone()), asset))
        .collect();
    println!("build from signed images: {READ} images");
    let [mut ours, mut other] = [(); 2].map(|()| PayloadEncoder::new(WireStyle::Rails));
    Ok(Pair::measure(
        ["  sign and push", "  push_signed"],
        READ,
        || {
            for (place, asset) in &mut images {
                if let Some(image) = place.take() {
                    let with_urls = signer.sign(image, *asset);
                    let _ = black_box(ours.push(&with_urls));
                    // Instead of a clone of the image before signing.
                    *place = Some(with_urls.map_urls(|_| Unsigned));
                }
                send(&mut ours);
            }
        },
        || {
            for (image, asset) in &records {
                other.push_signed(signer, image, asset);
                send(&mut other);
            }
        },
    ))
}

/// Compares one thread with two threads.
fn threads(signer: &ImageSigner) -> Result<Pair, Box<dyn Error>> {
    const IMAGES: usize = 10_000;
    let records = benches::records(IMAGES)?;
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let (one, two) = (pool(1)?, pool(2)?);
    let sign = || {
        par_to_writer(
            io::sink(),
            signer,
            &records,
            WireStyle::Rails,
            |(image, asset)| (image, Some(asset)),
        )
    };
    sign()?;
    println!("build on several threads: {IMAGES} images");
    Ok(Pair::measure(
        ["  one thread, per image", "  two threads, per image"],
        IMAGES,
        || {
            let _ = black_box(one.install(sign));
        },
        || {
            let _ = black_box(two.install(sign));
        },
    ))
}

/// Compares reading a payload, with URLs of type `U`, with `serde_json` and plain
/// structs.
fn read<'json, U: Deserialize<'json>>(
    name: &str,
    payload: &'json [u8],
) -> Result<Pair, Box<dyn Error>> {
    let images = image_model::from_slice::<U>(payload)?.len();
    serde_json::from_slice::<Vec<PlainImage>>(payload)?;
    println!("read: {images} images");
    Ok(Pair::measure(
        [name, "  serde_json::from_slice, plain structs"],
        images,
        || {
            let _ = black_box(image_model::from_slice::<U>(payload));
        },
        || {
            let _ = black_box(serde_json::from_slice::<Vec<PlainImage>>(payload));
        },
    ))
}

/// Compares reading a payload in pieces with reading it at once.
fn decoder(payload: &[u8]) -> Result<Pair, Box<dyn Error>> {
    let decode = || -> Result<(), DecodeError> {
        let mut decoder = PayloadDecoder::<String>::new();
        for chunk in payload.chunks(CHUNK) {
            decoder.push(chunk);
            while let Some(image) = decoder.next_image() {
                black_box(image?);
            }
        }
        decoder.finish()
    };
    decode()?;
    println!("read in pieces of {CHUNK} bytes: {READ} images");
    Ok(Pair::measure(
        ["  image_model::PayloadDecoder", "  image_model::from_slice"],
        READ,
        || {
            let _ = black_box(decode());
        },
        || {
            let _ = black_box(image_model::from_slice::<String>(payload));
        },
    ))
}

/// Compares verifying a delivery URL with signing it.
fn verify() -> Result<Pair, Box<dyn Error>> {
    const URLS: usize = 100_000;
    let cloud = Cloud::new("demo", Secret::new(benches::API_SECRET)?)?;
    let steps = Transformation::new()
        .fit(Size::new(1920, 1920))
        .fill(Size::new(200, 200))
        .automatic();
    let asset = benches::asset(7)?;
    let url = cloud.sign(&asset, &steps).to_string();
    cloud.verify(&url)?;
    println!("verify: one delivery URL");
    Ok(Pair::measure(
        ["  verify", "  sign and print"],
        URLS,
        || {
            for _ in 0..URLS {
                let _ = black_box(cloud.verify(black_box(&url)));
            }
        },
        || {
            for _ in 0..URLS {
                black_box(cloud.sign(black_box(&asset), black_box(&steps)).to_string());
            }
        },
    ))
}
