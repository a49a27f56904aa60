//! The JSON of the values in an image.

use image_model::{Count, Gps, Infos, Object, Pixels, Rotation, Timestamp};
use serde_json::Value;
use uuid::Uuid;

use super::escape::needs_escape;
use super::writer::{DirectWriter, WriteJson};

macro_rules! scalars {
    ($($type:ty)+) => {$(
        impl WriteJson for $type {
            fn write_json(&self, writer: &mut DirectWriter<'_>) {
                writer.serialized(self);
            }
        }
    )+};
}

scalars!(bool u32 f64 Count Rotation);

impl WriteJson for Pixels {
    fn write_json(&self, writer: &mut DirectWriter<'_>) {
        self.get().write_json(writer);
    }
}

impl WriteJson for Gps {
    fn write_json(&self, writer: &mut DirectWriter<'_>) {
        writer.raw("[");
        self.latitude().write_json(writer);
        writer.raw(",");
        self.longitude().write_json(writer);
        writer.raw("]");
    }
}

impl<T: WriteJson> WriteJson for Option<T> {
    fn write_json(&self, writer: &mut DirectWriter<'_>) {
        match self {
            Some(value) => value.write_json(writer),
            None => writer.raw("null"),
        }
    }
}

impl WriteJson for String {
    fn write_json(&self, writer: &mut DirectWriter<'_>) {
        if needs_escape(self.as_bytes()) {
            writer.serialized(self);
        } else {
            writer.quoted(self.as_bytes());
        }
    }
}

impl WriteJson for Vec<String> {
    fn write_json(&self, writer: &mut DirectWriter<'_>) {
        writer.raw("[");
        writer.list(self, |writer, text| text.write_json(writer));
        writer.raw("]");
    }
}

impl WriteJson for Uuid {
    fn write_json(&self, writer: &mut DirectWriter<'_>) {
        let mut buffer = Self::encode_buffer();
        writer.quoted(self.hyphenated().encode_lower(&mut buffer).as_bytes());
    }
}

impl WriteJson for Timestamp {
    fn write_json(&self, writer: &mut DirectWriter<'_>) {
        writer.quoted(&self.to_ascii());
    }
}

impl WriteJson for Infos {
    fn write_json(&self, writer: &mut DirectWriter<'_>) {
        self.as_object().write_json(writer);
    }
}

impl WriteJson for Object {
    fn write_json(&self, writer: &mut DirectWriter<'_>) {
        writer.raw("{");
        writer.list(self, |writer, (key, value)| {
            key.write_json(writer);
            writer.raw(":");
            value.write_json(writer);
        });
        writer.raw("}");
    }
}

impl WriteJson for Value {
    fn write_json(&self, writer: &mut DirectWriter<'_>) {
        match self {
            Self::String(text) => text.write_json(writer),
            Self::Object(object) => object.write_json(writer),
            Self::Array(values) => {
                writer.raw("[");
                writer.list(values, |writer, value| value.write_json(writer));
                writer.raw("]");
            }
            Self::Null | Self::Bool(_) | Self::Number(_) => writer.serialized(self),
        }
    }
}
