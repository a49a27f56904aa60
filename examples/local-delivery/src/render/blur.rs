//! A blur that approximates a Gaussian function by three box filters whose ends have a
//! fractional weight ("extended box filter", Gwosdek, Grewenig, Bruhn and Weickert, 2011).

use image::RgbaImage;

use super::deadline::Deadline;
use super::error::RenderError;
use super::pixels::Pixels;
use super::rounding::{byte, floor};

const PASSES: usize = 3;

/// A box filter: `2·radius + 1` values with weight 1, and one on each side with weight `edge`.
struct BoxFilter {
    radius: usize,
    edge: f32,
}

impl BoxFilter {
    /// Returns the filter that has the variance `sigma²` when it is applied three times.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "small numbers"
    )]
    fn new(sigma: f64) -> Self {
        let variance = sigma * sigma / PASSES as f64;
        let length = (12.0 * variance + 1.0).sqrt();
        let radius = floor((length - 1.0) / 2.0).max(0) as f64;
        let edge = (2.0 * radius + 1.0) * (radius * (radius + 1.0) - 3.0 * variance)
            / (6.0 * (variance - (radius + 1.0) * (radius + 1.0)));
        Self {
            radius: usize::try_from(floor(radius)).unwrap_or(0),
            edge: edge as f32,
        }
    }

    /// Filters a row of values. Outside of the row, values are those of its ends.
    #[expect(clippy::cast_precision_loss, reason = "the radius is small")]
    fn apply(&self, input: &[f32], output: &mut Vec<f32>) {
        output.clear();
        let (Some(&first), Some(&last)) = (input.first(), input.last()) else {
            return;
        };
        let before = std::iter::repeat_n(first, self.radius + 1);
        let after = std::iter::repeat_n(last, self.radius + 1);
        let values = before.chain(input.iter().copied()).chain(after);
        let width = 2 * self.radius + 1;
        let scale = 1.0 / (width as f32 + 2.0 * self.edge);

        // `leaving` is one position before the box, `entering` one after it.
        let leaving = values.clone();
        let entering = values.clone().skip(width + 1);
        // Doubles: the sum of a long row must not lose digits.
        let mut sum: f64 = values.clone().skip(1).take(width).map(f64::from).sum();
        let inside = values.skip(1);
        for ((leaving, entering), first_inside) in leaving.zip(entering).zip(inside) {
            #[expect(clippy::cast_possible_truncation, reason = "a sum of colors")]
            let total = sum as f32;
            output.push((total + self.edge * (leaving + entering)) * scale);
            sum += f64::from(entering) - f64::from(first_inside);
        }
    }
}

/// Blurs an image. Transparent pixels have no color.
pub(super) fn blur(pixels: Pixels, sigma: f64, deadline: Deadline) -> Result<Pixels, RenderError> {
    let filter = BoxFilter::new(sigma);
    let has_alpha = pixels.has_alpha();
    let (mut image, profile) = pixels.into_rgba();
    for _ in 0..2 {
        blur_rows(&mut image, &filter, deadline)?;
        // Rows become columns.
        image = transposed(&image);
    }
    let blurred = Pixels::from(image).with_profile(profile);
    Ok(if has_alpha {
        blurred
    } else {
        blurred.into_rgb()
    })
}

fn transposed(image: &RgbaImage) -> RgbaImage {
    RgbaImage::from_fn(image.height(), image.width(), |x, y| *image.get_pixel(y, x))
}

fn blur_rows(
    image: &mut RgbaImage,
    filter: &BoxFilter,
    deadline: Deadline,
) -> Result<(), RenderError> {
    let mut channels: [Vec<f32>; 4] = Default::default();
    let mut spare = Vec::new();
    for row in image.rows_mut() {
        deadline.check()?;
        channels.iter_mut().for_each(Vec::clear);
        let pixels: Vec<_> = row.collect();
        for pixel in &pixels {
            let [.., alpha] = pixel.0;
            let alpha = f32::from(alpha);
            let [red, green, blue, _] = pixel.0.map(|value| f32::from(value) * alpha / 255.0);
            for (channel, value) in channels.iter_mut().zip([red, green, blue, alpha]) {
                channel.push(value);
            }
        }
        for channel in &mut channels {
            for _ in 0..PASSES {
                filter.apply(channel, &mut spare);
                std::mem::swap(channel, &mut spare);
            }
        }
        let [red, green, blue, alpha] = &channels;
        let values = red.iter().zip(green).zip(blue).zip(alpha);
        for (pixel, (((red, green), blue), alpha)) in pixels.into_iter().zip(values) {
            let color = |value: &f32| {
                if *alpha > 0.0 {
                    byte(value * 255.0 / alpha)
                } else {
                    0
                }
            };
            pixel.0 = [color(red), color(green), color(blue), byte(*alpha)];
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use image::{Rgb, RgbImage};

    use super::{BoxFilter, Deadline, PASSES, blur};
    use crate::render::error::RenderError;

    /// The variance of the filtered impulse is the variance of the Gaussian function.
    #[test]
    fn variance_is_that_of_a_gaussian() {
        for sigma in [0.05, 0.3, 0.5, 1.0, 2.5, 5.0, 17.0] {
            let filter = BoxFilter::new(sigma);
            let mut values = vec![0.0; 401];
            values[200] = 1.0;
            let mut spare = Vec::new();
            for _ in 0..PASSES {
                filter.apply(&values, &mut spare);
                std::mem::swap(&mut values, &mut spare);
            }
            assert_eq!(values.len(), 401);
            let moment = |power: i32| -> f64 {
                let terms = values.iter().zip(-200_i32..);
                terms
                    .map(|(v, x)| f64::from(*v) * f64::from(x).powi(power))
                    .sum()
            };
            assert!((moment(0) - 1.0).abs() < 1e-4, "{sigma}");
            assert!(
                (moment(2) - sigma * sigma).abs() < 0.01 * sigma * sigma,
                "{sigma}"
            );
        }
    }

    #[test]
    fn one_color_stays() {
        let image = RgbImage::from_pixel(1, 9, Rgb([7, 130, 255]));
        let deadline = Deadline::new(Instant::now() + Duration::from_mins(10));
        let blurred = blur(image.clone().into(), 100.0, deadline).unwrap();
        assert_eq!(blurred.bytes(), image.as_raw().as_slice());
    }

    #[test]
    fn deadline_stops_the_blur() {
        let deadline = Deadline::new(Instant::now());
        let result = blur(RgbImage::new(2, 2).into(), 1.0, deadline);
        assert!(matches!(result, Err(RenderError::TimedOut)));
    }
}
