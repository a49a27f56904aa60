//! The whole document.

use image_model::Image;
use image_model::schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::paths::paths;
use crate::responses::{header_definitions, response_definitions};
use crate::schemas::schemas;

/// Returns the document, with the schemas of the types.
pub(crate) fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let settings = settings.with(|settings| {
        settings.definitions_path = "/components/schemas".into();
    });
    let mut generator = settings.into_generator();
    let payload = generator.subschema_for::<Vec<Image>>().to_value();
    let mut definitions = generator.take_definitions(true);
    definitions.extend(schemas());
    definitions.sort_keys();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "image-host",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The image sync endpoint of the reference host. The response to a \
                path that is not listed is 404 without a body. Each path with GET also has \
                HEAD. Responses may be compressed. A request that is not valid HTTP, or whose \
                head is too long, gets a response without the common headers.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": [
            { "name": "images", "description": "The payload and its thumbnails." },
            { "name": "uploads", "description": "Uploads of apps to the storage provider." },
            { "name": "host", "description": "The host itself." },
        ],
        "paths": paths(&payload),
        "components": {
            "schemas": definitions,
            "headers": header_definitions(),
            "responses": response_definitions(),
            "securitySchemes": {
                "token": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "`Token token=\"<JWT>\"`, with an access token: HS256, with \
                        the claims `exp` and `user_id`.",
                },
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "The access token of the scheme `token`, as `Bearer <JWT>`. The \
                        word `Bearer` is case-sensitive.",
                },
                "uploadToken": {
                    "type": "apiKey",
                    "in": "query",
                    "name": "token",
                    "description": "The upload token in the `notification_url` of an upload \
                        form. It is not an access token.",
                },
            },
        },
    })
}
