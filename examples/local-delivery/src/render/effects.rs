//! Changes of colors, and backgrounds.

use image::{Rgba, RgbaImage};

use super::blur;
use super::deadline::Deadline;
use super::error::RenderError;
use super::pixels::Pixels;
use super::rounding::byte;

/// A change of colors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Effect {
    /// Shades of gray.
    Grayscale,
    /// Shades of brown, from 0 (unchanged) to 1.
    Sepia(f32),
    /// A Gaussian blur with this standard deviation in pixels.
    Blur(f64),
}

impl Effect {
    pub(super) fn apply(self, pixels: Pixels, deadline: Deadline) -> Result<Pixels, RenderError> {
        match self {
            Self::Grayscale => Ok(with_colors(pixels, gray)),
            Self::Sepia(amount) => {
                let matrix = sepia(amount);
                Ok(with_colors(pixels, |color| multiply(&matrix, color)))
            }
            Self::Blur(sigma) => blur::blur(pixels, sigma, deadline),
        }
    }
}

/// Fills transparent parts with a color.
pub(super) fn with_background(pixels: Pixels, background: Rgba<u8>) -> Pixels {
    if !pixels.has_alpha() {
        return pixels;
    }
    let Rgba([.., opacity]) = background;
    let (mut image, profile) = pixels.into_rgba();
    for pixel in image.pixels_mut() {
        pixel.0 = over(pixel.0, background.0);
    }
    let filled = Pixels::from(image).with_profile(profile);
    if opacity == 255 {
        filled.into_rgb()
    } else {
        filled
    }
}

/// Returns the color of a pixel in front of another one.
fn over(front: [u8; 4], back: [u8; 4]) -> [u8; 4] {
    let ([r, g, b, alpha], [back_r, back_g, back_b, back_alpha]) = (front, back);
    if alpha == 255 {
        return front;
    }
    let alpha = f32::from(alpha) / 255.0;
    let back_part = f32::from(back_alpha) / 255.0 * (1.0 - alpha);
    let total = alpha + back_part;
    if total <= 0.0 {
        return [0; 4];
    }
    let mixed = |front: u8, back: u8| {
        byte((f32::from(front) * alpha + f32::from(back) * back_part) / total)
    };
    [
        mixed(r, back_r),
        mixed(g, back_g),
        mixed(b, back_b),
        byte(total * 255.0),
    ]
}

/// Applies a function to the color of every pixel.
fn with_colors(pixels: Pixels, function: impl Fn([u8; 3]) -> [u8; 3]) -> Pixels {
    let has_alpha = pixels.has_alpha();
    let (mut image, profile): (RgbaImage, _) = pixels.into_rgba();
    for pixel in image.pixels_mut() {
        let [r, g, b, alpha] = pixel.0;
        let [r, g, b] = function([r, g, b]);
        pixel.0 = [r, g, b, alpha];
    }
    let changed = Pixels::from(image).with_profile(profile);
    if has_alpha {
        changed
    } else {
        changed.into_rgb()
    }
}

/// Returns the brightness (ITU-R BT.601).
fn gray([r, g, b]: [u8; 3]) -> [u8; 3] {
    let sum = 299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b);
    [u8::try_from((sum + 500) / 1000).unwrap_or(u8::MAX); 3]
}

/// Returns the matrix of `sepia` of the W3C's Filter Effects.
fn sepia(amount: f32) -> [[f32; 3]; 3] {
    let rest = 1.0 - amount;
    [
        [
            0.393 + 0.607 * rest,
            0.769 - 0.769 * rest,
            0.189 - 0.189 * rest,
        ],
        [
            0.349 - 0.349 * rest,
            0.686 + 0.314 * rest,
            0.168 - 0.168 * rest,
        ],
        [
            0.272 - 0.272 * rest,
            0.534 - 0.534 * rest,
            0.131 + 0.869 * rest,
        ],
    ]
}

fn multiply(matrix: &[[f32; 3]; 3], [r, g, b]: [u8; 3]) -> [u8; 3] {
    matrix.map(|[to_r, to_g, to_b]| {
        byte(to_r * f32::from(r) + to_g * f32::from(g) + to_b * f32::from(b))
    })
}

#[cfg(test)]
mod tests {
    use super::{gray, multiply, over, sepia};

    #[test]
    fn gray_is_the_brightness() {
        // Pillow 13, mode L.
        for (color, expected) in [
            ([255, 0, 0], 76),
            ([0, 255, 0], 150),
            ([0, 0, 255], 29),
            ([255, 255, 255], 255),
            ([12, 200, 77], 130),
        ] {
            assert_eq!(gray(color), [expected; 3], "{color:?}");
        }
    }

    #[test]
    fn sepia_is_the_matrix_of_filter_effects() {
        assert_eq!(multiply(&sepia(0.0), [10, 20, 30]), [10, 20, 30]);
        // 0.393·100 + 0.769·50 + 0.189·20, and so on.
        assert_eq!(multiply(&sepia(1.0), [100, 50, 20]), [82, 73, 57]);
        assert_eq!(multiply(&sepia(1.0), [255, 255, 255]), [255, 255, 239]);
    }

    #[test]
    fn colors_are_composed() {
        assert_eq!(over([255, 0, 0, 255], [0, 0, 255, 255]), [255, 0, 0, 255]);
        assert_eq!(over([255, 0, 0, 0], [0, 0, 255, 255]), [0, 0, 255, 255]);
        assert_eq!(over([255, 0, 0, 51], [0, 0, 255, 255]), [51, 0, 204, 255]);
        assert_eq!(over([9, 9, 9, 0], [7, 7, 7, 0]), [0, 0, 0, 0]);
        // Half over half covers three quarters.
        let [r, _, b, alpha] = over([255, 0, 0, 128], [0, 0, 255, 128]);
        assert_eq!((r, b, alpha), (170, 85, 192));
    }
}
