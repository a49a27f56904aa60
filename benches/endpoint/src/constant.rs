//! Responses of axum with constant bytes.

use anyhow::Result;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::{Payload, Payloads};

/// The size of the pieces of a streamed response, as in image-host.
const CHUNK: usize = 32 * 1024;

/// The responses with the recorded headers.
#[derive(Clone, Debug)]
pub struct ConstantResponses {
    headers: HeaderMap,
    payloads: Payloads,
}

impl ConstantResponses {
    /// Prepares the responses.
    ///
    /// # Errors
    ///
    /// - A header is invalid.
    pub fn new(payloads: Payloads) -> Result<Self> {
        let mut headers = HeaderMap::new();
        for (name, value) in payloads.headers() {
            let name = HeaderName::from_bytes(name.as_bytes())?;
            headers.append(name, HeaderValue::from_str(value)?);
        }
        Ok(Self { headers, payloads })
    }

    /// Returns the payload that the query of a request selects.
    #[must_use]
    pub fn payload(&self, query: Option<&str>) -> Option<&Payload> {
        self.payloads.for_query(query)
    }

    /// Returns the response to a request with a query. As in image-host, all images are
    /// streamed in pieces, and listed images have a `content-length`.
    #[must_use]
    pub fn respond(&self, query: Option<&str>) -> Response {
        let Some(Payload { bytes, .. }) = self.payload(query) else {
            return error(StatusCode::NOT_FOUND);
        };
        self.with_body(match query {
            Some(_) => Body::from(bytes.clone()),
            None => in_pieces(bytes.clone()),
        })
    }

    /// Returns a response with the recorded headers and a body.
    #[must_use]
    pub fn with_body(&self, body: Body) -> Response {
        let mut response = Response::new(body);
        response.headers_mut().clone_from(&self.headers);
        response
    }
}

fn in_pieces(bytes: Bytes) -> Body {
    Body::from_stream(stream::unfold(bytes, async |mut rest| {
        let piece = rest.split_to(rest.len().min(CHUNK));
        (!piece.is_empty()).then_some((Ok::<_, std::convert::Infallible>(piece), rest))
    }))
}

/// Returns an empty response with a status.
pub(crate) fn error(status: StatusCode) -> Response {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}
