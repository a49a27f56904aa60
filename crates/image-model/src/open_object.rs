//! Objects with some named keys and any others, kept whole and in order.

use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::{Count, Object, Timestamp};

/// The named keys of an open object, and what each value must be unless it is `null`.
pub(crate) type NamedKeys = [(&'static str, Named)];

#[derive(Clone, Copy)]
pub(crate) enum Named {
    /// A value of one kind.
    Value(Kind),
    /// An open object again.
    Object(&'static NamedKeys),
}

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// A [`Count`].
    Count,
    /// A finite number, or a string of one.
    Decimal,
    /// A string that reads as a [`Timestamp`].
    Instant,
    /// A string.
    Text,
    /// A list of strings.
    Texts,
}

impl Kind {
    fn check(self, value: &Value) -> Result<(), serde_json::Error> {
        match self {
            Self::Count => Count::deserialize(value).map(drop),
            Self::Decimal => decimal(value).map(drop).ok_or_else(|| {
                de::Error::invalid_value(unexpected(value), &"a number, or a string of one")
            }),
            Self::Instant => Timestamp::deserialize(value).map(drop),
            Self::Text => text(value),
            Self::Texts => match value.as_array() {
                Some(texts) => texts.iter().try_for_each(text),
                None => Err(de::Error::invalid_type(
                    unexpected(value),
                    &"a list of strings",
                )),
            },
        }
    }
}

/// The number in a value of [`Kind::Decimal`].
pub(crate) fn decimal(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
    .filter(|number| number.is_finite())
}

fn text(value: &Value) -> Result<(), serde_json::Error> {
    match value {
        Value::String(_) => Ok(()),
        _ => Err(de::Error::invalid_type(unexpected(value), &"a string")),
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

/// Reads an object of which the given keys are named.
pub(crate) struct OpenObject(pub(crate) &'static NamedKeys);

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
            let named = self.0.iter().find(|(name, _)| *name == key);
            // Checked as the key's own value, so that an error's path ends in the key.
            let value = entries.next_value_seed(OpenValue(named.map(|(_, named)| *named)))?;
            object.insert(key, value);
        }
        Ok(object)
    }
}

/// Reads the value of one key; of one that is not named, any.
struct OpenValue(Option<Named>);

impl<'de> DeserializeSeed<'de> for OpenValue {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self.0 {
            Some(Named::Object(keys)) => deserializer.deserialize_option(ObjectOrNull(keys)),
            Some(Named::Value(kind)) => {
                let value = Value::deserialize(deserializer)?;
                if !value.is_null() {
                    kind.check(&value).map_err(de::Error::custom)?;
                }
                Ok(value)
            }
            None => Value::deserialize(deserializer),
        }
    }
}

struct ObjectOrNull(&'static NamedKeys);

impl<'de> Visitor<'de> for ObjectOrNull {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        OpenObject(self.0)
            .deserialize(deserializer)
            .map(Value::Object)
    }
}
