use thiserror::Error;

/// An error creating a value, such as a [`Gps`](crate::Gps) or a
/// [`Timestamp`](crate::Timestamp).
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum ValueError {
    /// A latitude that is NaN or out of range.
    #[error("latitude {0} is not within -90 to 90 degrees")]
    Latitude(f64),
    /// A longitude that is NaN or out of range.
    #[error("longitude {0} is not within -180 to 180 degrees")]
    Longitude(f64),
    /// An accuracy, in meters, that is NaN, infinite or negative.
    #[error("accuracy {0} is not a finite, non-negative number of meters")]
    Accuracy(f64),
    /// A number of pixels that is NaN, infinite or negative.
    #[error("{0} is not a finite, non-negative number of pixels")]
    Pixels(f64),
    /// The width and the height of a crop; at least one of them is 0.
    #[error("a crop of {0} by {1} pixels has no area")]
    EmptyCrop(f64, f64),
    /// A rotation, in degrees, by more than one full turn.
    #[error("rotation {0} is not within -360 to 360 degrees")]
    Rotation(i32),
    /// A text that is not an RFC 3339 date and time.
    #[error("invalid RFC 3339 date and time")]
    Timestamp,
    /// A year that is not within 0 to 9999.
    #[error("year {0} is not within 0 to 9999")]
    Year(i32),
    /// A Unix time, in seconds, whose year is not within 0 to 9999.
    #[error("Unix time {0} is not within the years 0 to 9999")]
    UnixTime(i64),
    /// A UTC offset, in seconds, that is not a whole number of minutes.
    #[error("UTC offset of {0} seconds is not a whole number of minutes")]
    UtcOffset(i32),
}
