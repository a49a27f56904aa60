//! Sizes and rectangles: pure functions of the crop modes.

mod crop;
mod scale;

use self::scale::Scale;
use super::rounding::{floor, length};

/// A size in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Size {
    /// The width.
    pub width: u32,
    /// The height.
    pub height: u32,
}

impl Size {
    /// Creates a size.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height }
    }

    /// Exchanges width and height.
    #[must_use]
    pub const fn transposed(self) -> Self {
        Self::new(self.height, self.width)
    }

    /// Returns the number of pixels.
    #[must_use]
    pub fn area(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

/// A rectangle in the pixels of an image. It may begin and end within a pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rectangle {
    /// The distance from the left edge of the image.
    pub left: f64,
    /// The distance from the upper edge of the image.
    pub top: f64,
    /// The width.
    pub width: f64,
    /// The height.
    pub height: f64,
}

impl Rectangle {
    fn of(size: Size) -> Self {
        Self {
            left: 0.0,
            top: 0.0,
            width: f64::from(size.width),
            height: f64::from(size.height),
        }
    }
}

/// The crop mode of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// `scale`: the exact size, with distortion.
    Scale,
    /// `fit`: within the size.
    Fit,
    /// `limit`: within the size, never enlarged.
    Limit,
    /// `mfit`: within the size, never reduced.
    MinimumFit,
    /// `fill`: the exact size, cropped.
    Fill,
    /// `lfill`: as `fill`, never enlarged.
    LimitFill,
    /// `pad`: the exact size, padded.
    Pad,
    /// `lpad`: as `pad`, never enlarged.
    LimitPad,
    /// `mpad`: as `pad`, never reduced.
    MinimumPad,
    /// `fill_pad`: cropped a little and padded for the rest.
    FillPad,
    /// `crop`: a rectangle, not scaled.
    Crop,
    /// `thumb`: as `fill`, because faces are not recognized.
    Thumb,
}

impl Mode {
    /// Every mode with its name.
    pub const NAMES: [(&'static str, Self); 12] = [
        ("scale", Self::Scale),
        ("fit", Self::Fit),
        ("limit", Self::Limit),
        ("mfit", Self::MinimumFit),
        ("fill", Self::Fill),
        ("lfill", Self::LimitFill),
        ("pad", Self::Pad),
        ("lpad", Self::LimitPad),
        ("mpad", Self::MinimumPad),
        ("fill_pad", Self::FillPad),
        ("crop", Self::Crop),
        ("thumb", Self::Thumb),
    ];

    /// Returns whether the mode removes parts of the image.
    #[must_use]
    pub const fn crops(self) -> bool {
        matches!(
            self,
            Self::Fill | Self::LimitFill | Self::FillPad | Self::Crop | Self::Thumb
        )
    }

    /// Returns whether the mode adds space around the image.
    #[must_use]
    pub const fn pads(self) -> bool {
        matches!(self, Self::Pad | Self::LimitPad | Self::MinimumPad)
    }
}

/// The part of an image that a step keeps, and its position in the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gravity {
    /// A position per axis: 0 is the left or upper edge, 1 the centre, 2 the right or
    /// lower edge.
    Compass(Place, Place),
    /// `xy_center`: the rectangle is centred on `x` and `y`.
    Point,
}

impl Gravity {
    /// The default.
    pub const CENTER: Self = Self::Compass(Place::Center, Place::Center);

    /// Returns the gravity with this name. Automatic gravities have none.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        use Place::{Center, End, Start};
        let (x, y) = match name {
            "north_west" => (Start, Start),
            "north" => (Center, Start),
            "north_east" => (End, Start),
            "west" => (Start, Center),
            "center" => (Center, Center),
            "east" => (End, Center),
            "south_west" => (Start, End),
            "south" => (Center, End),
            "south_east" => (End, End),
            "xy_center" => return Some(Self::Point),
            _ => return None,
        };
        Some(Self::Compass(x, y))
    }
}

/// A position on an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The left or upper edge.
    Start,
    /// The middle.
    Center,
    /// The right or lower edge.
    End,
}

impl Place {
    /// Returns where space of this size begins: the free space times 0, ½ or 1.
    fn of_free(self, free: f64) -> f64 {
        match self {
            Self::Start => 0.0,
            Self::Center => free / 2.0,
            Self::End => free,
        }
    }

    /// Moves a position away from the edge of the place.
    fn moved(self, position: f64, offset: f64) -> f64 {
        match self {
            Self::Start | Self::Center => position + offset,
            Self::End => position - offset,
        }
    }
}

/// The requested size and offset, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Target {
    /// The width, if given.
    pub width: Option<u32>,
    /// The height, if given.
    pub height: Option<u32>,
    /// The horizontal offset, if given.
    pub x: Option<f64>,
    /// The vertical offset, if given.
    pub y: Option<f64>,
}

/// The result of a crop mode: a rectangle of the source is scaled to `inner` and placed
/// into `canvas`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// The visible part of the source.
    pub source: Rectangle,
    /// The size of the scaled part.
    pub inner: Size,
    /// The size of the result.
    pub canvas: Size,
    /// The position of the scaled part in the result.
    pub offset: (u32, u32),
}

impl Layout {
    /// The whole source at this size.
    fn whole(input: Size, inner: Size) -> Self {
        Self::part(Rectangle::of(input), inner)
    }

    /// A part of the source at this size, without padding.
    fn part(source: Rectangle, inner: Size) -> Self {
        Self {
            source,
            inner,
            canvas: inner,
            offset: (0, 0),
        }
    }
}

/// Computes the layout of a step. Returns `None` if nothing of the image is left.
///
/// The gravity is `None` if the step has none.
#[must_use]
pub fn layout(mode: Mode, input: Size, target: Target, gravity: Option<Gravity>) -> Option<Layout> {
    if mode == Mode::Crop {
        return crop::layout(input, target, gravity);
    }
    let center = gravity.unwrap_or(Gravity::CENTER);
    let scales = scale::of_target(input, target);
    Some(match (mode, scales) {
        (_, (None, None)) => Layout::whole(input, input),
        (Mode::Scale, _) => Layout::whole(input, scaled_to_target(input, target)),
        (Mode::Fit | Mode::Limit | Mode::MinimumFit, _) => {
            Layout::whole(input, fitted(mode, input, target))
        }
        (Mode::Pad | Mode::LimitPad | Mode::MinimumPad, _) => {
            let inner = fitted(mode, input, target);
            let mut canvas = Size::new(
                target.width.unwrap_or(inner.width),
                target.height.unwrap_or(inner.height),
            );
            if mode == Mode::MinimumPad {
                canvas = Size::new(
                    canvas.width.max(inner.width),
                    canvas.height.max(inner.height),
                );
            }
            padded(Layout::whole(input, inner), canvas, target, center)
        }
        (Mode::Fill | Mode::Thumb, (Some(x), Some(y))) => filled(
            input,
            x.max(y),
            scaled_to_target(input, target),
            target,
            center,
        ),
        (Mode::LimitFill, (Some(x), Some(y))) => {
            let scale = x.max(y).min(Scale::ONE);
            let inner = Size::new(
                scale.apply(input.width).min(target.width?),
                scale.apply(input.height).min(target.height?),
            );
            filled(input, scale, inner, target, center)
        }
        (Mode::FillPad, (Some(x), Some(y))) => {
            let scale = x.max(y).min(x.min(y).times_three_halves());
            let canvas = scaled_to_target(input, target);
            let inner = Size::new(
                scale.apply(input.width).min(canvas.width),
                scale.apply(input.height).min(canvas.height),
            );
            let part = filled(input, scale, inner, target, center);
            padded(part, canvas, target, center)
        }
        (Mode::LimitFill, _) => Layout::whole(input, fitted(Mode::Limit, input, target)),
        (Mode::Fill | Mode::Thumb | Mode::FillPad | Mode::Crop, _) => {
            Layout::whole(input, scaled_to_target(input, target))
        }
    })
}

/// The requested size; a missing side keeps the ratio of the image.
fn scaled_to_target(input: Size, target: Target) -> Size {
    let (x, y) = scale::of_target(input, target);
    let other = x.or(y).unwrap_or(Scale::ONE);
    Size::new(
        target.width.unwrap_or_else(|| other.apply(input.width)),
        target.height.unwrap_or_else(|| other.apply(input.height)),
    )
}

/// The size of the whole image, scaled to fit into the requested size.
fn fitted(mode: Mode, input: Size, target: Target) -> Size {
    let scale = match scale::of_target(input, target) {
        (Some(x), Some(y)) => x.min(y),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => Scale::ONE,
    };
    let scale = match mode {
        Mode::Limit | Mode::LimitPad => scale.min(Scale::ONE),
        Mode::MinimumFit | Mode::MinimumPad => scale.max(Scale::ONE),
        _ => scale,
    };
    Size::new(scale.apply(input.width), scale.apply(input.height))
}

/// The part of an image that fills `inner` at this scale.
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

/// Returns the largest size of this ratio within a size, or the smallest around it.
pub(super) fn with_ratio(size: Size, ratio: f64, around: bool) -> (f64, f64) {
    let (width, height) = (f64::from(size.width), f64::from(size.height));
    if (width > height * ratio) == around {
        (width, width / ratio)
    } else {
        (height * ratio, height)
    }
}

/// Rounds a requested length to pixels.
pub(super) fn pixels(value: f64) -> u32 {
    length(value)
}
