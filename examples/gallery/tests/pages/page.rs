//! Requests for pages, and the HTML of the responses.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use gallery::Entry;
use tower::ServiceExt;

use crate::memory::{Memory, PAGES, gallery};

pub(crate) struct Response {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// Returns the values of an attribute.
    pub(crate) fn attributes(&self, name: &str) -> Vec<String> {
        let start = format!(" {name}=\"");
        let values = self.body.split(&start).skip(1);
        values
            .map(|value| unescaped(value.split('"').next().unwrap()))
            .collect()
    }

    /// Returns the tags with a name, each from `<` to `>`.
    pub(crate) fn tags(&self, name: &str) -> Vec<&str> {
        let start = format!("<{name}");
        let found = self.body.split(&start).skip(1);
        found
            .filter(|rest| rest.starts_with([' ', '>']))
            .map(|rest| rest.split('>').next().unwrap())
            .collect()
    }
}

pub(crate) fn unescaped(html: &str) -> String {
    let text = html
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
    text.replace("&amp;", "&")
}

pub(crate) async fn get_with(images: Memory, target: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = Request::get(target);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    let response = gallery(images).router().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    Response {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

pub(crate) async fn get(images: Memory, target: &str) -> Response {
    get_with(images, target, &[("host", PAGES)]).await
}

pub(crate) async fn detail(entry: Entry) -> Response {
    let target = format!("/gallery/images/{}", entry.image.id);
    get(Memory::of(entry), &target).await
}
