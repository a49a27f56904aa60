//! The fields and the file of an upload form.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use http::{StatusCode, header};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use url::form_urlencoded;

use crate::response::Problem;

/// The maximum number of fields.
const MAX_FIELDS: usize = 100;

/// The maximum number of bytes in the name or the text of a field.
const MAX_FIELD_BYTES: usize = 64 * 1024;

/// The time for which a client may send no bytes.
const IDLE_TIMEOUT: Duration = Duration::from_secs(10);

/// The number of bytes of a file that is too large that are read and discarded. A client that
/// is still sending would otherwise not receive the response.
const DISCARDED_BYTES: usize = 128 * 1024 * 1024;

/// A form that was received.
#[derive(Debug)]
pub(super) struct Form {
    /// The names and values, without the file. Of fields with the same name, the last one;
    /// the values of `name[]` are joined with `,` under `name`, as in a signature.
    pub(super) fields: Vec<(String, String)>,
    pub(super) file: Option<FormFile>,
    /// Released when the form is dropped.
    memory: Memory,
}

/// The field `file` of a form.
#[derive(Debug)]
pub(super) struct FormFile {
    /// The name of the file, if the form has one.
    pub(super) name: Option<String>,
    pub(super) content: Content,
}

/// The content of the field `file`.
#[derive(Debug)]
pub(super) enum Content {
    Bytes(Vec<u8>),
    /// A data URI, or the URL of a file.
    Text(String),
}

impl Form {
    /// Receives a form with a file of at most `limit` bytes.
    pub(super) async fn receive(
        request: Request,
        limit: usize,
        memory: &Arc<Semaphore>,
    ) -> Result<Self, Problem> {
        let content_type = request.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        let media_type = content_type.and_then(|value| value.split(';').next());
        let media_type = media_type.unwrap_or_default().trim().to_ascii_lowercase();
        let receiver = Receiver {
            limit,
            received: 0,
            form: Self {
                fields: Vec::new(),
                file: None,
                memory: Memory::new(memory),
            },
        };
        match &*media_type {
            "multipart/form-data" => receiver.multipart(request).await,
            "application/x-www-form-urlencoded" => receiver.urlencoded(request.into_body()).await,
            _ => Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "Send multipart/form-data or application/x-www-form-urlencoded",
            )),
        }
    }

    /// Returns the value of a field, if it is not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter();
        let (_, value) = fields.find(|(known, _)| known == name)?;
        (!value.is_empty()).then_some(value)
    }
}

/// A form that is being received.
struct Receiver {
    limit: usize,
    /// The number of fields.
    received: usize,
    form: Form,
}

impl Receiver {
    async fn multipart(mut self, mut request: Request) -> Result<Form, Problem> {
        // The fields have their own limits.
        DefaultBodyLimit::disable().apply(&mut request);
        let multipart = Multipart::from_request(request, &()).await;
        let mut multipart = multipart.map_err(|_| invalid_multipart())?;
        while let Some(field) = in_time(multipart.next_field()).await?? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                self.form.file = Some(self.file(field).await?);
            } else {
                let bytes = self.bytes(field, MAX_FIELD_BYTES).await?;
                let bytes = bytes.ok_or_else(|| too_long(&name))?;
                let value = String::from_utf8(bytes)
                    .map_err(|_| Problem::bad_request(format!("{name} is not UTF-8")))?;
                self.push(name, value)?;
            }
        }
        Ok(self.form)
    }

    async fn file(&mut self, field: Field<'_>) -> Result<FormFile, Problem> {
        let name = field.file_name().map(ToOwned::to_owned);
        let limit = match name {
            Some(_) => self.limit,
            None => data_uri_limit(self.limit),
        };
        let bytes = self.bytes(field, limit).await?;
        let bytes = bytes.ok_or_else(|| too_large(self.limit))?;
        let is_text = name.is_none()
            && ["data:", "http:", "https:"]
                .iter()
                .any(|scheme| bytes.starts_with(scheme.as_bytes()));
        let content = if is_text {
            let text = String::from_utf8(bytes);
            Content::Text(text.map_err(|_| Problem::bad_request("file is not UTF-8"))?)
        } else {
            Content::Bytes(bytes)
        };
        Ok(FormFile { name, content })
    }

    /// Receives a field. Returns `None` if it is too long.
    async fn bytes(
        &mut self,
        mut field: Field<'_>,
        limit: usize,
    ) -> Result<Option<Vec<u8>>, Problem> {
        let mut received = Received::new(limit);
        while let Some(chunk) = in_time(field.chunk()).await?? {
            if !received.add(&chunk, &mut self.form.memory)? {
                break;
            }
        }
        Ok(received.finish())
    }

    async fn urlencoded(mut self, mut body: Body) -> Result<Form, Problem> {
        // Base64 and percent-encoding.
        let limit = data_uri_limit(self.limit) + data_uri_limit(self.limit) / 8 + MAX_FIELD_BYTES;
        let mut received = Received::new(limit);
        while let Some(chunk) = in_time(next_chunk(&mut body)).await? {
            let chunk = chunk.map_err(|_| Problem::bad_request("The body was not received"))?;
            if !received.add(&chunk, &mut self.form.memory)? {
                break;
            }
        }
        let bytes = received.finish().ok_or_else(|| too_large(self.limit))?;
        for (name, value) in form_urlencoded::parse(&bytes) {
            if name == "file" {
                self.form.memory.add(value.len())?;
                self.form.file = Some(FormFile {
                    name: None,
                    content: Content::Text(value.into_owned()),
                });
            } else {
                self.push(name.into_owned(), value.into_owned())?;
            }
        }
        Ok(self.form)
    }

    fn push(&mut self, name: String, value: String) -> Result<(), Problem> {
        self.received += 1;
        if self.received > MAX_FIELDS {
            let reason = format!("The form has more than {MAX_FIELDS} fields");
            return Err(Problem::bad_request(reason));
        }
        if name.len().max(value.len()) > MAX_FIELD_BYTES {
            return Err(too_long(&name));
        }
        let (name, is_list) = match name.strip_suffix("[]") {
            Some(name) => (name.to_owned(), true),
            None => (name, false),
        };
        let fields = &mut self.form.fields;
        match fields.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) if is_list => *values = format!("{values},{value}"),
            Some((_, known)) => *known = value,
            None => fields.push((name, value)),
        }
        Ok(())
    }
}

/// The bytes of a field or a body that are received, within a limit.
#[derive(Debug)]
struct Received {
    bytes: Vec<u8>,
    /// The number of bytes, with the discarded ones.
    length: usize,
    limit: usize,
}

impl Received {
    const fn new(limit: usize) -> Self {
        Self {
            bytes: Vec::new(),
            length: 0,
            limit,
        }
    }

    /// Adds bytes, and discards them if the limit is exceeded. Returns false if no more bytes
    /// are to be read.
    fn add(&mut self, chunk: &[u8], memory: &mut Memory) -> Result<bool, Problem> {
        self.length = self.length.saturating_add(chunk.len());
        if self.length <= self.limit {
            memory.add(chunk.len())?;
            self.bytes.extend_from_slice(chunk);
        }
        Ok(self.length <= self.limit.max(DISCARDED_BYTES))
    }

    /// Returns the bytes, or `None` if the limit is exceeded.
    fn finish(self) -> Option<Vec<u8>> {
        (self.length <= self.limit).then_some(self.bytes)
    }
}

/// Memory that is reserved while bytes arrive, so that a slow client reserves little.
#[derive(Debug)]
struct Memory {
    semaphore: Arc<Semaphore>,
    permits: Vec<OwnedSemaphorePermit>,
    bytes: usize,
    kib: usize,
}

impl Memory {
    fn new(semaphore: &Arc<Semaphore>) -> Self {
        Self {
            semaphore: Arc::clone(semaphore),
            permits: Vec::new(),
            bytes: 0,
            kib: 0,
        }
    }

    /// Reserves memory for more bytes, or fails if other uploads use all of it.
    fn add(&mut self, bytes: usize) -> Result<(), Problem> {
        self.bytes += bytes;
        let missing = self.bytes.div_ceil(1_024).saturating_sub(self.kib);
        let missing_permits = u32::try_from(missing).unwrap_or(u32::MAX);
        let permit = Arc::clone(&self.semaphore).try_acquire_many_owned(missing_permits);
        let permit = permit.map_err(|_| Problem::busy())?;
        self.kib += missing;
        match self.permits.last_mut() {
            Some(permits) => permits.merge(permit),
            None => self.permits.push(permit),
        }
        Ok(())
    }
}

/// Returns the maximum length of a data URI of a file.
const fn data_uri_limit(file: usize) -> usize {
    file.div_ceil(3) * 4 + 1_024
}

pub(super) fn too_large(limit: usize) -> Problem {
    Problem::bad_request(format!("File size too large. Maximum is {limit}."))
}

fn too_long(name: &str) -> Problem {
    Problem::bad_request(format!(
        "{} is longer than {MAX_FIELD_BYTES} bytes",
        name.chars().take(50).collect::<String>()
    ))
}

fn invalid_multipart() -> Problem {
    Problem::bad_request("Invalid multipart/form-data")
}

impl From<MultipartError> for Problem {
    fn from(_: MultipartError) -> Self {
        invalid_multipart()
    }
}

/// Waits for a client for a limited time.
async fn in_time<T>(received: impl Future<Output = T>) -> Result<T, Problem> {
    timeout(IDLE_TIMEOUT, received).await.map_err(|_| {
        let seconds = IDLE_TIMEOUT.as_secs();
        let reason = format!("No bytes were received for {seconds} seconds");
        Problem::new(StatusCode::REQUEST_TIMEOUT, reason)
    })
}

/// Returns the next bytes of a body.
async fn next_chunk(body: &mut Body) -> Option<Result<Bytes, axum::Error>> {
    loop {
        let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await?;
        match frame.map(hyper::body::Frame::into_data) {
            Ok(Ok(bytes)) => return Some(Ok(bytes)),
            // Trailers.
            Ok(Err(_)) => {}
            Err(error) => return Some(Err(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory() -> Memory {
        Memory::new(&Arc::new(Semaphore::new(1)))
    }

    #[test]
    fn bytes_over_the_limit_are_discarded() {
        let mut received = Received::new(4);
        let mut memory = memory();
        assert!(received.add(b"abc", &mut memory).unwrap());
        assert!(received.add(b"de", &mut memory).unwrap());
        assert_eq!(received.bytes, b"abc");
        received.length = DISCARDED_BYTES;
        assert!(!received.add(b"f", &mut memory).unwrap());
        assert_eq!(received.finish(), None);
    }

    #[test]
    fn limits_may_exceed_the_discarded_bytes() {
        let mut received = Received {
            bytes: Vec::new(),
            length: DISCARDED_BYTES,
            limit: DISCARDED_BYTES + 4,
        };
        let mut memory = memory();
        assert!(received.add(b"abcd", &mut memory).unwrap());
        assert_eq!(received.bytes, b"abcd");
        assert!(!received.add(b"e", &mut memory).unwrap());
        assert_eq!(received.finish(), None);
    }
}
