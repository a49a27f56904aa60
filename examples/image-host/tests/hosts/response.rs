//! Complete responses, and the client that receives them.

use std::io::Read;
use std::time::Duration;

use regex::Regex;

/// A complete response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut found = self.headers.iter().filter(|(known, _)| known == name);
        let (_, value) = found
            .next()
            .unwrap_or_else(|| panic!("missing header {name}: {self:?}"));
        assert!(found.next().is_none(), "{name} is repeated");
        value
    }

    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }
}

/// Returns a client that follows no redirects.
pub(crate) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_mins(1)))
        .max_response_header_size(1024 * 1024)
        .build()
        .into()
}

/// Reads a complete response.
pub(crate) fn read(mut response: http::Response<ureq::Body>) -> Result<Response, ureq::Error> {
    let headers = response.headers().iter();
    let headers = headers
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    let mut body = Vec::new();
    response.body_mut().as_reader().read_to_end(&mut body)?;
    Ok(Response {
        status: response.status().as_u16(),
        headers,
        body,
    })
}

/// Returns the text with each signature replaced by `***`.
pub(crate) fn masked(text: &str) -> String {
    [
        (r"/s--[A-Za-z0-9_-]{8}--/", "/s--***--/"),
        (r"\?s=[0-9a-f]{7}\b", "?s=***"),
        (r"-[0-9a-f]{11}\.jpg", "-***.jpg"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (signature, mask)| {
        let signature = Regex::new(signature).unwrap();
        signature.replace_all(&text, mask).into_owned()
    })
}
