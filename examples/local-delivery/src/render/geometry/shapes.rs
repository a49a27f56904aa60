//! Sizes, rectangles and layouts.

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
    pub(in crate::render) fn of(size: Size) -> Self {
        Self {
            left: 0.0,
            top: 0.0,
            width: f64::from(size.width),
            height: f64::from(size.height),
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
    /// Returns the whole source at this size.
    pub(super) fn whole(input: Size, inner: Size) -> Self {
        Self::part(Rectangle::of(input), inner)
    }

    /// Returns a part of the source at this size, without padding.
    pub(super) fn part(source: Rectangle, inner: Size) -> Self {
        Self {
            source,
            inner,
            canvas: inner,
            offset: (0, 0),
        }
    }
}
