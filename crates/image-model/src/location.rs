use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::gps::Gps;
use crate::open_object::{KnownKey, Object, ValueType, known_keys, number};
use crate::value_error::ValueError;

/// The known keys of a location.
pub(crate) const LOCATION_KEYS: &[KnownKey] = known_keys! {
    "accuracy": ValueType::Number, "Accuracy as a radius in meters.";
    "latitude": ValueType::Number, "Degrees north of the equator.";
    "longitude": ValueType::Number, "Degrees east of Greenwich.";
};

/// The location of the uploading device, as the device sent it.
///
/// [`new`](Self::new) accepts valid coordinates only. A decoded location may be
/// incomplete, and its coordinates may be out of range. [`gps`](Self::gps) returns
/// the coordinates only if they are valid.
///
/// ```
/// use image_model::{Infos, Location};
///
/// let location = Location::new(48.861934399999996, 2.348967)?.with_accuracy(36.0)?;
/// let infos = Infos::new().with_location(location);
/// assert_eq!(infos.location(), Some(location));
/// # Ok::<(), image_model::ValueError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Location {
    accuracy: Option<f64>,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

impl Location {
    /// Creates a location from coordinates in degrees.
    ///
    /// # Errors
    ///
    /// - The latitude is NaN or not within -90 to 90.
    /// - The longitude is NaN or not within -180 to 180.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, ValueError> {
        Gps::new(latitude, longitude).map(Self::from)
    }

    /// Sets the accuracy, as a radius in meters around the coordinates.
    ///
    /// # Errors
    ///
    /// - The radius is NaN, infinite or less than 0.
    pub fn with_accuracy(self, meters: f64) -> Result<Self, ValueError> {
        if meters.is_finite() && meters >= 0.0 {
            Ok(Self {
                accuracy: Some(meters),
                ..self
            })
        } else {
            Err(ValueError::Accuracy(meters))
        }
    }

    /// Returns the accuracy as a radius in meters; `None` if the device sent none.
    #[must_use]
    pub const fn accuracy(self) -> Option<f64> {
        self.accuracy
    }

    /// Returns the degrees north of the equator; `None` if the device sent none.
    #[must_use]
    pub const fn latitude(self) -> Option<f64> {
        self.latitude
    }

    /// Returns the degrees east of Greenwich; `None` if the device sent none.
    #[must_use]
    pub const fn longitude(self) -> Option<f64> {
        self.longitude
    }

    /// Returns the coordinates, if both are present and in range.
    #[must_use]
    pub fn gps(self) -> Option<Gps> {
        Gps::new(self.latitude?, self.longitude?).ok()
    }

    pub(crate) fn from_object(object: &Object) -> Self {
        let part = |key| object.get(key).and_then(number);
        Self {
            accuracy: part("accuracy"),
            latitude: part("latitude"),
            longitude: part("longitude"),
        }
    }

    /// Returns the parts that are present, in the recorded order.
    pub(crate) fn to_object(self) -> Object {
        let parts = [
            ("accuracy", self.accuracy),
            ("latitude", self.latitude),
            ("longitude", self.longitude),
        ];
        let present = parts
            .into_iter()
            .filter_map(|(key, part)| Some((key.to_owned(), browser_number(part?))));
        present.collect()
    }
}

/// Formats a number as browsers do: without a fraction if it is whole.
fn browser_number(number: f64) -> Value {
    /// The largest magnitude up to which every whole number is an `f64`.
    const EXACT: f64 = 9_007_199_254_740_992.0;

    if number.fract() == 0.0 && number.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole, at most 2^53")]
        Value::from(number as i64)
    } else {
        Value::from(number)
    }
}

impl From<Gps> for Location {
    fn from(gps: Gps) -> Self {
        Self {
            accuracy: None,
            latitude: Some(gps.latitude()),
            longitude: Some(gps.longitude()),
        }
    }
}

impl Serialize for Location {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_object().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_locations_are_in_range() {
        assert_eq!(
            Location::new(0.0, -181.0).unwrap_err().to_string(),
            "longitude -181 is not within -180 to 180 degrees"
        );
        assert_eq!(
            Location::new(0.0, 0.0)
                .unwrap()
                .with_accuracy(f64::NAN)
                .unwrap_err()
                .to_string(),
            "accuracy NaN is not a finite, non-negative number of meters"
        );
        for metres in [-0.5, f64::INFINITY] {
            assert!(
                Location::new(0.0, 0.0)
                    .unwrap()
                    .with_accuracy(metres)
                    .is_err()
            );
        }
    }

    #[test]
    fn whole_numbers_are_written_without_a_fraction() {
        let location = Location::new(48.861_934_399_999_996, 2.348_967).unwrap();
        assert_eq!(
            serde_json::to_string(&location.with_accuracy(36.0).unwrap()).unwrap(),
            r#"{"accuracy":36,"latitude":48.861934399999996,"longitude":2.348967}"#
        );
        assert_eq!(
            serde_json::to_string(&Location::new(-48.0, 0.5).unwrap()).unwrap(),
            r#"{"latitude":-48,"longitude":0.5}"#
        );
    }
}
