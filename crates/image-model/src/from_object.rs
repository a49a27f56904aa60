//! Structs that are read from JSON objects only.
//!
//! The `Deserialize` that serde derives for a struct also accepts an array of
//! the struct's values. No host sends such arrays, and errors about them name
//! no key. So serde derives the reader of a private shadow of each struct, by
//! `#[serde(remote)]`, and the struct's own `Deserialize` passes only objects
//! to the shadow.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, MapDeserializer};
use serde::de::{self, Deserializer, MapAccess, Visitor};

/// A struct that the reader of its shadow can create.
pub(crate) trait FromObject<'de>: Sized {
    /// The name of the struct in error messages.
    const EXPECTED: &'static str;

    /// Reads the struct with the reader of its shadow.
    fn from_object<D: Deserializer<'de>>(object: D) -> Result<Self, D::Error>;
}

/// Reads an object.
pub(crate) struct ObjectVisitor<T>(PhantomData<T>);

impl<T> ObjectVisitor<T> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: FromObject<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::from_object(MapAccessDeserializer::new(map))
    }
}

/// Reads an object, or nothing if no key of the object is required.
pub(crate) struct OptionalObjectVisitor<T> {
    key: &'static str,
    object: ObjectVisitor<T>,
}

impl<T> OptionalObjectVisitor<T> {
    /// The visitor of the value of `key`, which errors name if it is missing.
    pub(crate) const fn new(key: &'static str) -> Self {
        Self {
            key,
            object: ObjectVisitor::new(),
        }
    }
}

impl<'de, T: FromObject<'de>> Visitor<'de> for OptionalObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.object.expecting(f)
    }

    fn visit_none<E: de::Error>(self) -> Result<T, E> {
        let no_keys = std::iter::empty::<(&str, ())>();
        let object: Result<T, E> = T::from_object(MapDeserializer::new(no_keys));
        // Names the missing object instead of the first missing key in it.
        object.map_err(|_| E::missing_field(self.key))
    }

    // serde's buffer of a flattened struct calls this instead of `visit_none`.
    fn visit_unit<E: de::Error>(self) -> Result<T, E> {
        self.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_map(self.object)
    }
}
