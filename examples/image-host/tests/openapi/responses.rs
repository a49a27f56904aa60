//! Headers and responses that several operations share.

use serde_json::{Map, Value, json};

/// The headers of every response that the host itself creates.
const COMMON: [&str; 11] = [
    "Cache-Control",
    "Pragma",
    "Expires",
    "X-Request-Id",
    "X-Runtime",
    "X-Frame-Options",
    "X-Content-Type-Options",
    "X-XSS-Protection",
    "X-Download-Options",
    "X-Permitted-Cross-Domain-Policies",
    "Referrer-Policy",
];

/// The recorded headers.
const RECORDED: &str =
    include_str!("../../../../crates/sync-payload/tests/data/response_headers.txt");

fn recorded(name: &str) -> &'static str {
    let mut lines = RECORDED.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(known, _)| *known == name).unwrap().1
}

/// Returns the common headers and further ones, all by reference.
pub(crate) fn headers(further: &[&str]) -> Value {
    let names = COMMON.iter().chain(further);
    let header = |name: &&str| {
        let header = json!({ "$ref": format!("#/components/headers/{name}") });
        ((*name).to_owned(), header)
    };
    Value::Object(names.map(header).collect())
}

/// Returns the definitions of all headers.
pub(crate) fn header_definitions() -> Value {
    let mut definitions = Map::new();
    let constant = COMMON.iter().filter(|name| !name.starts_with("X-R"));
    for name in constant.chain(&["Vary", "P3P"]) {
        let schema = json!({ "type": "string", "const": recorded(name) });
        let header = json!({ "required": true, "schema": schema });
        definitions.insert((*name).to_owned(), header);
    }
    // The compression layer adds a value of its own.
    definitions["Vary"] = json!({ "required": true, "schema": { "type": "string" } });
    let mut add = |name: &str, description: &str, schema: Value, example: Value| {
        let header = json!({
            "description": description,
            "required": true,
            "schema": schema,
            "example": example,
        });
        definitions.insert(name.to_owned(), header);
    };
    add(
        "X-Request-Id",
        "Id of the request, which is also in the log.",
        json!({ "type": "string", "format": "uuid" }),
        recorded("X-Request-Id").into(),
    );
    add(
        "X-Runtime",
        "Seconds that the host worked on the response.",
        json!({ "type": "string", "pattern": "^[0-9]+\\.[0-9]{6}$" }),
        recorded("X-Runtime").into(),
    );
    add(
        "X-token",
        "The token of the request.",
        json!({ "type": "string" }),
        recorded("X-token").into(),
    );
    add(
        "X-message",
        "The reason why the token is rejected.",
        json!({ "type": "string", "const": "Access denied" }),
        json!("Access denied"),
    );
    add(
        "Location",
        "The signed delivery URL.",
        json!({ "type": "string", "format": "uri" }),
        json!(
            "https://res.cloudinary.com/demo/image/authenticated/s--AAAAAAAA--/c_fit,w_300/v1/photo.jpg"
        ),
    );
    add(
        "Allow",
        "The methods of the path.",
        json!({ "type": "string" }),
        json!("GET,HEAD"),
    );
    add(
        "Retry-After",
        "Seconds after which the client may retry.",
        json!({ "type": "integer", "minimum": 0 }),
        json!(1),
    );
    Value::Object(definitions)
}

/// Returns the definitions of the responses that several operations share.
pub(crate) fn response_definitions() -> Value {
    let empty = |description: &str, further: &[&str]| json!({ "description": description, "headers": headers(further) });
    json!({
        "Redirect": empty("Redirects to the delivery URL of the thumbnail.", &["Location"]),
        "BadRequest": text(
            "The request is invalid. The text names the reason.",
            "ids[0] is not a UUID",
        ),
        "InvalidUrl": text(
            "The signature of the URL is invalid, or the Host header is missing, repeated or \
                invalid.",
            "Invalid url",
        ),
        "InvalidHost": text(
            "The Host header is missing, repeated or invalid.",
            "the Host header is missing",
        ),
        "Unauthorized": {
            "description": "The token is missing, invalid or expired, or is not a token for \
                this request. There is no body.",
            "headers": headers(&["X-message"]),
            "content": { "text/html": { "schema": { "type": "string", "maxLength": 0 } } },
        },
        "NotFound": empty("The image is unknown, or has no such thumbnail. No body.", &[]),
        "MethodNotAllowed": empty(
            "The response to a method that the path does not have. No body.",
            &["Allow"],
        ),
        "NotAcceptable": empty(
            "The client accepts none of the content encodings, not even `identity`. No body.",
            &["Vary"],
        ),
        // hyper responds to heads that are too long, without the common headers.
        "UriTooLong": {
            "description": "The query is longer than 48 KiB, or the URL than 64 KiB. The \
                text names the reason, if there is one.",
        },
        "HeaderFieldsTooLarge": {
            "description": "The value of Authorization is longer than 8 KiB, or the head of \
                the request than 128 KiB. The text names the reason, if there is one.",
        },
        "InternalServerError": {
            "description": "The host failed. The log contains the reason.",
            "headers": headers(&[]),
        },
        "ServiceUnavailable": empty(
            "The host or its database is overloaded or not available. No body.",
            &["Retry-After"],
        ),
    })
}

/// Returns a response with a text.
pub(crate) fn text(description: &str, example: &str) -> Value {
    json!({
        "description": description,
        "headers": headers(&[]),
        "content": {
            "text/plain": { "schema": { "type": "string", "minLength": 1 }, "example": example },
        },
    })
}
