//! The parts of a host that are its own: the tokens, the database and the log. Here,
//! the images are in memory.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{Stream, stream};
use image_model::{Image, Unsigned, Urls};
use sync_payload::response::{Response, ResponseMeta};
use sync_payload::{ImageSigner, parse_original_url};
use url_signer::cloudinary::Asset;
use uuid::Uuid;

/// The path of the endpoint.
pub const PATH: &str = "/api/v1/image_syncs";

/// An image and its stored file, which is `None` while the upload is pending.
pub type Record = Arc<(Image<Unsigned>, Option<Asset>)>;

/// The state that all requests share.
#[derive(Clone)]
pub struct App {
    pub signer: Arc<ImageSigner>,
    /// The only valid token. A real host verifies JSON Web Tokens.
    token: Arc<str>,
    /// The rows of the database, some of which cannot be read.
    rows: Arc<[Option<Record>]>,
}

/// An error creating an [`App`].
pub type AppError = Box<dyn std::error::Error>;

impl App {
    /// Creates a host with the images of a payload.
    ///
    /// # Errors
    ///
    /// - The payload cannot be decoded, or `parse_original_url` cannot parse the
    ///   `original_url` of an image.
    pub fn new(signer: ImageSigner, token: &str, payload: &str) -> Result<Self, AppError> {
        let mut rows = Vec::new();
        for image in image_model::from_str::<String>(payload)? {
            let asset = parse_original_url(&image.original_url)?;
            rows.push(Some(Arc::new((image.with_urls(Urls::default()), asset))));
        }
        Ok(Self {
            signer: Arc::new(signer),
            token: token.into(),
            rows: rows.into(),
        })
    }

    /// Repeats the rows and appends one that cannot be read.
    #[must_use]
    pub fn with_unreadable_row_after(self, repetitions: usize) -> Self {
        let rows = self.rows.iter().cycle().take(repetitions * self.rows.len());
        let rows = rows.cloned().chain([None]).collect();
        Self { rows, ..self }
    }

    /// Returns the user of a token.
    ///
    /// # Errors
    ///
    /// - The token is not valid.
    pub fn user(&self, token: &str) -> Result<Uuid, Response> {
        if token == &*self.token {
            Ok(Uuid::nil())
        } else {
            Err(Response::unauthorized(meta()))
        }
    }

    /// Returns the records that a user may see. With `ids`, returns only the records with
    /// these ids.
    pub fn records(
        &self,
        _user: Uuid,
        ids: Option<Vec<Uuid>>,
    ) -> impl Stream<Item = io::Result<Record>> + Send + use<> {
        let rows = Arc::clone(&self.rows);
        let read = move |index| {
            let record: Option<&Record> = Option::as_ref(&rows[index]);
            let Some(record) = record else {
                return Some(Err(io::Error::other("the row is not an image")));
            };
            let requested = ids.as_ref().is_none_or(|ids| ids.contains(&record.0.id));
            requested.then(|| Ok(Arc::clone(record)))
        };
        stream::iter((0..self.rows.len()).filter_map(read))
    }
}

/// Returns the values of `X-Request-Id` and `X-Runtime`. A real host passes the time
/// since it received the request.
pub fn meta() -> ResponseMeta {
    ResponseMeta::new(Uuid::new_v4(), Duration::ZERO)
}

/// Logs why a response is aborted.
pub fn log(error: &io::Error) {
    eprintln!("response aborted: {error}");
}

/// Returns the response while the database is not available.
#[expect(clippy::needless_pass_by_value, reason = "the argument of `map_err`")]
pub fn unavailable(error: io::Error) -> Response {
    eprintln!("database not available: {error}");
    Response::unavailable(meta(), Duration::from_secs(1))
}
