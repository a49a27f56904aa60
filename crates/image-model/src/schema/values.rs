use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, json};

use crate::borrowed_url::BorrowedUrl;
use crate::count::Count;
use crate::edit::{Pixels, Rotation};
use crate::gps::Gps;
use crate::infos::{INFOS_KEYS, Infos};
use crate::location::{LOCATION_KEYS, Location};
use crate::open_object::{KnownKey, ValueType};
use crate::timestamp::Timestamp;
use crate::unsigned::Unsigned;

/// Implements [`JsonSchema`] for a type without parameters.
macro_rules! schema {
    ($type:ident, |$generator:ident| $schema:expr) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn schema_id() -> Cow<'static, str> {
                concat!("image_model::", stringify!($type)).into()
            }

            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

schema!(Timestamp, |generator| {
    let mut schema = json_schema!({
        "title": "Timestamp",
        "description": "An instant with a UTC offset, as RFC 3339.",
        "type": "string",
        "format": "date-time",
    });
    if generator.contract().is_serialize() {
        let description = "An instant with a UTC offset, as RFC 3339 with exactly three decimals.";
        schema.insert("description".to_owned(), description.into());
        let pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}[+-][0-9]{2}:[0-9]{2}$";
        schema.insert("pattern".to_owned(), pattern.into());
        schema.insert(
            "examples".to_owned(),
            json!(["2019-04-08T19:38:56.021+02:00"]),
        );
    }
    schema
});

schema!(Count, |_generator| json_schema!({
    "title": "Count",
    "description": "A whole number from 0 to 18446744073709551615. If the host received \
        the number from a web form, it is a string of digits.",
    "type": ["integer", "string"],
    "minimum": 0,
    "maximum": u64::MAX,
    // Longer numbers are out of range, as are most numbers that start with 2 or more.
    "pattern": "^([0-9]{1,19}|[01][0-9]{19})$",
}));

schema!(Gps, |_generator| json_schema!({
    "title": "Gps",
    "description": "Coordinates: latitude and longitude in degrees.",
    "type": "array",
    "prefixItems": [
        { "description": LATITUDE, "type": "number", "format": "double", "minimum": -90, "maximum": 90 },
        { "description": LONGITUDE, "type": "number", "format": "double", "minimum": -180, "maximum": 180 },
    ],
    "minItems": 2,
    "maxItems": 2,
}));

const LATITUDE: &str = "Degrees north of the equator.";
const LONGITUDE: &str = "Degrees east of Greenwich.";

schema!(Pixels, |_generator| json_schema!({
    "title": "Pixels",
    "description": "A position or a length in pixels of the stored file. Some cropping \
        tools send negative positions.",
    "type": "number",
    "format": "double",
}));

schema!(Rotation, |_generator| json_schema!({
    "title": "Rotation",
    "description": "A clockwise rotation in whole degrees. Hosts send -360 to 360.",
    "type": "integer",
    "format": "int32",
    "minimum": i32::MIN,
    "maximum": i32::MAX,
}));

schema!(Infos, |generator| open_object(
    generator,
    "Infos",
    "The response of the storage provider to the upload of a file. Every key may be \
        missing, and other keys may occur.",
    INFOS_KEYS,
));

schema!(Location, |generator| open_object(
    generator,
    "Location",
    "The location of the uploading device, as the device sent it. It may be incomplete \
        or out of range.",
    LOCATION_KEYS,
));

/// Any value is ignored when it is decoded, and there is no value to encode.
impl JsonSchema for Unsigned {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Unsigned".into()
    }

    fn schema_id() -> Cow<'static, str> {
        "image_model::Unsigned".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.contract().is_deserialize().into()
    }
}

impl JsonSchema for BorrowedUrl<'_> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        String::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

/// Returns the schema of an object with known keys, all optional and nullable.
fn open_object(
    generator: &mut SchemaGenerator,
    title: &str,
    description: &str,
    keys: &[KnownKey],
) -> Schema {
    let mut properties = Map::new();
    for known in keys {
        let mut schema = known_value(generator, known.value_type);
        schema.insert("description".to_owned(), known.description.into());
        properties.insert(known.key.to_owned(), schema.to_value());
    }
    json_schema!({
        "title": title,
        "description": description,
        "type": "object",
        "properties": properties,
        "additionalProperties": true,
    })
}

fn known_value(generator: &mut SchemaGenerator, value_type: ValueType) -> Schema {
    match value_type {
        ValueType::Count => generator.subschema_for::<Option<Count>>(),
        ValueType::Number => json_schema!({
            "type": ["number", "string", "null"],
            "format": "double",
            "pattern": r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$",
        }),
        // Kept in the notation of the provider, which has no decimals.
        ValueType::Timestamp => json_schema!({
            "type": ["string", "null"],
            "format": "date-time",
        }),
        ValueType::String => json_schema!({ "type": ["string", "null"] }),
        ValueType::StringList => json_schema!({
            "type": ["array", "null"],
            "items": { "type": "string" },
        }),
        ValueType::Object(_) => generator.subschema_for::<Option<Location>>(),
    }
}
