//! Open objects: JSON objects with some known keys and any number of others.

use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::count::Count;
use crate::timestamp::Timestamp;

/// A JSON object with any keys, in the order of the input.
pub type Object = serde_json::Map<String, Value>;

/// A known key of an open object.
pub(crate) struct KnownKey {
    pub(crate) key: &'static str,
    pub(crate) value_type: ValueType,
    /// The description in the JSON Schema.
    #[cfg(feature = "schemars")]
    pub(crate) description: &'static str,
}

/// Defines a table of known keys, from the key, the type and the description of
/// each value.
macro_rules! known_keys {
    ($($key:literal: $value_type:expr, $description:literal;)+) => {
        &[$(
            crate::open_object::KnownKey {
                key: $key,
                value_type: $value_type,
                #[cfg(feature = "schemars")]
                description: $description,
            },
        )+]
    };
}

pub(crate) use known_keys;

/// The type of the value of a known key. Any value may also be `null`.
#[derive(Clone, Copy)]
pub(crate) enum ValueType {
    /// A [`Count`].
    Count,
    /// A finite number, or a string of one.
    Number,
    /// A [`Timestamp`].
    Timestamp,
    /// A string.
    String,
    /// A list of strings.
    StringList,
    /// An open object with known keys of its own.
    Object(&'static [KnownKey]),
}

impl<'de> DeserializeSeed<'de> for ValueType {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let check: fn(&Value) -> Result<(), serde_json::Error> = match self {
            Self::Count => |value| Count::deserialize(value).map(drop),
            Self::Number => check_number,
            Self::Timestamp => |value| Timestamp::deserialize(value).map(drop),
            Self::String => check_string,
            Self::StringList => check_string_list,
            // Read key by key, so that the path of an error ends in the key.
            Self::Object(keys) => return deserializer.deserialize_option(OptionalObject(keys)),
        };
        let value = Value::deserialize(deserializer)?;
        if !value.is_null() {
            check(&value).map_err(de::Error::custom)?;
        }
        Ok(value)
    }
}

/// Returns the number in a value of [`ValueType::Number`].
pub(crate) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
    .filter(|number| number.is_finite())
}

fn check_number(value: &Value) -> Result<(), serde_json::Error> {
    match number(value) {
        Some(_) => Ok(()),
        None => Err(de::Error::invalid_value(
            unexpected(value),
            &"a number, or a string of one",
        )),
    }
}

fn check_string(value: &Value) -> Result<(), serde_json::Error> {
    match value {
        Value::String(_) => Ok(()),
        _ => Err(de::Error::invalid_type(unexpected(value), &"a string")),
    }
}

fn check_string_list(value: &Value) -> Result<(), serde_json::Error> {
    match value {
        Value::Array(strings) => strings.iter().try_for_each(check_string),
        _ => Err(de::Error::invalid_type(
            unexpected(value),
            &"a list of strings",
        )),
    }
}

fn unexpected(value: &Value) -> de::Unexpected<'_> {
    match value {
        Value::Null => de::Unexpected::Unit,
        Value::Bool(value) => de::Unexpected::Bool(*value),
        Value::Number(_) => de::Unexpected::Other("number"),
        Value::String(value) => de::Unexpected::Str(value),
        Value::Array(_) => de::Unexpected::Seq,
        Value::Object(_) => de::Unexpected::Map,
    }
}

/// Reads an open object and checks the values of its known keys.
pub(crate) struct OpenObject(pub(crate) &'static [KnownKey]);

impl OpenObject {
    fn value_type(&self, key: &str) -> Option<ValueType> {
        let known = self.0.iter().find(|known| known.key == key);
        known.map(|known| known.value_type)
    }
}

impl<'de> DeserializeSeed<'de> for OpenObject {
    type Value = Object;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Object, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OpenObject {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Object, A::Error> {
        let mut object = Object::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = match self.value_type(&key) {
                Some(value_type) => entries.next_value_seed(value_type)?,
                None => entries.next_value()?,
            };
            object.insert(key, value);
        }
        Ok(object)
    }
}

/// Reads an open object or `null`.
struct OptionalObject(&'static [KnownKey]);

impl<'de> Visitor<'de> for OptionalObject {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    // serde's buffer of a flattened struct calls this instead of `visit_none`.
    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        self.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        OpenObject(self.0)
            .deserialize(deserializer)
            .map(Value::Object)
    }
}
