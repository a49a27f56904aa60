//! The schemas of uploads.

use serde_json::{Map, Value, json};

/// Returns the schemas that only this host has.
pub(crate) fn schemas() -> Map<String, Value> {
    let schemas = json!({
        "UploadForm": {
            "title": "UploadForm",
            "description": "A signed form for one upload.",
            "type": "object",
            "required": ["url", "expires_at", "params"],
            "properties": {
                "url": {
                    "description": "The URL to which the app sends the form.",
                    "type": "string",
                    "format": "uri",
                },
                "expires_at": {
                    "description": "The time in Unix seconds at which the form expires.",
                    "type": "integer",
                    "minimum": 0,
                },
                "params": {
                    "description": "The fields of the form, except for the `file`.",
                    "type": "object",
                    "required": [
                        "colors", "faces", "image_metadata", "notification_url", "phash",
                        "tags", "timestamp", "type", "signature", "api_key",
                    ],
                    "properties": {
                        "colors": { "const": 1 },
                        "faces": { "const": 1 },
                        "image_metadata": { "const": 1 },
                        "notification_url": { "type": "string", "format": "uri" },
                        "phash": { "const": 1 },
                        "tags": {
                            "description": "The id of the album, which becomes a tag of the \
                                file.",
                            "type": "string",
                        },
                        "timestamp": { "type": "integer", "minimum": 0 },
                        "type": { "const": "authenticated" },
                        "signature": {
                            "type": "string",
                            "pattern": "^([0-9a-f]{40}|[0-9a-f]{64})$",
                        },
                        "api_key": { "type": "string" },
                    },
                },
            },
        },
        "Notification": {
            "title": "Notification",
            "description": "A webhook of the storage provider. An upload also has a \
                `public_id`, a `version`, a `resource_type` and a `type`, and its known keys \
                have the types of `Infos`.",
            "type": "object",
            "required": ["notification_type"],
            "properties": {
                "notification_type": {
                    "description": "`upload` for an uploaded file.",
                    "type": "string",
                },
            },
        },
    });
    match schemas {
        Value::Object(schemas) => schemas,
        _ => Map::new(),
    }
}
