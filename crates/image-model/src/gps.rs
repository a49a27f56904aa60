use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeTuple, Serializer};

use crate::value_error::ValueError;

/// Coordinates of an image: latitude and longitude in degrees.
///
/// The coordinates are encoded as `[latitude, longitude]`. They are always in range:
/// decoding and [`new`](Self::new) reject the same coordinates.
///
/// [`Infos`](crate::Infos) contains a different type, [`Location`](crate::Location),
/// which also has an accuracy and may be incomplete.
///
/// ```
/// use image_model::Gps;
///
/// let paris = Gps::new(48.861934399999996, 2.348967)?;
/// assert_eq!(serde_json::to_string(&paris)?, "[48.861934399999996,2.348967]");
/// assert_eq!(
///     Gps::new(91.0, 0.0).unwrap_err().to_string(),
///     "latitude 91 is not within -90 to 90 degrees",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gps {
    latitude: f64,
    longitude: f64,
}

impl Gps {
    /// Creates coordinates from a latitude and a longitude in degrees.
    ///
    /// # Errors
    ///
    /// - The latitude is NaN or not within -90 to 90.
    /// - The longitude is NaN or not within -180 to 180.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, ValueError> {
        Ok(Self {
            latitude: check_latitude(latitude)?,
            longitude: check_longitude(longitude)?,
        })
    }

    /// Returns the degrees north of the equator, -90 to 90.
    #[must_use]
    pub const fn latitude(self) -> f64 {
        self.latitude
    }

    /// Returns the degrees east of Greenwich, -180 to 180.
    #[must_use]
    pub const fn longitude(self) -> f64 {
        self.longitude
    }
}

fn check_latitude(degrees: f64) -> Result<f64, ValueError> {
    if (-90.0..=90.0).contains(&degrees) {
        Ok(degrees)
    } else {
        Err(ValueError::Latitude(degrees))
    }
}

fn check_longitude(degrees: f64) -> Result<f64, ValueError> {
    if (-180.0..=180.0).contains(&degrees) {
        Ok(degrees)
    } else {
        Err(ValueError::Longitude(degrees))
    }
}

impl Serialize for Gps {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut pair = serializer.serialize_tuple(2)?;
        pair.serialize_element(&self.latitude)?;
        pair.serialize_element(&self.longitude)?;
        pair.end()
    }
}

impl<'de> Deserialize<'de> for Gps {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(GpsVisitor)
    }
}

struct GpsVisitor;

impl<'de> Visitor<'de> for GpsVisitor {
    type Value = Gps;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a pair of latitude and longitude in degrees")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut pair: A) -> Result<Gps, A::Error> {
        // Each element is checked by itself, so that the path of an error ends in
        // `[0]` or `[1]`.
        let latitude = pair
            .next_element_seed(Checked(check_latitude))?
            .ok_or_else(|| de::Error::invalid_length(0, &self))?;
        let longitude = pair
            .next_element_seed(Checked(check_longitude))?
            .ok_or_else(|| de::Error::invalid_length(1, &self))?;
        if pair.next_element::<de::IgnoredAny>()?.is_some() {
            return Err(de::Error::invalid_length(3, &self));
        }
        Ok(Gps {
            latitude,
            longitude,
        })
    }
}

/// Reads a coordinate and checks it.
struct Checked(fn(f64) -> Result<f64, ValueError>);

impl<'de> DeserializeSeed<'de> for Checked {
    type Value = f64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<f64, D::Error> {
        let degrees = PhantomData::<f64>.deserialize(deserializer)?;
        (self.0)(degrees).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_in_range() {
        for (latitude, longitude) in [(90.0, 180.0), (-90.0, -180.0), (0.0, -0.0)] {
            assert!(Gps::new(latitude, longitude).is_ok());
        }
    }

    #[test]
    fn coordinates_out_of_range_are_rejected() {
        let cases = [
            (91.0, 0.0, "latitude 91 is not within -90 to 90 degrees"),
            (
                f64::NAN,
                0.0,
                "latitude NaN is not within -90 to 90 degrees",
            ),
            (
                0.0,
                180.5,
                "longitude 180.5 is not within -180 to 180 degrees",
            ),
            (
                0.0,
                f64::NAN,
                "longitude NaN is not within -180 to 180 degrees",
            ),
            (
                f64::INFINITY,
                0.0,
                "latitude inf is not within -90 to 90 degrees",
            ),
        ];
        for (latitude, longitude, text) in cases {
            assert_eq!(Gps::new(latitude, longitude).unwrap_err().to_string(), text);
        }
    }

    #[test]
    fn other_shapes_are_rejected() {
        let cases = [
            (
                "[]",
                "invalid length 0, expected a pair of latitude and longitude in degrees at line 1 column 2",
            ),
            (
                "[1]",
                "invalid length 1, expected a pair of latitude and longitude in degrees at line 1 column 3",
            ),
            (
                "[1,2,3]",
                "invalid length 3, expected a pair of latitude and longitude in degrees at line 1 column 7",
            ),
            (
                "{}",
                "invalid type: map, expected a pair of latitude and longitude in degrees at line 1 column 0",
            ),
        ];
        for (json, text) in cases {
            assert_eq!(
                serde_json::from_str::<Gps>(json).unwrap_err().to_string(),
                text
            );
        }
    }
}
