//! Conversions between real numbers and integers.

/// A tolerance for values that are exact halves before they are rounded to a float.
const TOLERANCE: f64 = 1e-9;

/// Rounds to the nearest integer; halves are rounded up.
pub(super) fn nearest(value: f64) -> i64 {
    floor(value + 0.5 + TOLERANCE)
}

/// Rounds a length to the nearest number of pixels, at least 1.
pub(super) fn length(value: f64) -> u32 {
    u32::try_from(nearest(value).max(1)).unwrap_or(u32::MAX)
}

/// Rounds down. A value out of range becomes the nearest integer in range.
#[expect(clippy::cast_possible_truncation, reason = "`as` saturates")]
pub(super) fn floor(value: f64) -> i64 {
    value.floor() as i64
}

/// Rounds to a color value.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates"
)]
pub(super) fn byte(value: f32) -> u8 {
    (value + 0.5) as u8
}
