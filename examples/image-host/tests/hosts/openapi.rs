//! The `OpenAPI` document that the host serves. All responses that the tests receive
//! are compared with it.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use crate::database::Database;
use crate::host::{Host, IDS, Response, STRANGER, query};
use crate::response::{agent, read};

tests! {
    sqlite: the_document_is_served,
    sqlite: responses_of_all_paths_are_documented,
    sqlite: payloads_of_the_host_match_the_schema,
    sqlite: uploads_match_the_schema,
}

const DOCUMENT: &str = include_str!("../../openapi.json");

static OPENAPI: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(DOCUMENT).unwrap());

/// The paths of the document as patterns, the more specific ones first.
static PATHS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let parameter = Regex::new(r"\\\{[a-z]+\\\}").unwrap();
    let paths = OPENAPI["paths"].as_object().unwrap().keys();
    let mut paths: Vec<_> = paths
        .map(|path| {
            let escaped = regex::escape(path);
            let pattern = parameter.replace_all(&escaped, "[^/]+");
            (Regex::new(&format!("^{pattern}$")).unwrap(), path.as_str())
        })
        .collect();
    paths.sort_by_key(|(_, path)| path.contains('{'));
    paths
});

/// Follows a reference.
fn resolve(value: &'static Value) -> &'static Value {
    match value.get("$ref") {
        Some(Value::String(reference)) => {
            let pointer = reference.strip_prefix('#').unwrap();
            OPENAPI.pointer(pointer).unwrap()
        }
        _ => value,
    }
}

/// Checks the status, the headers, and the media type of a response.
pub(crate) fn assert_documented(method: &str, target: &str, response: &Response) {
    let path = target.split(['?', '#']).next().unwrap();
    let status = response.status.to_string();
    let Some((_, path)) = PATHS.iter().find(|(pattern, _)| pattern.is_match(path)) else {
        // The `info` of the document names the status of other paths. The path of a
        // thumbnail with another file name has an invalid signature.
        let expected: &[u16] = if path.starts_with("/images/") {
            &[400, 404]
        } else {
            &[404]
        };
        assert!(expected.contains(&response.status), "{path}: {response:?}");
        return;
    };
    let operations = &OPENAPI["paths"][path];
    let method = method.to_ascii_lowercase();
    let Some(operation) = operations.get(&method) else {
        assert_eq!(response.status, 405, "{method} {path}");
        return;
    };
    let documented = operation["responses"].get(&status);
    let documented = documented.unwrap_or_else(|| panic!("{method} {path}: {response:?}"));
    let documented = resolve(documented);
    let has_header = |name: &str| response.headers.iter().any(|(known, _)| known == name);
    for name in documented["headers"]
        .as_object()
        .into_iter()
        .flat_map(|all| all.keys())
    {
        let known = has_header(&name.to_ascii_lowercase());
        assert!(known, "{method} {path}: no {name} in {response:?}");
    }
    if let Some(content) = documented["content"]
        .as_object()
        .filter(|_| method != "head")
    {
        let media_type = response.header("content-type").split(';').next().unwrap();
        assert!(
            content.contains_key(media_type),
            "{path} {status}: {media_type}"
        );
    }
}

/// Sends a request without a body.
fn send(host: &Host, method: &str, target: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = http::Request::builder().method(method);
    request = request.uri(format!("{}{target}", host.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = read(agent().run(request.body(()).unwrap()).unwrap()).unwrap();
    assert_documented(method, target, &response);
    response
}

fn the_document_is_served() {
    let database = Database::embedded();
    let host = database.host(&[]);
    let response = send(&host, "GET", "/openapi.json", &[]);
    assert_eq!((response.status, response.text()), (200, DOCUMENT));
    let head = send(&host, "HEAD", "/openapi.json", &[]);
    assert_eq!((head.status, head.text()), (200, ""));
    for response in [response, head] {
        let media_type = response.header("content-type");
        assert_eq!(media_type, "application/json; charset=utf-8");
    }
    assert_eq!(send(&host, "POST", "/openapi.json", &[]).status, 405);
}

fn responses_of_all_paths_are_documented() {
    let database = Database::embedded();
    let host = database.host(&[]);
    let token = format!("Token token=\"{}\"", host.token);
    let stranger = database.stdout(&["token", "--user", STRANGER], "");
    let stranger = format!("Bearer {}", stranger.trim_end());
    let images = image_model::from_slice::<String>(&host.images(&query(IDS)).body).unwrap();
    let proxy_url = images[0].external_urls.mini.clone();
    let proxy = proxy_url.strip_prefix("https://sharinpix-proxy-dev.herokuapp.com");
    let (_, thumbnail) = proxy_url.split_once("&url=localhost").unwrap();
    let (long, deep) = ("a".repeat(50_000), "a".repeat(9_000));
    let long = format!("/api/v1/image_syncs?{long}");
    let unacceptable = ("accept-encoding", "identity;q=0, *;q=0");
    let authorized = ("authorization", &*token);
    for (target, headers, status) in [
        ("/api/v1/image_syncs", &[authorized][..], 200),
        ("/api/v1/image_syncs?ids[]=5", &[authorized], 400),
        ("/api/v1/image_syncs", &[], 401),
        ("/api/v1/image_syncs", &[authorized, unacceptable], 406),
        (&long, &[authorized], 414),
        ("/api/v1/image_syncs", &[("authorization", &*deep)], 431),
        ("/api/v1/native_upload", &[authorized], 200),
        ("/api/v1/native_upload?album=a", &[authorized], 400),
        ("/api/v1/native_upload", &[], 401),
        (
            "/api/v1/native_upload",
            &[("authorization", &stranger)],
            403,
        ),
        ("/api/v1/native_upload", &[authorized, unacceptable], 406),
        (thumbnail, &[], 302),
        (thumbnail, &[unacceptable], 302),
        (&thumbnail.replace("mini-", "full-"), &[], 400),
        ("/images/a/thumbnails/mini-0123456789a.jpg", &[], 400),
        (proxy.unwrap(), &[], 302),
        ("/photo.jpg?s=0123456&url=localhost/", &[], 400),
        ("/photo.jpg", &[], 400),
        ("/healthz", &[], 200),
        ("/healthz", &[unacceptable], 406),
        ("/openapi.json", &[unacceptable], 406),
        ("/", &[], 404),
        ("/api/v1/other", &[], 404),
    ] {
        for method in ["GET", "HEAD"] {
            let response = send(&host, method, target, headers);
            assert_eq!(response.status, status, "{method} {target}");
        }
        let path = target.split('?').next().unwrap();
        if status != 404 {
            let response = send(&host, "DELETE", path, &[]);
            assert_eq!(response.status, 405, "{path}");
            assert_eq!(response.header("allow"), "GET,HEAD");
        }
    }
    assert_eq!(send(&host, "GET", "/api/v1/cloudinary", &[]).status, 405);
    assert_eq!(host.post("/api/v1/cloudinary", &[], b"{}").status, 401);
}

/// Returns a validator of the schema at a pointer, which also checks `format`.
fn validator(pointer: &str) -> jsonschema::Validator {
    let mut schema = OPENAPI.clone();
    let root = schema.as_object_mut().unwrap();
    root.insert("$ref".to_owned(), pointer.into());
    let options = jsonschema::options().should_validate_formats(true);
    options.build(&schema).unwrap()
}

const PAYLOAD: &str =
    "#/paths/~1api~1v1~1image_syncs/get/responses/200/content/application~1json/schema";

fn payloads_of_the_host_match_the_schema() {
    let database = Database::embedded();
    let host = database.host(&["--images", "1000"]);
    let payload: Value = serde_json::from_slice(&host.images("").body).unwrap();
    let validator = validator(PAYLOAD);
    if let Err(error) = validator.validate(&payload) {
        panic!("{error} at {}", error.instance_path());
    }
    let images = payload.as_array().unwrap();
    assert!(images.len() >= 1_000);
    // No image is valid without one of its keys, or with a key of another type.
    for (image, key) in images.iter().zip(images[0].as_object().unwrap().keys()) {
        let mut without = image.clone();
        without.as_object_mut().unwrap().shift_remove(key).unwrap();
        assert!(!validator.is_valid(&json!([without])), "{key}");
        let mut other = image.clone();
        other[key] = json!([[true]]);
        assert!(!validator.is_valid(&json!([other])), "{key}");
    }
}

fn uploads_match_the_schema() {
    let database = Database::embedded();
    let host = database.host(&[]);
    let form: Value = serde_json::from_slice(&host.upload_form("", &host.token).body).unwrap();
    let validator = validator("#/components/schemas/UploadForm");
    if let Err(error) = validator.validate(&form) {
        panic!("{error} at {}", error.instance_path());
    }
    for key in ["url", "expires_at", "params"] {
        let mut without = form.clone();
        without.as_object_mut().unwrap().shift_remove(key).unwrap();
        assert!(!validator.is_valid(&without), "{key}");
    }
}
