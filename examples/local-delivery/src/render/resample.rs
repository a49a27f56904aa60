//! Cropping, scaling and padding.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, ResizeOptions, Resizer};
use image::{RgbaImage, imageops};

use super::error::RenderError;
use super::geometry::{Layout, Rectangle, Size};
use super::pixels::Pixels;
use super::rounding::nearest;

/// Applies a layout: scales the visible part and places it into the canvas. Space around
/// it is transparent.
pub(super) fn apply(pixels: &Pixels, layout: &Layout) -> Result<Pixels, RenderError> {
    let inner = match whole_pixels(&layout.source, layout.inner) {
        Some((left, top)) => {
            let Size { width, height } = layout.inner;
            pixels.replaced_by(Pixels::from(
                pixels.image().crop_imm(left, top, width, height),
            ))
        }
        None => resize(pixels, &layout.source, layout.inner)?,
    };
    if layout.canvas == layout.inner {
        return Ok(inner);
    }
    let mut canvas = RgbaImage::new(layout.canvas.width, layout.canvas.height);
    let (x, y) = layout.offset;
    let (inner, profile) = inner.into_rgba();
    imageops::replace(&mut canvas, &inner, x.into(), y.into());
    Ok(Pixels::from(canvas).with_profile(profile))
}

/// Returns the corner of a rectangle of whole pixels that is not scaled.
fn whole_pixels(source: &Rectangle, inner: Size) -> Option<(u32, u32)> {
    let integer = |value: f64| {
        let nearest = u32::try_from(nearest(value)).ok()?;
        ((f64::from(nearest) - value).abs() < 1e-9).then_some(nearest)
    };
    let size = Size::new(integer(source.width)?, integer(source.height)?);
    (size == inner).then_some((integer(source.left)?, integer(source.top)?))
}

/// Scales a rectangle with the filter Lanczos 3.
pub(super) fn resize(
    pixels: &Pixels,
    source: &Rectangle,
    size: Size,
) -> Result<Pixels, RenderError> {
    let pixel_type = if pixels.has_alpha() {
        PixelType::U8x4
    } else {
        PixelType::U8x3
    };
    let input = pixels.size();
    let view = ImageRef::new(input.width, input.height, pixels.bytes(), pixel_type)
        .map_err(|_| RenderError::Empty)?;
    let mut output = Image::new(size.width, size.height, pixel_type);
    let options = ResizeOptions::new().crop(source.left, source.top, source.width, source.height);
    Resizer::new()
        .resize(&view, &mut output, &options)
        .map_err(|_| RenderError::Empty)?;
    Pixels::from_bytes(size, pixels.has_alpha(), output.into_vec())
        .map(|resized| pixels.replaced_by(resized))
        .ok_or(RenderError::Empty)
}

#[cfg(test)]
mod tests {
    use image::{Rgba, RgbaImage};

    use super::{Rectangle, Size, resize};
    use crate::render::pixels::Pixels;

    /// A transparent pixel has no color.
    #[test]
    fn transparent_pixels_do_not_darken() {
        let image = RgbaImage::from_fn(64, 64, |x, _| {
            if x < 32 {
                Rgba([0, 0, 0, 0])
            } else {
                Rgba([200, 100, 50, 255])
            }
        });
        let all = Rectangle {
            left: 0.0,
            top: 0.0,
            width: 64.0,
            height: 64.0,
        };
        let resized = resize(&Pixels::from(image), &all, Size::new(7, 7)).unwrap();
        for pixel in resized.bytes().chunks_exact(4).filter(|pixel| pixel[3] > 8) {
            assert!(pixel[0] >= 190 && pixel[1] >= 95, "{pixel:?}");
        }
        assert!(resized.is_transparent());
    }
}
