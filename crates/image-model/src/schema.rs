//! JSON Schemas of the types.
//!
//! The contract of a [`SchemaGenerator`] selects the JSON that is described: the
//! JSON that is encoded, or the JSON that is decoded, which is more tolerant.

mod object;
mod values;

pub(crate) use self::object::ObjectSchema;
