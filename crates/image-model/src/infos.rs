use serde::de::{Deserialize, DeserializeSeed, Deserializer};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde_json::Value;

use crate::open_object::{Kind, Named, NamedKeys, OpenObject, decimal};
use crate::{Count, DecodeError, Gps, Object, Timestamp, ValueError};

/// The keys that the storage provider is known to answer with.
const INFOS: &NamedKeys = &[
    ("bytes", Named::Value(Kind::Count)),
    ("created_at", Named::Value(Kind::Instant)),
    ("etag", Named::Value(Kind::Text)),
    ("format", Named::Value(Kind::Text)),
    ("height", Named::Value(Kind::Count)),
    ("resource_type", Named::Value(Kind::Text)),
    ("tags", Named::Value(Kind::Texts)),
    ("type", Named::Value(Kind::Text)),
    ("width", Named::Value(Kind::Count)),
    ("original_filename", Named::Value(Kind::Text)),
    ("location", Named::Object(LOCATION)),
];

const LOCATION: &NamedKeys = &[
    ("accuracy", Named::Value(Kind::Decimal)),
    ("latitude", Named::Value(Kind::Decimal)),
    ("longitude", Named::Value(Kind::Decimal)),
];

/// What the storage provider answered to the upload of the file.
///
/// An open object: every key may be missing or `null`, further keys occur, and
/// all of it is kept as it came, in order, numbers that are strings included;
/// of a key that comes twice, the last.
/// The named keys are checked when it is read or made, and have a method each,
/// which gives `None` where the key is missing or `null`. All others are
/// behind [`get`](Self::get).
///
/// ```
/// use image_model::Infos;
///
/// let json = r#"{"format":"jpg","bytes":"10668","version":12}"#;
/// let infos: Infos = serde_json::from_str(json)?;
/// assert_eq!(infos.bytes(), Some(10668));
/// assert_eq!(infos.width(), None);
/// assert_eq!(infos.get("version"), Some(&12.into()));
/// assert_eq!(serde_json::to_string(&infos)?, json);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Infos {
    object: Object,
}

impl Infos {
    /// Size of the stored file in bytes.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        self.count("bytes")
    }

    /// When the provider stored the file; it says so in whole seconds with `Z`.
    #[must_use]
    pub fn created_at(&self) -> Option<Timestamp> {
        Timestamp::deserialize(self.get("created_at")?).ok()
    }

    /// Digest of the stored file, in hexadecimal digits.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.text("etag")
    }

    /// Format of the stored file, as an extension without the dot: `png`.
    #[must_use]
    pub fn format(&self) -> Option<&str> {
        self.text("format")
    }

    /// Height of the stored file in pixels.
    #[must_use]
    pub fn height(&self) -> Option<u64> {
        self.count("height")
    }

    /// The provider's kind of file: `image`, `video` or `raw`.
    #[must_use]
    pub fn resource_type(&self) -> Option<&str> {
        self.text("resource_type")
    }

    /// The provider's tags; none where there is no list.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        let tags = self.get("tags").and_then(Value::as_array);
        tags.into_iter().flatten().filter_map(Value::as_str)
    }

    /// How the provider delivers the file (the key `type`): `authenticated`.
    #[must_use]
    pub fn delivery_type(&self) -> Option<&str> {
        self.text("type")
    }

    /// Width of the stored file in pixels.
    #[must_use]
    pub fn width(&self) -> Option<u64> {
        self.count("width")
    }

    /// Name of the file where it came from, without its extension.
    #[must_use]
    pub fn original_filename(&self) -> Option<&str> {
        self.text("original_filename")
    }

    /// Where the uploading device was.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        let location = self.get("location")?.as_object()?;
        let degrees = |key| location.get(key).and_then(decimal);
        Some(Location {
            accuracy: degrees("accuracy"),
            latitude: degrees("latitude"),
            longitude: degrees("longitude"),
        })
    }

    /// The value of any key, as it came.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.object.get(key)
    }

    /// All of it.
    #[must_use]
    pub fn as_object(&self) -> &Object {
        &self.object
    }

    fn count(&self, key: &str) -> Option<u64> {
        Count::deserialize(self.get(key)?).ok().map(Count::get)
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }
}

impl TryFrom<Object> for Infos {
    type Error = DecodeError;

    /// # Errors
    ///
    /// - A named key with a value that is neither `null` nor what its method gives.
    fn try_from(object: Object) -> Result<Self, DecodeError> {
        serde_path_to_error::deserialize(Value::Object(object))
            .map_err(|error| DecodeError::new("infos", error))
    }
}

impl From<Infos> for Object {
    fn from(infos: Infos) -> Self {
        infos.object
    }
}

impl Serialize for Infos {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.object.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Infos {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let object = OpenObject(INFOS).deserialize(deserializer)?;
        Ok(Self { object })
    }
}

/// Where the uploading device said it was.
///
/// Made here it is on the globe. Read from others it is what the device sent:
/// any part may be missing, or be no place on earth; [`gps`](Self::gps) tells.
///
/// ```
/// use image_model::{Infos, Location};
///
/// let location = Location::new(48.861934399999996, 2.348967)?.with_accuracy(36.0)?;
/// let json = serde_json::json!({ "format": "png", "location": location });
/// let infos: Infos = serde_json::from_value(json)?;
/// assert_eq!(infos.location(), Some(location));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Location {
    accuracy: Option<f64>,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

impl Location {
    /// A place by its coordinates in degrees.
    ///
    /// # Errors
    ///
    /// - A latitude that is NaN or not within -90 to 90.
    /// - A longitude that is NaN or not within -180 to 180.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, ValueError> {
        Gps::new(latitude, longitude).map(Self::from)
    }

    /// The same place, known to so many metres.
    ///
    /// # Errors
    ///
    /// - NaN, an infinity, or less than 0.
    pub fn with_accuracy(self, metres: f64) -> Result<Self, ValueError> {
        if metres.is_finite() && metres >= 0.0 {
            Ok(Self {
                accuracy: Some(metres),
                ..self
            })
        } else {
            Err(ValueError::Accuracy(metres))
        }
    }

    /// Radius in metres within which the device is; `None` where it did not say.
    #[must_use]
    pub const fn accuracy(self) -> Option<f64> {
        self.accuracy
    }

    /// Degrees north of the equator; `None` where the device did not say.
    #[must_use]
    pub const fn latitude(self) -> Option<f64> {
        self.latitude
    }

    /// Degrees east of Greenwich; `None` where the device did not say.
    #[must_use]
    pub const fn longitude(self) -> Option<f64> {
        self.longitude
    }

    /// The place, if both coordinates are there and on the globe.
    #[must_use]
    pub fn gps(self) -> Option<Gps> {
        Gps::new(self.latitude?, self.longitude?).ok()
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

/// Writes what there is, in the documented order, whole numbers without a
/// fraction, as the browsers that send locations do.
impl Serialize for Location {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let parts = [
            ("accuracy", self.accuracy),
            ("latitude", self.latitude),
            ("longitude", self.longitude),
        ];
        let given = parts.iter().filter(|(_, part)| part.is_some()).count();
        let mut object = serializer.serialize_struct("Location", given)?;
        for (key, part) in parts {
            match part {
                Some(number) => object.serialize_field(key, &BrowserNumber(number))?,
                None => object.skip_field(key)?,
            }
        }
        object.end()
    }
}

struct BrowserNumber(f64);

impl Serialize for BrowserNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// The largest magnitude up to which every whole number is an `f64`.
        const EXACT: f64 = 9_007_199_254_740_992.0;

        if self.0.fract() == 0.0 && self.0.abs() <= EXACT {
            #[expect(clippy::cast_possible_truncation, reason = "whole, and below 2^53")]
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Infos {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_web_form_s_strings_read_as_numbers_and_stay_strings() {
        let json =
            r#"{"width":"48","bytes":"10668","location":{"latitude":"48.5","accuracy":"36"}}"#;
        let infos = read(json);
        assert_eq!((infos.width(), infos.bytes()), (Some(48), Some(10668)));
        let location = infos.location().unwrap();
        assert_eq!(location.latitude(), Some(48.5));
        assert_eq!(location.accuracy(), Some(36.0));
        assert_eq!(location.longitude(), None);
        assert_eq!(location.gps(), None);
        assert_eq!(serde_json::to_string(&infos).unwrap(), json);
    }

    #[test]
    fn each_named_key_has_its_method() {
        let recorded = include_str!("../tests/data/response_body.wire.json");
        let infos = crate::from_str::<String>(recorded).unwrap().remove(0).infos;
        assert_eq!(infos.bytes(), Some(3604));
        let created_at = "2015-09-25T13:32:55Z".parse().unwrap();
        assert_eq!(infos.created_at(), Some(created_at));
        assert_eq!(infos.etag(), Some("5a98d4d3e5d39024abf237be55e99b15"));
        assert_eq!(infos.format(), Some("png"));
        assert_eq!(infos.resource_type(), Some("image"));
        assert_eq!(infos.tags().collect::<Vec<_>>(), ["00100000123BB175"]);
        assert_eq!(infos.delivery_type(), Some("authenticated"));
        assert_eq!(infos.original_filename(), Some("Super Image"));
        let location = Location::new(48.861_934_399_999_996, 2.348_967).unwrap();
        assert_eq!(
            infos.location(),
            Some(location.with_accuracy(36.0).unwrap())
        );
        assert_eq!(location.longitude(), Some(2.348_967));
        let gps = Gps::new(48.861_934_399_999_996, 2.348_967).unwrap();
        assert_eq!(infos.location().and_then(Location::gps), Some(gps));

        let infos = read(r#"{"width":3,"height":4}"#);
        assert_eq!(infos.as_object().len(), 2);
        let object = Object::from(infos.clone());
        assert_eq!(Infos::try_from(object).unwrap(), infos);
        assert_eq!((infos.width(), infos.height()), (Some(3), Some(4)));
        assert_eq!(
            (infos.bytes(), infos.created_at(), infos.etag()),
            (None, None, None)
        );
        assert_eq!(infos.tags().count(), 0);
    }

    #[test]
    fn order_nulls_and_unknown_keys_are_kept() {
        for json in [
            "{}",
            r#"{"format":"jpg"}"#,
            r#"{"zebra":1,"width":null,"bytes":2,"apple":{"b":1,"a":[1.50e1]},"location":null}"#
                .replace("1.50e1", "15.0")
                .as_str(),
            r#"{"location":{"speed":null,"longitude":2.348967,"heading":3,"accuracy":36}}"#,
        ] {
            assert_eq!(serde_json::to_string(&read(json)).unwrap(), json);
        }
    }

    #[test]
    fn a_named_key_of_another_type_is_refused_by_name() {
        let refusals = [
            (
                r#"{"bytes":true}"#,
                "infos.bytes: invalid type: boolean `true`, expected a whole number from 0, or a string of at most 20 digits",
            ),
            (
                r#"{"etag":5}"#,
                "infos.etag: invalid type: number, expected a string",
            ),
            (
                r#"{"tags":["a",5]}"#,
                "infos.tags: invalid type: number, expected a string",
            ),
            (
                r#"{"created_at":"now"}"#,
                "infos.created_at: invalid value: string \"now\", expected an RFC 3339 date and time",
            ),
            (
                r#"{"location":{"latitude":"north"}}"#,
                "infos.location.latitude: invalid value: string \"north\", expected a number, or a string of one",
            ),
            (
                r#"{"location":[1,2]}"#,
                "infos.location: invalid type: sequence, expected an object",
            ),
        ];
        for (json, text) in refusals {
            let object: Object = serde_json::from_str(json).unwrap();
            assert_eq!(Infos::try_from(object).unwrap_err().to_string(), text);
        }
    }

    #[test]
    fn a_location_that_was_read_may_be_off_the_globe() {
        let location = read(r#"{"location":{"latitude":91,"longitude":0}}"#)
            .location()
            .unwrap();
        assert_eq!(location.latitude(), Some(91.0));
        assert_eq!(location.gps(), None);
    }

    #[test]
    fn a_location_that_is_made_is_on_the_globe() {
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
            "accuracy NaN is not a finite number of metres from 0"
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
    fn a_location_is_written_as_documented() {
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
