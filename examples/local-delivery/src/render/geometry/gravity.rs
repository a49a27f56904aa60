//! Gravities.

/// The part of an image that a step keeps, and its position in the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gravity {
    /// A compass direction: a place on the horizontal and on the vertical axis.
    Compass(Place, Place),
    /// `xy_center`: the rectangle is centered on `x` and `y`.
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
    pub(super) fn of_free(self, free: f64) -> f64 {
        match self {
            Self::Start => 0.0,
            Self::Center => free / 2.0,
            Self::End => free,
        }
    }

    /// Moves a position away from the edge of the place.
    pub(super) fn moved(self, position: f64, offset: f64) -> f64 {
        match self {
            Self::Start | Self::Center => position + offset,
            Self::End => position - offset,
        }
    }
}
