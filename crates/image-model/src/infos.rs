use chrono::SecondsFormat;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeSeed};
use serde_json::Value;

use crate::count::Count;
use crate::decode_error::DecodeError;
use crate::location::{LOCATION_KEYS, Location};
use crate::open_object::{KnownKey, Object, OpenObject, ValueType, known_keys};
use crate::timestamp::Timestamp;

/// The known keys of the storage provider's response.
pub(crate) const INFOS_KEYS: &[KnownKey] = known_keys! {
    "bytes": ValueType::Count, "Size of the stored file in bytes.";
    "created_at": ValueType::Timestamp, "Time at which the storage provider stored the file.";
    "etag": ValueType::String, "`ETag` of the file, a hexadecimal digest.";
    "format": ValueType::String, "Format of the stored file as an extension without a dot.";
    "height": ValueType::Count, "Height of the stored file in pixels.";
    "resource_type": ValueType::String, "Resource type: `image`, `video` or `raw`.";
    "tags": ValueType::StringList, "Tags of the file.";
    "type": ValueType::String, "Delivery type, for example `authenticated`.";
    "width": ValueType::Count, "Width of the stored file in pixels.";
    "original_filename": ValueType::String, "Name of the uploaded file without its extension.";
    "location": ValueType::Object(LOCATION_KEYS), "Location of the uploading device.";
};

/// The response of the storage provider to the upload of a file.
///
/// `Infos` is a JSON object. Each known key has a method, such as
/// [`bytes`](Self::bytes). [`get`](Self::get) returns the value of any key. Every key
/// may be missing.
///
/// All keys and values are kept unchanged and in order, including unknown keys,
/// `null`, and numbers that were sent as strings. If a key occurs twice, the last
/// value is kept.
///
/// The value of a known key is `null`, or it has the type that the method of the key
/// returns. A size in bytes or pixels may also be a string of digits, and the numbers
/// in `location` may also be strings. Decoding and [`with_value`](Self::with_value)
/// reject all other values. A method returns `None` if its key is missing or `null`.
///
/// ```
/// use image_model::Infos;
///
/// let infos = Infos::new().with_format("jpg").with_bytes(3604);
/// assert_eq!(serde_json::to_string(&infos)?, r#"{"format":"jpg","bytes":3604}"#);
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
    /// Creates an object without keys.
    ///
    /// Each `with_…` method appends a key, or replaces its value in place if the
    /// key exists.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the size of the stored file in bytes.
    #[must_use]
    pub fn with_bytes(self, bytes: u64) -> Self {
        self.with("bytes", bytes)
    }

    /// Sets the time at which the storage provider stored the file.
    ///
    /// As in the recorded payload, the time is encoded in whole seconds, and a zero
    /// offset is encoded as `Z`.
    #[must_use]
    pub fn with_created_at(self, created_at: Timestamp) -> Self {
        let created_at = created_at.to_datetime();
        let text = created_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        self.with("created_at", text)
    }

    /// Sets the storage provider's `ETag` of the file, a hexadecimal digest.
    #[must_use]
    pub fn with_etag(self, etag: impl Into<String>) -> Self {
        self.with("etag", etag.into())
    }

    /// Sets the format of the stored file as an extension without a dot: `png`.
    #[must_use]
    pub fn with_format(self, format: impl Into<String>) -> Self {
        self.with("format", format.into())
    }

    /// Sets the height of the stored file in pixels.
    #[must_use]
    pub fn with_height(self, height: u64) -> Self {
        self.with("height", height)
    }

    /// Sets the storage provider's resource type: `image`, `video` or `raw`.
    #[must_use]
    pub fn with_resource_type(self, resource_type: impl Into<String>) -> Self {
        self.with("resource_type", resource_type.into())
    }

    /// Sets the storage provider's tags of the file.
    #[must_use]
    pub fn with_tags<T: Into<String>>(self, tags: impl IntoIterator<Item = T>) -> Self {
        let tags: Vec<String> = tags.into_iter().map(Into::into).collect();
        self.with("tags", tags)
    }

    /// Sets the storage provider's delivery type, the key `type`: `authenticated`.
    #[must_use]
    pub fn with_delivery_type(self, delivery_type: impl Into<String>) -> Self {
        self.with("type", delivery_type.into())
    }

    /// Sets the width of the stored file in pixels.
    #[must_use]
    pub fn with_width(self, width: u64) -> Self {
        self.with("width", width)
    }

    /// Sets the name of the uploaded file without its extension.
    #[must_use]
    pub fn with_original_filename(self, filename: impl Into<String>) -> Self {
        self.with("original_filename", filename.into())
    }

    /// Sets the location of the uploading device.
    #[must_use]
    pub fn with_location(self, location: Location) -> Self {
        self.with("location", location.to_object())
    }

    /// Sets the value of any key.
    ///
    /// ```
    /// use image_model::Infos;
    ///
    /// let infos = Infos::new().with_value("version", 12)?;
    /// assert_eq!(infos.get("version"), Some(&12.into()));
    ///
    /// let error = infos.with_value("bytes", true).unwrap_err();
    /// assert_eq!(error.path(), "infos.bytes");
    /// # Ok::<(), image_model::DecodeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - The key is known, and its value has the wrong type; see [`Infos`].
    pub fn with_value(
        mut self,
        key: impl Into<String>,
        value: impl Into<Value>,
    ) -> Result<Self, DecodeError> {
        let entry = Object::from_iter([(key.into(), value.into())]);
        self.object.extend(Self::try_from(entry)?.object);
        Ok(self)
    }

    /// Returns the size of the stored file in bytes.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        self.count("bytes")
    }

    /// Returns the time at which the storage provider stored the file.
    #[must_use]
    pub fn created_at(&self) -> Option<Timestamp> {
        Timestamp::deserialize(self.get("created_at")?).ok()
    }

    /// Returns the storage provider's `ETag` of the file, a hexadecimal digest.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.text("etag")
    }

    /// Returns the format of the stored file as an extension without a dot: `png`.
    #[must_use]
    pub fn format(&self) -> Option<&str> {
        self.text("format")
    }

    /// Returns the height of the stored file in pixels.
    #[must_use]
    pub fn height(&self) -> Option<u64> {
        self.count("height")
    }

    /// Returns the storage provider's resource type: `image`, `video` or `raw`.
    #[must_use]
    pub fn resource_type(&self) -> Option<&str> {
        self.text("resource_type")
    }

    /// Returns the storage provider's tags of the file.
    ///
    /// The iterator is empty if the key is missing or `null`.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        let tags = self.get("tags").and_then(Value::as_array);
        tags.into_iter().flatten().filter_map(Value::as_str)
    }

    /// Returns the storage provider's delivery type, the key `type`: `authenticated`.
    #[must_use]
    pub fn delivery_type(&self) -> Option<&str> {
        self.text("type")
    }

    /// Returns the width of the stored file in pixels.
    #[must_use]
    pub fn width(&self) -> Option<u64> {
        self.count("width")
    }

    /// Returns the name of the uploaded file without its extension.
    #[must_use]
    pub fn original_filename(&self) -> Option<&str> {
        self.text("original_filename")
    }

    /// Returns the location of the uploading device.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        let location = self.get("location")?.as_object()?;
        Some(Location::from_object(location))
    }

    /// Returns the value of any key, unchanged.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.object.get(key)
    }

    /// Returns all keys and values, in the order of the input.
    #[must_use]
    pub const fn as_object(&self) -> &Object {
        &self.object
    }

    /// Sets a key to a value of the key's type.
    fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.object.insert(key.to_owned(), value.into());
        self
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

    /// Validates the known keys of an object.
    ///
    /// # Errors
    ///
    /// - The value of a known key has the wrong type; see [`Infos`].
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
        let object = OpenObject(INFOS_KEYS).deserialize(deserializer)?;
        Ok(Self { object })
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;

    use super::*;
    use crate::gps::Gps;

    fn read(json: &str) -> Infos {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn numbers_in_strings_are_read_and_kept() {
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
    fn each_known_key_has_a_method() {
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
    fn invalid_values_of_known_keys_are_rejected() {
        let cases = [
            (
                r#"{"bytes":true}"#,
                "infos.bytes: invalid type: boolean `true`, expected a non-negative integer, or a string of at most 20 digits",
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
        for (json, text) in cases {
            let object: Object = serde_json::from_str(json).unwrap();
            let error = Infos::try_from(object).unwrap_err();
            let source = error.source().unwrap();
            assert_eq!(format!("{}: {source}", error.path()), text);
            assert_eq!(
                error.to_string(),
                format!("failed to decode {}", error.path())
            );
        }
    }

    #[test]
    fn a_read_location_may_be_out_of_range() {
        let location = read(r#"{"location":{"latitude":91,"longitude":0}}"#)
            .location()
            .unwrap();
        assert_eq!(location.latitude(), Some(91.0));
        assert_eq!(location.gps(), None);
    }

    #[test]
    fn with_methods_write_the_recorded_keys() {
        let recorded = include_str!("../tests/data/response_body.wire.json");
        let infos = crate::from_str::<String>(recorded).unwrap().remove(0).infos;
        let location = Location::new(48.861_934_399_999_996, 2.348_967).unwrap();
        let created = Infos::new()
            .with_bytes(3604)
            .with_created_at("2015-09-25T13:32:55.9Z".parse().unwrap())
            .with_etag("5a98d4d3e5d39024abf237be55e99b15")
            .with_format("png")
            .with_height(48)
            .with_resource_type("image")
            .with_tags(["00100000123BB175"])
            .with_delivery_type("authenticated")
            .with_width(48)
            .with_original_filename("Super Image")
            .with_location(location.with_accuracy(36.0).unwrap());
        assert_eq!(
            serde_json::to_string(&created).unwrap(),
            serde_json::to_string(&infos).unwrap()
        );
        assert_eq!(Infos::try_from(Object::from(created)).unwrap(), infos);
    }

    #[test]
    fn with_methods_replace_values_in_place() {
        let infos = Infos::new()
            .with_value("version", 12)
            .and_then(|infos| infos.with_format("png").with_value("version", 13))
            .unwrap()
            .with_format("jpg");
        assert_eq!(
            serde_json::to_string(&infos).unwrap(),
            r#"{"version":13,"format":"jpg"}"#
        );
    }

    #[test]
    fn with_value_checks_known_keys() {
        let infos = Infos::new().with_value("bytes", "10668").unwrap();
        assert_eq!(infos.bytes(), Some(10668));
        let infos = infos.with_value("bytes", Value::Null).unwrap();
        assert_eq!(infos.bytes(), None);
        let error = infos.with_value("created_at", "now").unwrap_err();
        assert_eq!(error.path(), "infos.created_at");
    }

    #[test]
    fn created_at_keeps_its_offset() {
        let created_at = "2015-09-25T15:32:55.9+02:00".parse().unwrap();
        let infos = Infos::new().with_created_at(created_at);
        assert_eq!(
            infos.get("created_at").unwrap(),
            "2015-09-25T15:32:55+02:00"
        );
    }
}
