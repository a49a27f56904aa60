//! Structs that are read from objects only.
//!
//! What serde derives for a struct also takes a list of its values. Nobody
//! sends that, and errors about it would name no key.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, MapDeserializer};
use serde::de::{self, Deserializer, MapAccess, Visitor};

/// A struct with what serde derived for it put aside, by `remote = "Self"`.
pub(crate) trait Derived<'de>: Sized {
    /// What it is called where something else was found.
    const EXPECTED: &'static str;

    fn derived<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// Reads an object.
pub(crate) struct ObjectOnly<T>(PhantomData<T>);

impl<T> ObjectOnly<T> {
    pub(crate) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Derived<'de>> Visitor<'de> for ObjectOnly<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::derived(MapAccessDeserializer::new(map))
    }
}

/// Reads an object that may be missing or `null`, if every key of it may be.
pub(crate) struct ObjectOrNothing<T> {
    key: &'static str,
    object: ObjectOnly<T>,
}

impl<T> ObjectOrNothing<T> {
    pub(crate) const fn new(key: &'static str) -> Self {
        Self {
            key,
            object: ObjectOnly::new(),
        }
    }
}

impl<'de, T: Derived<'de>> Visitor<'de> for ObjectOrNothing<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.object.expecting(f)
    }

    fn visit_none<E: de::Error>(self) -> Result<T, E> {
        let nothing = std::iter::empty::<(&str, ())>();
        let object: Result<T, E> = T::derived(MapDeserializer::new(nothing));
        // The object is what is missing, not the first of its keys.
        object.map_err(|_| E::missing_field(self.key))
    }

    // What serde's own buffers say instead, as within a flattened struct.
    fn visit_unit<E: de::Error>(self) -> Result<T, E> {
        self.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_map(self.object)
    }
}
