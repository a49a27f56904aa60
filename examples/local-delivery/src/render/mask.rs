//! Rounded corners.

use super::pixels::Pixels;
use super::rounding::byte;

/// The corners of an image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Corners {
    /// An ellipse that fills the image.
    Ellipse,
    /// Radii in pixels, clockwise from the upper left corner.
    Radii([f64; 4]),
}

/// Samples per axis of a pixel at the edge.
const SAMPLES: u32 = 4;

impl Corners {
    /// Makes the area outside of the rounded corners transparent.
    pub(super) fn apply(self, pixels: Pixels) -> Pixels {
        let size = pixels.size();
        let (width, height) = (f64::from(size.width), f64::from(size.height));
        let shape = Shape {
            width,
            height,
            radii: match self {
                Self::Ellipse => [(width / 2.0, height / 2.0); 4],
                Self::Radii(radii) => radii.map(|radius| {
                    let radius = radius.clamp(0.0, width.min(height) / 2.0);
                    (radius, radius)
                }),
            },
        };
        let (mut image, profile) = pixels.into_rgba();
        for (x, y, pixel) in image.enumerate_pixels_mut() {
            let coverage = shape.coverage(x, y);
            if coverage < 1.0 {
                let [_, _, _, alpha] = &mut pixel.0;
                *alpha = byte(f32::from(*alpha) * coverage);
            }
        }
        Pixels::from(image).with_profile(profile)
    }
}

struct Shape {
    width: f64,
    height: f64,
    radii: [(f64, f64); 4],
}

impl Shape {
    /// Returns which part of a pixel is inside.
    #[expect(clippy::cast_precision_loss, reason = "at most 16")]
    fn coverage(&self, x: u32, y: u32) -> f32 {
        let (x, y) = (f64::from(x), f64::from(y));
        // The shape is convex: a pixel whose corners are inside is inside.
        let corners = [(x, y), (x + 1.0, y), (x, y + 1.0), (x + 1.0, y + 1.0)];
        if corners.into_iter().all(|(x, y)| self.contains(x, y)) {
            return 1.0;
        }
        let position = |sample: u32| (f64::from(sample) + 0.5) / f64::from(SAMPLES);
        let inside = (0..SAMPLES * SAMPLES)
            .filter(|sample| {
                self.contains(
                    x + position(sample % SAMPLES),
                    y + position(sample / SAMPLES),
                )
            })
            .count();
        inside as f32 / (SAMPLES * SAMPLES) as f32
    }

    fn contains(&self, x: f64, y: f64) -> bool {
        let [upper_left, upper_right, lower_right, lower_left] = self.radii;
        let (right, lower) = (self.width - x, self.height - y);
        [
            (x, y, upper_left),
            (right, y, upper_right),
            (right, lower, lower_right),
            (x, lower, lower_left),
        ]
        .into_iter()
        .all(|(x, y, (radius_x, radius_y))| {
            if x >= radius_x || y >= radius_y {
                return true;
            }
            let (x, y) = (1.0 - x / radius_x, 1.0 - y / radius_y);
            x * x + y * y <= 1.0
        })
    }
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::Corners;
    use crate::render::pixels::Pixels;

    fn alpha(corners: Corners, width: u32, height: u32) -> Vec<u8> {
        let image = RgbImage::from_pixel(width, height, Rgb([1, 2, 3]));
        let masked = corners.apply(Pixels::from(image));
        masked
            .bytes()
            .chunks_exact(4)
            .map(|pixel| pixel[3])
            .collect()
    }

    /// The area of an ellipse is `π·a·b`.
    #[test]
    fn area_of_an_ellipse_is_opaque() {
        let sum: f64 = alpha(Corners::Ellipse, 80, 50)
            .into_iter()
            .map(f64::from)
            .sum();
        let area = std::f64::consts::PI * 40.0 * 25.0;
        assert!(
            (sum / 255.0 - area).abs() < area * 0.005,
            "{} {area}",
            sum / 255.0
        );
    }

    #[test]
    fn radii_begin_at_the_upper_left() {
        let alpha = alpha(Corners::Radii([10.0, 0.0, 4.0, 0.0]), 30, 20);
        let at = |x: usize, y: usize| alpha[y * 30 + x];
        assert_eq!(
            [at(0, 0), at(29, 0), at(29, 19), at(0, 19)],
            [0, 255, 0, 255]
        );
        assert_eq!([at(4, 4), at(26, 17)], [255, 255]);
        assert_eq!(at(1, 1), 0);
    }

    /// A radius is at most half of the shorter side.
    #[test]
    fn large_radius_is_reduced() {
        let large = alpha(Corners::Radii([500.0; 4]), 30, 20);
        assert_eq!(large, alpha(Corners::Radii([10.0; 4]), 30, 20));
        assert!(large.contains(&255));
    }
}
