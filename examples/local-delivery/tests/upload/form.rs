//! Signed forms, as `ApiSigner::upload_form` creates them.

use std::time::SystemTime;

use http::Method;
use url_signer::cloudinary::api::UploadFormBuilder;
use url_signer::cloudinary::{Cloud, DeliveryType};

use crate::server::{Response, Server};

const BOUNDARY: &str = "----boundary7MA4YWxkTrZu0gW";

/// The fields of a form.
pub(crate) type Fields = Vec<(String, String)>;

pub(crate) fn now() -> i64 {
    let elapsed = SystemTime::UNIX_EPOCH.elapsed().unwrap();
    i64::try_from(elapsed.as_secs()).unwrap()
}

/// Signs the form of the recorded service.
pub(crate) fn recorded(server: &Server, notification_url: Option<&str>) -> Fields {
    sign(server.delivery.cloud(), now(), |form| {
        let form = form.colors().faces().image_metadata().phash();
        let form = form.delivery_type(DeliveryType::Authenticated);
        let form = form.tags(["00100000123BB175"]).unwrap();
        match notification_url {
            Some(url) => form.notification_url(url),
            None => form,
        }
    })
}

/// Signs a form.
pub(crate) fn sign(
    cloud: &Cloud,
    now: i64,
    build: impl FnOnce(UploadFormBuilder<'_>) -> UploadFormBuilder<'_>,
) -> Fields {
    let form = build(cloud.api().unwrap().upload_form(now)).sign();
    let pairs = form.parameters().pairs();
    pairs
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// Formats a multipart body.
pub(crate) fn multipart(fields: &Fields, file: Option<(Option<&str>, &[u8])>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        body.extend(part.as_bytes());
    }
    if let Some((name, bytes)) = file {
        let name = name.map_or(String::new(), |name| format!("; filename=\"{name}\""));
        let head =
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"{name}\r\n\r\n");
        body.extend(head.as_bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

/// Sends a form with a file.
pub(crate) fn upload(server: &Server, fields: &Fields, name: &str, bytes: &[u8]) -> Response {
    let body = multipart(fields, Some((Some(name), bytes)));
    post(server, "/v1_1/demo/image/upload", &body, &[])
}

/// Sends a multipart body.
pub(crate) fn post(server: &Server, path: &str, body: &[u8], headers: &[(&str, &str)]) -> Response {
    let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
    let mut headers = headers.to_vec();
    headers.push(("content-type", &content_type));
    server.send_body(&Method::POST, &server.url(path), &headers, body)
}
