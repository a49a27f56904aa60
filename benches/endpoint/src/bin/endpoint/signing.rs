//! Signing and encoding images without a server.

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, ensure};
use image_model::{Image, Unsigned, Urls};
use sync_payload::{ImageSigner, PayloadEncoder, WireStyle, parse_original_url};
use url_signer::cloudinary::Asset;

use crate::usage;

/// The number of bytes that are encoded before they are discarded.
const CHUNK: usize = 64 * 1024;

/// The number of times that all images are encoded in one measurement.
const REPEATS: usize = 5;

/// The images of the hosts and their signer.
#[derive(Debug)]
pub(crate) struct Signing {
    signer: ImageSigner,
    records: Vec<(Image<Unsigned>, Option<Asset>)>,
}

/// The time to sign and encode an image, in microseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SigningSample {
    /// The median time.
    pub(crate) us_per_image: f64,
    /// The mean CPU time.
    pub(crate) cpu_us_per_image: f64,
}

impl Signing {
    /// Reads the images of a payload. Fails if encoding them does not result in this
    /// payload.
    pub(crate) fn new(payload: &[u8]) -> Result<Self> {
        let mut records = Vec::new();
        for image in image_model::from_slice::<String>(payload)? {
            let asset = parse_original_url(&image.original_url)
                .with_context(|| format!("original_url of image {}", image.id))?;
            records.push((image.with_urls(Urls::default()), asset));
        }
        let signer = benches::signer().map_err(|error| anyhow!("{error}"))?;
        let signing = Self { signer, records };
        let mut encoder = PayloadEncoder::new(WireStyle::Rails);
        for (image, asset) in &signing.records {
            encoder.push_signed(&signing.signer, image, asset);
        }
        ensure!(
            encoder.finish() == payload,
            "the images of the host were encoded to another payload"
        );
        Ok(signing)
    }

    /// Returns the ids of the images.
    pub(crate) fn ids(&self) -> Vec<String> {
        let images = self.records.iter();
        images.map(|(image, _)| image.id.to_string()).collect()
    }

    /// Measures signing and encoding all images on this thread.
    #[expect(clippy::cast_precision_loss, reason = "a number of images")]
    pub(crate) fn measure(&self) -> Result<SigningSample> {
        let images = self.records.len() as f64;
        let mut times = Vec::new();
        let cpu_before = usage::thread_cpu_seconds()?;
        for _ in 0..REPEATS {
            let start = Instant::now();
            self.encode();
            times.push(start.elapsed().as_secs_f64());
        }
        let cpu = (usage::thread_cpu_seconds()? - cpu_before) / REPEATS as f64;
        times.sort_by(f64::total_cmp);
        let time = times.get(REPEATS / 2).context("no time")?;
        Ok(SigningSample {
            us_per_image: time * 1e6 / images,
            cpu_us_per_image: cpu * 1e6 / images,
        })
    }

    fn encode(&self) {
        let mut encoder = PayloadEncoder::new(WireStyle::Rails);
        for (image, asset) in &self.records {
            encoder.push_signed(&self.signer, image, asset);
            if encoder.as_bytes().len() >= CHUNK {
                black_box(encoder.as_bytes());
                encoder.clear();
            }
        }
        black_box(encoder.as_bytes());
    }
}
