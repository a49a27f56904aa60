//! The operations of the host.

use serde_json::{Value, json};

use crate::responses::{headers, text};

/// The recorded payload.
pub(crate) const RECORDED: &str = include_str!("../../../data/response_body.wire.json");

/// A webhook with the keys that the provider documents.
const NOTIFICATION: &str = include_str!("../data/upload_notification.json");

pub(crate) fn recorded() -> Vec<Value> {
    serde_json::from_str(RECORDED).unwrap()
}

/// Returns all paths. `payload` is the schema of the payload.
pub(crate) fn paths(payload: &Value) -> Value {
    let mut paths = json!({
        "/api/v1/image_syncs": { "get": image_syncs(payload) },
        "/api/v1/native_upload": { "get": native_upload() },
        "/api/v1/cloudinary": { "post": webhook() },
        "/images/{id}/thumbnails/{name}-{signature}.jpg": { "get": thumbnail() },
        "/{file}": { "get": proxy() },
        "/healthz": { "get": health() },
        "/openapi.json": { "get": openapi() },
    });
    for path in paths.as_object_mut().unwrap().values_mut() {
        let operations = path.as_object_mut().unwrap();
        for operation in operations.values_mut() {
            add_responses_of_all_paths(operation);
        }
        if let Some(get) = operations.get("get") {
            let head = head(get.clone());
            operations.insert("head".to_owned(), head);
        }
    }
    paths
}

fn response(name: &str) -> Value {
    json!({ "$ref": format!("#/components/responses/{name}") })
}

fn add_responses_of_all_paths(operation: &mut Value) {
    let responses = operation["responses"].as_object_mut().unwrap();
    for (status, name) in [
        ("405", "MethodNotAllowed"),
        ("414", "UriTooLong"),
        ("431", "HeaderFieldsTooLarge"),
    ] {
        responses.insert(status.to_owned(), response(name));
    }
    responses.sort_keys();
}

/// Returns the operation `HEAD`, whose responses have no bodies.
fn head(mut get: Value) -> Value {
    let id = format!("{}Head", get["operationId"].as_str().unwrap());
    get["operationId"] = id.into();
    let summary = get["summary"].as_str().unwrap();
    get["summary"] =
        format!("{summary} HEAD: the response has the same headers and no body.").into();
    let responses = get["responses"].as_object_mut().unwrap();
    for (status, response) in responses {
        response.as_object_mut().unwrap().shift_remove("content");
        if status == "200" {
            response["description"] = "The headers of the GET response.".into();
        }
    }
    get
}

fn image_syncs(payload: &Value) -> Value {
    let images = recorded();
    let ids: Vec<_> = images.iter().map(|image| &image["id"]).collect();
    json!({
        "operationId": "imageSyncs",
        "summary": "Returns images that the user of the token may see.",
        "description": "Without `ids[]`, returns all images that the user may see, as a \
            stream. If the host fails while it sends the stream, it aborts the connection. \
            The images are in the order of the host, not of `ids[]`. An id that is unknown, \
            or that the user may not see, is left out. `ids[]=` returns no image. `ids=` with \
            one id returns this image, and `ids=` without an id returns none. A query with \
            another filter by ids, such as `id` or `ids[0]`, or with both `ids` and `ids[]`, is \
            rejected with 400.",
        "tags": ["images"],
        "security": [{ "token": [] }, { "bearer": [] }],
        "parameters": [
            {
                "name": "ids[]",
                "in": "query",
                "description": "The ids of the requested images, at most 1,000.",
                "style": "form",
                "explode": true,
                "schema": {
                    "type": "array",
                    "items": { "type": "string", "format": "uuid" },
                    "maxItems": 1000,
                },
                "example": ids,
            },
            {
                "name": "ids",
                "in": "query",
                "description": "One id, or no id. Not allowed together with `ids[]`.",
                "allowEmptyValue": true,
                "schema": { "type": "string", "format": "uuid" },
            },
        ],
        "responses": {
            "200": {
                "description": "The images.",
                "headers": headers(&["X-token", "Vary", "P3P"]),
                "content": {
                    "application/json": {
                        "schema": payload,
                        "examples": {
                            "recorded": { "summary": "The recorded response", "value": images },
                        },
                    },
                },
            },
            "400": response("BadRequest"),
            "401": response("Unauthorized"),
            "406": response("NotAcceptable"),
            "500": response("InternalServerError"),
            "503": response("ServiceUnavailable"),
        },
    })
}

fn native_upload() -> Value {
    json!({
        "operationId": "nativeUpload",
        "summary": "Returns a signed form with which an app uploads one file.",
        "description": "The app sends the `params` and the `file` as `multipart/form-data` \
            to the `url`.",
        "tags": ["uploads"],
        "security": [{ "token": [] }, { "bearer": [] }],
        "parameters": [{
            "name": "album_id",
            "in": "query",
            "description": "The album of the image. The default is the only album that the \
                user may see.",
            "schema": { "type": "string" },
            "example": "00100000123BB175",
        }],
        "responses": {
            "200": {
                "description": "The form.",
                "headers": headers(&["X-token", "Vary", "P3P"]),
                "content": {
                    "application/json": {
                        "schema": { "$ref": "#/components/schemas/UploadForm" },
                    },
                },
            },
            "400": text(
                "The query is invalid, or `album_id` is required. The text names the reason.",
                "`album_id` is required: the user may see several albums",
            ),
            "401": response("Unauthorized"),
            "403": text(
                "The user may not see the album, or the user may see no album.",
                "`album_id` is not an album that the user may see",
            ),
            "406": response("NotAcceptable"),
            "500": response("InternalServerError"),
            "501": text(
                "The host has no API key or does not know its own URL.",
                "uploads are not configured: `--public-url` is not set",
            ),
            "503": response("ServiceUnavailable"),
        },
    })
}

fn webhook() -> Value {
    let notification: Value = serde_json::from_str(NOTIFICATION).unwrap();
    let header = |name: &str, description: &str, schema: Value| {
        json!({
            "name": name,
            "in": "header",
            "required": true,
            "description": description,
            "schema": schema,
        })
    };
    json!({
        "operationId": "cloudinaryWebhook",
        "summary": "Receives the report of the storage provider about an uploaded file.",
        "description": "The `notification_url` of an upload form contains the path and the \
            token. A repeated or older webhook changes nothing.",
        "tags": ["uploads"],
        "security": [{ "uploadToken": [] }],
        "parameters": [
            header(
                "X-Cld-Timestamp",
                "The time of the webhook in Unix seconds, within the last two hours.",
                json!({ "type": "string", "pattern": "^[0-9]{1,19}$" }),
            ),
            header(
                "X-Cld-Signature",
                "The hexadecimal SHA-1 or SHA-256 digest of the body, the timestamp and the \
                    API secret, one after the other.",
                json!({ "type": "string", "pattern": "^([0-9a-f]{40}|[0-9a-f]{64})$" }),
            ),
        ],
        "requestBody": {
            "required": true,
            "content": {
                "application/json": {
                    "schema": { "$ref": "#/components/schemas/Notification" },
                    "example": notification,
                },
            },
        },
        "responses": {
            "200": {
                "description": "The webhook is not about an upload. Nothing changes. No body.",
                "headers": headers(&[]),
            },
            "201": {
                "description": "The file is an image of the host. No body.",
                "headers": headers(&[]),
            },
            "400": text(
                "The body was not received, or the Host header is invalid.",
                "the Host header is missing",
            ),
            "401": response("Unauthorized"),
            "403": text(
                "The image of the file is in another album than that of the upload token.",
                "the image of the file is in another album than that of the upload token",
            ),
            "406": response("NotAcceptable"),
            "408": text(
                "The body was not received within 10 seconds.",
                "the body was not received within 10 seconds",
            ),
            "413": text("The body is longer than 256 KiB.", "the body is longer than 262144 bytes"),
            "422": text(
                "The body is signed, but it is not a JSON object, or it has an invalid value. \
                    The text names the key.",
                "the body has an invalid value: invalid `version`",
            ),
            "500": response("InternalServerError"),
            "503": response("ServiceUnavailable"),
        },
    })
}

fn redirect(operation: Value) -> Value {
    let Value::Object(mut operation) = operation else {
        panic!("an operation is an object");
    };
    let responses = json!({
        "302": response("Redirect"),
        "400": response("InvalidUrl"),
        "404": response("NotFound"),
        "500": response("InternalServerError"),
        "503": response("ServiceUnavailable"),
    });
    operation.insert("responses".to_owned(), responses);
    Value::Object(operation)
}

fn thumbnail() -> Value {
    redirect(json!({
        "operationId": "thumbnail",
        "summary": "Redirects the proxy to the delivery URL of a thumbnail.",
        "tags": ["images"],
        "parameters": [
            {
                "name": "id",
                "in": "path",
                "required": true,
                "description": "The id of the image.",
                "schema": { "type": "string", "format": "uuid" },
            },
            {
                "name": "name",
                "in": "path",
                "required": true,
                "description": "The name of the thumbnail.",
                "schema": { "enum": ["mini", "thumbnail", "full", "original"] },
            },
            {
                "name": "signature",
                "in": "path",
                "required": true,
                "description": "The signature of the path.",
                "schema": { "type": "string", "pattern": "^[0-9a-f]{11,64}$" },
            },
        ],
    }))
}

fn proxy() -> Value {
    let parameter = |name: &str, place: &str, description: &str, schema: Value| {
        json!({
            "name": name,
            "in": place,
            "required": true,
            "description": description,
            "schema": schema,
        })
    };
    let mut url = parameter(
        "url",
        "query",
        "Host and path of the thumbnail at this host, exactly as in the payload. Do not \
            percent-encode the value.",
        json!({ "type": "string" }),
    );
    url["allowReserved"] = true.into();
    redirect(json!({
        "operationId": "proxyUrl",
        "summary": "Redirects a proxy URL to the delivery URL of its thumbnail.",
        "description": "The payload contains proxy URLs in `external_urls`. The signature \
            covers the order and the encoding of the parameters: request a proxy URL exactly \
            as in the payload.",
        "tags": ["images"],
        "parameters": [
            parameter(
                "file",
                "path",
                "The file name and the format of the image.",
                json!({ "type": "string", "pattern": "^[a-z0-9_-]+\\.[A-Za-z0-9]+$" }),
            ),
            parameter(
                "s",
                "query",
                "The signature of the URL.",
                json!({ "type": "string", "pattern": "^[0-9a-f]{7,64}$" }),
            ),
            url,
        ],
    }))
}

fn health() -> Value {
    json!({
        "operationId": "health",
        "summary": "Returns whether the database is available.",
        "tags": ["host"],
        "responses": {
            "200": {
                "description": "The database is available.",
                "headers": headers(&[]),
                "content": {
                    "text/plain": { "schema": { "type": "string", "const": "ok" } },
                },
            },
            "400": response("InvalidHost"),
            "406": response("NotAcceptable"),
            "500": response("InternalServerError"),
            "503": response("ServiceUnavailable"),
        },
    })
}

fn openapi() -> Value {
    json!({
        "operationId": "openapi",
        "summary": "Returns this document.",
        "tags": ["host"],
        "responses": {
            "200": {
                "description": "The document.",
                "headers": headers(&[]),
                "content": { "application/json": { "schema": { "type": "object" } } },
            },
            "400": response("InvalidHost"),
            "406": response("NotAcceptable"),
        },
    })
}
