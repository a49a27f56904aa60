//! Exact ratios of lengths.

use std::cmp::Ordering;

use super::shapes::{Size, Target};

/// A positive ratio of lengths. Comparisons and products are exact, so that the side that
/// limits a size is exactly the requested one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    numerator: u64,
    denominator: u64,
}

impl Scale {
    pub(super) const ONE: Self = Self {
        numerator: 1,
        denominator: 1,
    };

    fn new(target: u32, side: u32) -> Self {
        Self {
            numerator: u64::from(target.max(1)),
            denominator: u64::from(side.max(1)),
        }
    }

    fn compare(self, other: Self) -> Ordering {
        let left = u128::from(self.numerator) * u128::from(other.denominator);
        let right = u128::from(other.numerator) * u128::from(self.denominator);
        left.cmp(&right)
    }

    pub(super) fn min(self, other: Self) -> Self {
        if self.compare(other).is_le() {
            self
        } else {
            other
        }
    }

    pub(super) fn max(self, other: Self) -> Self {
        if self.compare(other).is_ge() {
            self
        } else {
            other
        }
    }

    pub(super) const fn times_three_halves(self) -> Self {
        Self {
            numerator: self.numerator * 3,
            denominator: self.denominator * 2,
        }
    }

    /// Returns the scaled length, rounded to the nearest number of pixels, at least 1.
    pub(super) fn apply(self, length: u32) -> u32 {
        let (numerator, denominator) = (u128::from(self.numerator), u128::from(self.denominator));
        let scaled = (2 * u128::from(length) * numerator + denominator) / (2 * denominator);
        u32::try_from(scaled.max(1)).unwrap_or(u32::MAX)
    }

    /// Returns whether the scaled length, before rounding, is longer than a limit.
    pub(super) fn exceeds(self, length: u32, limit: u32) -> bool {
        u128::from(length) * u128::from(self.numerator)
            > u128::from(limit) * u128::from(self.denominator)
    }

    /// Returns the length in the source that is scaled to this length.
    pub(super) fn unapply(self, length: u32) -> f64 {
        self.unapply_length(f64::from(length))
    }

    #[expect(clippy::cast_precision_loss, reason = "both are below 2^34")]
    pub(super) fn unapply_length(self, length: f64) -> f64 {
        length * self.denominator as f64 / self.numerator as f64
    }
}

/// Returns the scales of both axes to the requested size.
pub(super) fn of_target(input: Size, target: Target) -> (Option<Scale>, Option<Scale>) {
    (
        target.width.map(|width| Scale::new(width, input.width)),
        target.height.map(|height| Scale::new(height, input.height)),
    )
}
