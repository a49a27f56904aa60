//! Original files that the tests create.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

/// The colors of the upper left, upper right, lower left and lower right quadrant.
pub(crate) const COLORS: [[u8; 3]; 4] =
    [[220, 20, 20], [20, 160, 20], [20, 20, 220], [230, 230, 20]];

/// Returns the number of the quadrant that contains a point of an image of this size.
pub(crate) fn quadrant(size: (u32, u32), x: f64, y: f64) -> usize {
    let right = x >= f64::from(size.0) / 2.0;
    let lower = y >= f64::from(size.1) / 2.0;
    usize::from(right) + 2 * usize::from(lower)
}

/// Returns a PNG file whose quadrants have different colors.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut rows = Vec::new();
    for y in 0..height {
        // No filter.
        rows.push(0);
        for x in 0..width {
            let number = quadrant((width, height), f64::from(x), f64::from(y));
            rows.push(u8::try_from(number).unwrap());
        }
    }
    let mut pixels = ZlibEncoder::new(Vec::new(), Compression::default());
    pixels.write_all(&rows).unwrap();
    // 8 bits per pixel, with a palette.
    let header = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[8, 3, 0, 0, 0],
    ]
    .concat();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, data) in [
        (b"IHDR", header),
        (b"PLTE", COLORS.concat()),
        (b"IDAT", pixels.finish().unwrap()),
        (b"IEND", Vec::new()),
    ] {
        let mut checksum = Crc::new();
        checksum.update(name);
        checksum.update(&data);
        png.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        png.extend(name);
        png.extend(data);
        png.extend(checksum.sum().to_be_bytes());
    }
    png
}
