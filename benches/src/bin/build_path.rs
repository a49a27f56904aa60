//! Builds a payload from a number of records, in one of several ways.
//! `check_instructions` counts the instructions of this program.

#![forbid(unsafe_code)]

use std::error::Error;
use std::{env, hint};

use benches::Record;
use image_model::Unsigned;
use sync_payload::{ImageSigner, PayloadEncoder, StoredImage, WireStyle};

/// The number of distinct images, which are built in turn.
const RECORDS: usize = 200;

const CHUNK: usize = 64 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let way = arguments
        .next()
        .ok_or("expected push_signed, push_stored or sign")?;
    let images: usize = arguments
        .next()
        .ok_or("expected the number of images")?
        .parse()?;
    let signer = benches::signer()?;
    let records = benches::records(RECORDS)?;
    let encoder = match &*way {
        "push_signed" => push_signed(&signer, &records, images),
        "push_stored" => push_stored(&signer, &records, images)?,
        "sign" => sign(&signer, records, images)?,
        _ => return Err("expected push_signed, push_stored or sign".into()),
    };
    hint::black_box(encoder.finish());
    Ok(())
}

fn push_signed(signer: &ImageSigner, records: &[Record], images: usize) -> PayloadEncoder {
    let mut encoder = PayloadEncoder::new(WireStyle::Rails);
    for (image, asset) in records.iter().cycle().take(images) {
        encoder.push_signed(signer, image, asset);
        send(&mut encoder);
    }
    encoder
}

/// Reads and copies stored images.
fn push_stored(
    signer: &ImageSigner,
    records: &[Record],
    images: usize,
) -> Result<PayloadEncoder, Box<dyn Error>> {
    let stored: Vec<_> = records
        .iter()
        .map(|(image, asset)| (StoredImage::new(image).into_string(), asset))
        .collect();
    let mut encoder = PayloadEncoder::new(WireStyle::Rails);
    for (text, asset) in stored.iter().cycle().take(images) {
        // The copy of the text is part of the count.
        let image = StoredImage::parse(&**text)?;
        encoder.push_stored(signer, &image, *asset);
        send(&mut encoder);
    }
    Ok(encoder)
}

/// Builds images with URLs first.
fn sign(
    signer: &ImageSigner,
    records: Vec<Record>,
    images: usize,
) -> Result<PayloadEncoder, Box<dyn Error>> {
    let mut encoder = PayloadEncoder::new(WireStyle::Rails);
    let mut records: Vec<_> = records
        .into_iter()
        .map(|(image, asset)| (Some(image), asset))
        .collect();
    for index in (0..records.len()).cycle().take(images) {
        let Some((place, asset)) = records.get_mut(index) else {
            continue;
        };
        if let Some(image) = place.take() {
            let with_urls = signer.sign(image, &*asset);
            encoder.push(&with_urls)?;
            // Instead of a clone of the image before signing.
            *place = Some(with_urls.map_urls(|_| Unsigned));
        }
        send(&mut encoder);
    }
    Ok(encoder)
}

fn send(encoder: &mut PayloadEncoder) {
    if encoder.as_bytes().len() >= CHUNK {
        hint::black_box(encoder.as_bytes());
        encoder.clear();
    }
}
