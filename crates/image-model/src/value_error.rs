use thiserror::Error;

/// Why a value was refused by the constructor of its type.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum ValueError {
    /// Not a latitude: NaN, or beyond the poles.
    #[error("latitude {0} is not within -90 to 90 degrees")]
    Latitude(f64),
    /// Not a longitude: NaN, or beyond the date line.
    #[error("longitude {0} is not within -180 to 180 degrees")]
    Longitude(f64),
    /// Not the radius of a circle on the ground.
    #[error("accuracy {0} is not a finite number of metres from 0")]
    Accuracy(f64),
    /// Not a position or an extent in pixels.
    #[error("{0} is not a finite number of pixels from 0")]
    Pixels(f64),
    /// A crop that would leave nothing of the image.
    #[error("a crop of {0} by {1} pixels has no area")]
    EmptyCrop(f64, f64),
    /// More than a full turn.
    #[error("rotation {0} is not within -360 to 360 degrees")]
    Rotation(i32),
    /// Not a date and time of RFC 3339.
    #[error("not an rfc 3339 date and time")]
    Timestamp,
    /// A year that RFC 3339 cannot write.
    #[error("year {0} is not within 0 to 9999")]
    Year(i32),
    /// An offset from UTC that RFC 3339 cannot write.
    #[error("utc offset of {0} seconds is not in whole minutes")]
    UtcOffset(i32),
}
