//! The colors and the perceptual hash of a small copy of an image.

use std::collections::HashMap;
use std::f64::consts::PI;

use image::RgbImage;
use image::imageops::{self, FilterType};
use serde_json::{Value, json};

/// The maximum number of colors.
const MAX_COLORS: usize = 32;

/// The side of the gray copy from which the hash is computed.
const SIDE: u32 = 32;

/// The number of low frequencies in each direction.
const FREQUENCIES: u32 = 8;

/// Counts colors of 4 bits per channel. Returns the average colors and their shares in
/// percent, with one decimal.
pub(super) fn colors(copy: &RgbImage) -> Value {
    let mut counts: HashMap<[u8; 3], (u32, [u32; 3])> = HashMap::new();
    for pixel in copy.pixels() {
        let (count, sums) = counts.entry(pixel.0.map(|value| value >> 4)).or_default();
        *count += 1;
        for (sum, value) in sums.iter_mut().zip(pixel.0) {
            *sum += u32::from(value);
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(color, (count, _))| (std::cmp::Reverse(*count), *color));
    let total = f64::from(copy.width() * copy.height());
    let colors = counts.into_iter().take(MAX_COLORS);
    let colors = colors.map(|(_, (count, sums))| {
        let [red, green, blue] = sums.map(|sum| sum / count);
        let share = (f64::from(count) / total * 1_000.0).round() / 10.0;
        json!([format!("#{red:02X}{green:02X}{blue:02X}"), share])
    });
    Value::Array(colors.collect())
}

/// Returns one bit per low frequency of the discrete cosine transform: whether it is greater
/// than the median. The first bit is the most significant one.
pub(super) fn perceptual_hash(copy: &RgbImage) -> u64 {
    let gray = imageops::grayscale(copy);
    let gray = imageops::resize(&gray, SIDE, SIDE, FilterType::Triangle);
    let angle = |position: u32, frequency: u32| {
        PI / f64::from(SIDE) * (f64::from(position) + 0.5) * f64::from(frequency)
    };
    let mut coefficients = Vec::new();
    // The frequency 0 is the brightness.
    for v in 1..=FREQUENCIES {
        for u in 1..=FREQUENCIES {
            let terms = gray
                .enumerate_pixels()
                .map(|(x, y, value)| f64::from(value.0[0]) * angle(x, u).cos() * angle(y, v).cos());
            coefficients.push(terms.sum::<f64>());
        }
    }
    let mut sorted = coefficients.clone();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let median = sorted.get(middle).copied().unwrap_or_default();
    coefficients
        .iter()
        .fold(0, |hash, value| (hash << 1) | u64::from(*value > median))
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    fn gradient() -> RgbImage {
        RgbImage::from_fn(64, 48, |x, y| {
            let value = u8::try_from((x * 3 + y * y / 20) % 256).unwrap();
            Rgb([value, 255 - value, value / 2])
        })
    }

    #[test]
    fn colors_are_counted() {
        let copy = RgbImage::from_fn(10, 10, |x, _| {
            if x < 7 {
                Rgb([0x15, 0x2E, 0x02])
            } else {
                Rgb([255, 255, 255])
            }
        });
        let expected = json!([["#152E02", 70.0], ["#FFFFFF", 30.0]]);
        assert_eq!(colors(&copy), expected);
    }

    #[test]
    fn similar_images_have_similar_hashes() {
        let original = gradient();
        let brighter = RgbImage::from_fn(64, 48, |x, y| {
            Rgb(original
                .get_pixel(x, y)
                .0
                .map(|value| value.saturating_add(3)))
        });
        let mirrored = imageops::flip_horizontal(&original);
        let distance =
            |other: &RgbImage| (perceptual_hash(&original) ^ perceptual_hash(other)).count_ones();
        assert_eq!(distance(&original), 0);
        assert!(distance(&brighter) <= 6, "{}", distance(&brighter));
        assert!(distance(&mirrored) >= 20, "{}", distance(&mirrored));
    }
}
