//! The layouts of all crop modes.

use super::crop;
use super::crop_mode::CropMode;
use super::gravity::{Gravity, Place};
use super::scale::{self, Scale};
use super::shapes::{Layout, Rectangle, Size, Target};
use crate::render::rounding::floor;

/// Computes the layout of a step. Returns `None` if nothing of the image is left.
///
/// The gravity is `None` if the step has none.
#[must_use]
pub fn layout(
    mode: CropMode,
    input: Size,
    target: Target,
    gravity: Option<Gravity>,
) -> Option<Layout> {
    if mode == CropMode::Crop {
        return crop::layout(input, target, gravity);
    }
    let center = gravity.unwrap_or(Gravity::CENTER);
    let scales = scale::of_target(input, target);
    Some(match (mode, scales) {
        (_, (None, None)) => Layout::whole(input, input),
        (CropMode::Scale, _) => Layout::whole(input, scaled_to_target(input, target)),
        (CropMode::Fit | CropMode::Limit | CropMode::MinimumFit, _) => {
            Layout::whole(input, fitted(mode, input, target))
        }
        (CropMode::Pad | CropMode::LimitPad | CropMode::MinimumPad, _) => {
            let inner = fitted(mode, input, target);
            let mut canvas = Size::new(
                target.width.unwrap_or(inner.width),
                target.height.unwrap_or(inner.height),
            );
            if mode == CropMode::MinimumPad {
                canvas = Size::new(
                    canvas.width.max(inner.width),
                    canvas.height.max(inner.height),
                );
            }
            padded(Layout::whole(input, inner), canvas, target, center)
        }
        (CropMode::Fill | CropMode::Thumb, (Some(x), Some(y))) => filled(
            input,
            x.max(y),
            scaled_to_target(input, target),
            target,
            center,
        ),
        (CropMode::LimitFill, (Some(x), Some(y))) => {
            let scale = x.max(y).min(Scale::ONE);
            let inner = Size::new(
                scale.apply(input.width).min(target.width?),
                scale.apply(input.height).min(target.height?),
            );
            filled(input, scale, inner, target, center)
        }
        (CropMode::FillPad, (Some(x), Some(y))) => {
            let scale = x.max(y).min(x.min(y).times_three_halves());
            let canvas = scaled_to_target(input, target);
            let inner = Size::new(
                scale.apply(input.width).min(canvas.width),
                scale.apply(input.height).min(canvas.height),
            );
            let mut part = filled(input, scale, inner, target, center);
            let whole = Rectangle::of(input);
            if !scale.exceeds(input.width, canvas.width) {
                (part.source.left, part.source.width) = (whole.left, whole.width);
            }
            if !scale.exceeds(input.height, canvas.height) {
                (part.source.top, part.source.height) = (whole.top, whole.height);
            }
            padded(part, canvas, target, center)
        }
        (CropMode::LimitFill, _) => Layout::whole(input, fitted(CropMode::Limit, input, target)),
        (CropMode::Fill | CropMode::Thumb | CropMode::FillPad | CropMode::Crop, _) => {
            Layout::whole(input, scaled_to_target(input, target))
        }
    })
}

/// Returns the requested size. A missing side keeps the ratio of the image.
fn scaled_to_target(input: Size, target: Target) -> Size {
    let (x, y) = scale::of_target(input, target);
    let other = x.or(y).unwrap_or(Scale::ONE);
    Size::new(
        target.width.unwrap_or_else(|| other.apply(input.width)),
        target.height.unwrap_or_else(|| other.apply(input.height)),
    )
}

/// Returns the size of the whole image, scaled to fit into the requested size.
fn fitted(mode: CropMode, input: Size, target: Target) -> Size {
    let scale = match scale::of_target(input, target) {
        (Some(x), Some(y)) => x.min(y),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => Scale::ONE,
    };
    let scale = match mode {
        CropMode::Limit | CropMode::LimitPad => scale.min(Scale::ONE),
        CropMode::MinimumFit | CropMode::MinimumPad => scale.max(Scale::ONE),
        _ => scale,
    };
    Size::new(scale.apply(input.width), scale.apply(input.height))
}

/// Returns the part of an image that fills `inner` at this scale.
fn filled(input: Size, scale: Scale, inner: Size, target: Target, gravity: Gravity) -> Layout {
    let axis = |side: u32, inner: u32, offset: Option<f64>, place: Option<Place>| {
        let side = f64::from(side);
        let visible = scale.unapply(inner).min(side);
        let free = side - visible;
        let start = match place {
            Some(place) => place.moved(
                place.of_free(free),
                scale.unapply_length(offset.unwrap_or(0.0)),
            ),
            None => offset.unwrap_or(side / 2.0) - visible / 2.0,
        };
        (start.clamp(0.0, free.max(0.0)), visible)
    };
    let (place_x, place_y) = places(gravity);
    let (left, width) = axis(input.width, inner.width, target.x, place_x);
    let (top, height) = axis(input.height, inner.height, target.y, place_y);
    Layout::part(
        Rectangle {
            left,
            top,
            width,
            height,
        },
        inner,
    )
}

/// Places a scaled image into a canvas that is at least as large.
fn padded(layout: Layout, canvas: Size, target: Target, gravity: Gravity) -> Layout {
    let axis = |canvas: u32, inner: u32, offset: Option<f64>, place: Option<Place>| {
        let free = canvas.saturating_sub(inner);
        let start = match place {
            Some(place) => {
                // The odd pixel is at the end.
                let start = place.of_free(f64::from(free)).floor();
                place.moved(start, offset.unwrap_or(0.0))
            }
            None => offset.map_or(f64::from(free) / 2.0, |x| x - f64::from(inner) / 2.0),
        };
        u32::try_from(floor(start + 1e-9)).unwrap_or(0).min(free)
    };
    let (place_x, place_y) = places(gravity);
    Layout {
        canvas,
        offset: (
            axis(canvas.width, layout.inner.width, target.x, place_x),
            axis(canvas.height, layout.inner.height, target.y, place_y),
        ),
        ..layout
    }
}

const fn places(gravity: Gravity) -> (Option<Place>, Option<Place>) {
    match gravity {
        Gravity::Compass(x, y) => (Some(x), Some(y)),
        Gravity::Point => (None, None),
    }
}
