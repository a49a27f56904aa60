//! Requested sizes and offsets.

use super::geometry::{CropMode, Size, Target};
use super::rounding::length;

/// A length in a transformation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Length {
    /// Pixels: `w_300`.
    Pixels(f64),
    /// A fraction of the width or height of the incoming image: `w_0.5`.
    Fraction(f64),
    /// The width of the original: `w_iw`.
    InitialWidth,
    /// The height of the original: `h_ih`.
    InitialHeight,
}

/// The size and the offset that a step requests.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Request {
    pub(super) width: Option<Length>,
    pub(super) height: Option<Length>,
    /// Width divided by height.
    pub(super) ratio: Option<f64>,
    pub(super) x: Option<Length>,
    pub(super) y: Option<Length>,
    /// The factor of `dpr`.
    pub(super) dpr: Option<f64>,
}

impl Request {
    /// Returns the sizes in pixels for an incoming image.
    pub(super) fn target(&self, mode: CropMode, input: Size, original: Size) -> Target {
        let factor = self.dpr.unwrap_or(1.0);
        let in_pixels = |side: u32| {
            move |length: Length| {
                factor
                    * match length {
                        Length::Pixels(pixels) => pixels,
                        Length::Fraction(fraction) => fraction * f64::from(side),
                        Length::InitialWidth => f64::from(original.width),
                        Length::InitialHeight => f64::from(original.height),
                    }
            }
        };
        let mut width = self.width.map(in_pixels(input.width));
        let mut height = self.height.map(in_pixels(input.height));
        if let Some(ratio) = self.ratio {
            (width, height) = match (width, height) {
                (Some(width), None) => (Some(width), Some(width / ratio)),
                (None, Some(height)) => (Some(height * ratio), Some(height)),
                (None, None) => size_of_ratio(mode, input, ratio).unzip(),
                both => both,
            };
        }
        Target {
            width: width.map(length),
            height: height.map(length),
            x: self.x.map(in_pixels(input.width)),
            y: self.y.map(in_pixels(input.height)),
        }
    }

    /// Returns whether a decimal is not a fraction of the image.
    pub(super) fn has_fraction_over_one(&self) -> bool {
        [self.width, self.height, self.x, self.y]
            .into_iter()
            .flatten()
            .any(|length| matches!(length, Length::Fraction(fraction) if fraction.abs() > 1.0))
    }

    /// Interprets all decimals as pixels.
    pub(super) fn fractions_to_pixels(&mut self) {
        let lengths = [&mut self.width, &mut self.height, &mut self.x, &mut self.y];
        for length in lengths.into_iter().flatten() {
            if let Length::Fraction(fraction) = *length {
                *length = Length::Pixels(fraction);
            }
        }
    }

    /// Returns whether the request has a size.
    pub(super) const fn has_size(&self) -> bool {
        self.width.is_some() || self.height.is_some() || self.ratio.is_some()
    }
}

/// Returns the size for an aspect ratio without width and height.
fn size_of_ratio(mode: CropMode, input: Size, ratio: f64) -> Option<(f64, f64)> {
    let (width, height) = (f64::from(input.width), f64::from(input.height));
    if mode == CropMode::Scale {
        return Some((width, width / ratio));
    }
    let is_wider = width > height * ratio;
    match (mode.crops(), mode.pads(), is_wider) {
        // Within the image, or around it.
        (true, _, false) | (_, true, true) => Some((width, width / ratio)),
        (true, _, true) | (_, true, false) => Some((height * ratio, height)),
        _ => None,
    }
}
