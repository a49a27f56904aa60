//! Rotations and reflections.

use image::{Rgba, RgbaImage};

use super::error::RenderError;
use super::geometry::{Rectangle, Size};
use super::pixels::Pixels;
use super::resample;
use super::rounding::{byte, floor};

/// The longest side of an image that is rotated by another angle than a right one.
const LONGEST_SIDE: u32 = 3_000;

/// A rotation or reflection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Rotation {
    /// Degrees, clockwise.
    Degrees(f64),
    /// Top and bottom are exchanged.
    FlipVertically,
    /// Left and right are exchanged.
    FlipHorizontally,
}

/// A number of quarter rotations, or another angle in degrees.
enum Angle {
    Quarters(u8),
    Degrees(f64),
}

impl Angle {
    fn of(degrees: f64) -> Self {
        let degrees = degrees.rem_euclid(360.0);
        for (quarters, right) in [(0, 0.0), (1, 90.0), (2, 180.0), (3, 270.0), (0, 360.0)] {
            if (degrees - right).abs() < 1e-9 {
                return Self::Quarters(quarters);
            }
        }
        Self::Degrees(degrees)
    }
}

impl Rotation {
    /// Returns the size of the result.
    pub(super) fn size(self, input: Size) -> Size {
        match self {
            Self::FlipVertically | Self::FlipHorizontally => input,
            Self::Degrees(degrees) => match Angle::of(degrees) {
                Angle::Quarters(quarters) if quarters % 2 == 0 => input,
                Angle::Quarters(_) => input.transposed(),
                Angle::Degrees(degrees) => bounding_box(within_longest_side(input), degrees),
            },
        }
    }

    /// Returns whether the result is computed by interpolation.
    pub(super) fn is_inexact(self) -> bool {
        match self {
            Self::FlipVertically | Self::FlipHorizontally => false,
            Self::Degrees(degrees) => matches!(Angle::of(degrees), Angle::Degrees(_)),
        }
    }

    pub(super) fn apply(self, pixels: Pixels) -> Result<Pixels, RenderError> {
        Ok(match self {
            Self::FlipVertically => pixels.map(|image| image.flipv()),
            Self::FlipHorizontally => pixels.map(|image| image.fliph()),
            Self::Degrees(degrees) => match Angle::of(degrees) {
                Angle::Quarters(0) => pixels,
                Angle::Quarters(1) => pixels.map(|image| image.rotate90()),
                Angle::Quarters(2) => pixels.map(|image| image.rotate180()),
                Angle::Quarters(_) => pixels.map(|image| image.rotate270()),
                Angle::Degrees(degrees) => {
                    let input = pixels.size();
                    let size = within_longest_side(input);
                    let pixels = if size == input {
                        pixels
                    } else {
                        resample::resize(&pixels, &Rectangle::of(input), size)?
                    };
                    let (image, profile) = pixels.into_rgba();
                    Pixels::from(rotate(&image, degrees)).with_profile(profile)
                }
            },
        })
    }
}

fn within_longest_side(input: Size) -> Size {
    let longest = input.width.max(input.height);
    if longest <= LONGEST_SIDE {
        return input;
    }
    let side = |side: u32| {
        let scaled = (2 * u64::from(side) * u64::from(LONGEST_SIDE) + u64::from(longest))
            / (2 * u64::from(longest));
        u32::try_from(scaled).unwrap_or(LONGEST_SIDE).max(1)
    };
    Size::new(side(input.width), side(input.height))
}

/// Returns the size of the box around a rotated image.
fn bounding_box(input: Size, degrees: f64) -> Size {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let (width, height) = (f64::from(input.width), f64::from(input.height));
    let side = |length: f64| {
        // A length that is an integer up to errors of rounding is not enlarged.
        let length = -floor(-(length - 1e-6));
        u32::try_from(length).unwrap_or(u32::MAX).max(1)
    };
    Size::new(
        side(width * cos.abs() + height * sin.abs()),
        side(width * sin.abs() + height * cos.abs()),
    )
}

/// Rotates clockwise about the center, with bilinear interpolation.
fn rotate(image: &RgbaImage, degrees: f64) -> RgbaImage {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let size = bounding_box(Size::new(image.width(), image.height()), degrees);
    let center = |side: u32| f64::from(side) / 2.0;
    let (to_x, to_y) = (center(size.width), center(size.height));
    let (from_x, from_y) = (center(image.width()), center(image.height()));
    RgbaImage::from_fn(size.width, size.height, |x, y| {
        let (x, y) = (f64::from(x) + 0.5 - to_x, f64::from(y) + 0.5 - to_y);
        interpolate(
            image,
            x * cos + y * sin + from_x - 0.5,
            y * cos - x * sin + from_y - 0.5,
        )
    })
}

/// Returns the color between four pixels. Outside of the image, pixels are transparent.
#[expect(clippy::cast_possible_truncation, reason = "fractions between 0 and 1")]
fn interpolate(image: &RgbaImage, x: f64, y: f64) -> Rgba<u8> {
    let (left, top) = (x.floor(), y.floor());
    let (right_part, lower_part) = ((x - left) as f32, (y - top) as f32);
    let (left, top) = (floor(left), floor(top));
    let mut sum = [0.0_f32; 4];
    for (dx, dy, weight) in [
        (0, 0, (1.0 - right_part) * (1.0 - lower_part)),
        (1, 0, right_part * (1.0 - lower_part)),
        (0, 1, (1.0 - right_part) * lower_part),
        (1, 1, right_part * lower_part),
    ] {
        let (Ok(x), Ok(y)) = (u32::try_from(left + dx), u32::try_from(top + dy)) else {
            continue;
        };
        let Some(&Rgba([red, green, blue, alpha])) = image.get_pixel_checked(x, y) else {
            continue;
        };
        let alpha = weight * f32::from(alpha);
        let [red, green, blue] = [red, green, blue].map(|value| alpha * f32::from(value));
        for (sum, value) in sum.iter_mut().zip([red, green, blue, alpha]) {
            *sum += value;
        }
    }
    let [red, green, blue, alpha] = sum;
    if alpha <= 0.0 {
        return Rgba([0; 4]);
    }
    Rgba([
        byte(red / alpha),
        byte(green / alpha),
        byte(blue / alpha),
        byte(alpha),
    ])
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::{Rotation, Size};
    use crate::render::pixels::Pixels;

    fn corner() -> Pixels {
        let mut image = RgbImage::new(3, 2);
        image.put_pixel(0, 0, Rgb([255, 0, 0]));
        Pixels::from(image)
    }

    #[test]
    fn right_angles_move_corners() {
        for (rotation, size, position) in [
            (Rotation::Degrees(90.0), (2, 3), (1, 0)),
            (Rotation::Degrees(-270.0), (2, 3), (1, 0)),
            (Rotation::Degrees(180.0), (3, 2), (2, 1)),
            (Rotation::Degrees(-90.0), (2, 3), (0, 2)),
            (Rotation::Degrees(360.0), (3, 2), (0, 0)),
            (Rotation::FlipHorizontally, (3, 2), (2, 0)),
            (Rotation::FlipVertically, (3, 2), (0, 1)),
        ] {
            let rotated = rotation.apply(corner()).unwrap();
            assert_eq!(rotated.size(), Size::new(size.0, size.1), "{rotation:?}");
            assert_eq!(
                rotation.size(Size::new(3, 2)),
                rotated.size(),
                "{rotation:?}"
            );
            let pixel = rotated
                .image()
                .as_rgb8()
                .unwrap()
                .get_pixel(position.0, position.1);
            assert_eq!(pixel.0, [255, 0, 0], "{rotation:?}");
        }
    }

    /// The box of a square of side `s` that is rotated by 45 degrees has the side `s·√2`.
    #[test]
    fn other_angles_enlarge_the_image() {
        let image = RgbImage::from_pixel(100, 100, Rgb([10, 20, 30]));
        let rotated = Rotation::Degrees(45.0).apply(image.into()).unwrap();
        assert_eq!(rotated.size(), Size::new(142, 142));
        let image = rotated.image().as_rgba8().unwrap();
        assert_eq!(image.get_pixel(0, 0).0[3], 0);
        assert_eq!(image.get_pixel(71, 71).0, [10, 20, 30, 255]);
    }
}
