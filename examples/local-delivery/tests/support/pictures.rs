//! Pictures that the tests create.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

/// Returns a picture without a repeating pattern.
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

/// Returns a picture whose left half is transparent.
pub(crate) fn half_transparent(width: u32, height: u32) -> DynamicImage {
    RgbaImage::from_fn(width, height, |x, _| {
        if x * 2 < width {
            Rgba([0; 4])
        } else {
            Rgba([200, 100, 50, 255])
        }
    })
    .into()
}

pub(crate) fn transparent_png(width: u32, height: u32) -> Vec<u8> {
    encode(&half_transparent(width, height), ImageFormat::Png)
}

/// Decodes a response in this format.
pub(crate) fn decode(bytes: &[u8], format: ImageFormat) -> DynamicImage {
    image::load_from_memory_with_format(bytes, format).unwrap()
}

/// Returns a small PNG whose header announces a huge image.
pub(crate) fn bomb(width: u32, height: u32) -> Vec<u8> {
    fn chunk(bytes: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
        bytes.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        let content = [&name[..], data].concat();
        bytes.extend(&content);
        bytes.extend(crc32(&content).to_be_bytes());
    }
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    // 8 bits, RGB.
    header.extend([8, 2, 0, 0, 0]);
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut bytes, *b"IHDR", &header);
    // A zlib stream with no pixels.
    chunk(&mut bytes, *b"IDAT", &[0x78, 0x01, 0x01, 0, 0, 0xFF, 0xFF]);
    chunk(&mut bytes, *b"IEND", &[]);
    bytes
}

/// Returns the checksum of PNG chunks (PNG specification, annex D).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg())
        })
    })
}
