//! The crop mode `crop`.

use super::gravity::{Gravity, Place};
use super::shapes::{Layout, Rectangle, Size, Target};
use crate::render::rounding::{floor, nearest};

/// Returns the layout of the mode `crop`: a rectangle of whole pixels, not scaled.
pub(super) fn layout(input: Size, target: Target, gravity: Option<Gravity>) -> Option<Layout> {
    let (place_x, place_y) = match gravity {
        // Without a gravity, an offset is the position of the upper left corner.
        None if target.x.is_some() || target.y.is_some() => (Anchor::Corner, Anchor::Corner),
        None => (Anchor::Place(Place::Center), Anchor::Place(Place::Center)),
        Some(Gravity::Compass(x, y)) => (Anchor::Place(x), Anchor::Place(y)),
        Some(Gravity::Point) => (Anchor::Point, Anchor::Point),
    };
    let (left, width) = axis(input.width, target.width, target.x, place_x)?;
    let (top, height) = axis(input.height, target.height, target.y, place_y)?;
    Some(Layout::part(
        Rectangle {
            left: f64::from(left),
            top: f64::from(top),
            width: f64::from(width),
            height: f64::from(height),
        },
        Size::new(width, height),
    ))
}

#[derive(Clone, Copy)]
enum Anchor {
    Corner,
    Place(Place),
    Point,
}

/// Returns the start and the length of the part on an axis, within the image.
fn axis(side: u32, length: Option<u32>, offset: Option<f64>, anchor: Anchor) -> Option<(u32, u32)> {
    let side = i64::from(side);
    let length = length.map_or(side, i64::from);
    let free = side - length;
    let start = match anchor {
        Anchor::Corner => offset.map_or(0, nearest),
        Anchor::Place(place) => {
            let start = match place {
                Place::Start => 0,
                Place::Center => free.div_euclid(2),
                Place::End => free,
            };
            match offset.map(nearest) {
                None => start,
                Some(offset) => {
                    let moved = match place {
                        Place::Start | Place::Center => start.saturating_add(offset),
                        Place::End => start.saturating_sub(offset),
                    };
                    moved.clamp(0, free.max(0))
                }
            }
        }
        Anchor::Point => {
            #[expect(clippy::cast_precision_loss, reason = "both are below 2^32")]
            let (side, length) = (side as f64, length as f64);
            let center = offset.unwrap_or(side / 2.0);
            floor(center - length / 2.0).clamp(0, free.max(0))
        }
    };
    let end = start.saturating_add(length).min(side);
    let start = start.max(0);
    (end > start).then_some(())?;
    Some((u32::try_from(start).ok()?, u32::try_from(end - start).ok()?))
}
