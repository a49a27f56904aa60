//! Pictures that the tests create.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

/// A picture without a repeating pattern.
pub(crate) fn picture(width: u32, height: u32) -> DynamicImage {
    let byte = |value: u32| u8::try_from(value % 256).unwrap();
    RgbImage::from_fn(width, height, |x, y| {
        Rgb([
            byte(x * 255 / width),
            byte(y * 255 / height),
            byte(x * 7 + y * 3),
        ])
    })
    .into()
}

pub(crate) fn encode(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture
        .write_to(&mut Cursor::new(&mut bytes), format)
        .unwrap();
    bytes
}

pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    encode(&picture(width, height), ImageFormat::Png)
}

pub(crate) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encode(&picture(width, height), ImageFormat::Jpeg)
}

/// A PNG with transparent pixels.
pub(crate) fn transparent_png(width: u32, height: u32) -> Vec<u8> {
    let pixels = RgbaImage::from_fn(width, height, |x, _| {
        Rgba([200, 100, 0, u8::from(x > 3) * 255])
    });
    encode(&pixels.into(), ImageFormat::Png)
}

/// Decodes a response, whose format is also checked.
pub(crate) fn decode(bytes: &[u8], format: ImageFormat) -> DynamicImage {
    image::load_from_memory_with_format(bytes, format).unwrap()
}
